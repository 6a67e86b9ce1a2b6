"""Air has -1000 HU: a scale that is shifted or stretched shows by it."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from femur_fea.domain import CTVolume, ImageGrid, LabelMask
from femur_fea.errors import HounsfieldRangeError
from femur_risk.quality.air import air_flags, air_number


def on_scale(scan: Any, factor: float = 1.0, shift: float = 0.0, **changes: Any) -> CTVolume:
    return CTVolume(grid=scan.ct.grid, hu=scan.ct.hu * factor + shift, **changes)


def test_air_is_measured_and_that_of_hounsfield_units_has_no_flag(thigh: Callable) -> None:
    scan = thigh(4)
    # a median of some 10 000 voxels in noise of 12 HU
    assert air_number(scan.ct, scan.femur) == pytest.approx(-1000.0, abs=1.0)
    assert air_flags(scan.ct, scan.femur) == ()


@pytest.mark.parametrize(("factor", "shift"), [(1.0, 1024.0), (0.5, 0.0), (1.0, -1000.0)])
def test_a_scale_that_is_no_hounsfield_scale_is_refused(
    thigh: Callable, factor: float, shift: float
) -> None:
    scan = thigh(4)
    with pytest.raises(HounsfieldRangeError, match="air around the body"):
        air_flags(on_scale(scan, factor, shift), scan.femur)


@pytest.mark.parametrize("shift", [100.0, -100.0])
def test_a_scale_that_is_some_way_off_is_flagged(thigh: Callable, shift: float) -> None:
    scan = thigh(4)
    (flag,) = air_flags(on_scale(scan, shift=shift), scan.femur)
    assert (flag.name, flag.severity) == ("air", "caution")
    assert f"{-1000 + shift:.0f} HU" in flag.found


def test_what_was_not_measured_is_not_air(thigh: Callable) -> None:
    scan = thigh(4)
    far = scan.ct.hu < -500
    assert air_number(on_scale(scan, outside=far), scan.femur) is None
    padded = CTVolume(grid=scan.ct.grid, hu=np.where(far, -2000, scan.ct.hu))
    assert air_number(padded, scan.femur) is None
    partly = scan.ct.hu.copy()
    partly[:20] = -2000
    padded = CTVolume(grid=scan.ct.grid, hu=partly)
    assert air_number(padded, scan.femur) == pytest.approx(-1000.0, abs=1.0)


def test_a_scan_cropped_to_the_limb_has_no_air_to_judge(thigh: Callable) -> None:
    scan = thigh(4)
    inner = (slice(45, 105), slice(40, 100))
    hu, bone = scan.ct.hu[inner], scan.femur.inside[inner]
    grid = ImageGrid(shape=hu.shape, affine=scan.ct.grid.affine)
    femur = LabelMask(grid=grid, inside=bone)
    assert air_number(CTVolume(grid=grid, hu=hu + 1024), femur) is None
