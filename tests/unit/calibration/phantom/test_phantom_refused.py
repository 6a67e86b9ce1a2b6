"""Scans without the phantom that is named are refused."""

import dataclasses
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from calibration import PHANTOMS, calibrate_with_phantom
from femur_fea.domain import LabelImage
from femur_fea.errors import CalibrationError
from femur_fea.io import read_ct


def test_a_scan_without_a_phantom_is_refused(scene: Callable, scan_of: Callable) -> None:
    ct, _ = scan_of(scene(rods=()))
    for phantom in PHANTOMS.values():
        with pytest.raises(CalibrationError, match=r"no phantom|are no "):
            calibrate_with_phantom(ct, phantom)


@pytest.mark.realdata
@pytest.mark.parametrize(
    "scan", ["ct-pelvis-3mm/ct.nii.gz", "ct-right-shoulder/right_shoulder_ct.nii.gz"]
)
def test_a_real_scan_without_a_phantom_is_refused(scan: str, shared_data: Path) -> None:
    ct = read_ct(shared_data / scan)
    for phantom in PHANTOMS.values():
        with pytest.raises(CalibrationError, match=r"no phantom|are no "):
            calibrate_with_phantom(ct, phantom)


def test_another_phantom_is_refused_with_what_was_found_and_which_it_is(
    bench: Any, scene: Callable, scan_of: Callable
) -> None:
    ct, _ = scan_of(scene(rods=bench.ct_numbers(PHANTOMS["qrm_bdc_3"])))
    with pytest.raises(CalibrationError, match="a row of 3 cylinders") as caught:
        calibrate_with_phantom(ct, PHANTOMS["mindways_model_3_ct"])
    assert "qrm_bdc_3" in caught.value.remedy


def test_a_record_of_the_same_number_of_rods_but_other_densities_is_refused(
    scene: Callable, scan_of: Callable
) -> None:
    phantom = PHANTOMS["qrm_bdc_3"]
    ct, _ = scan_of(scene(rods=(-80.0, 120.0, 900.0)))
    with pytest.raises(CalibrationError, match=r"-?\d+, \d+, \d+ HU, which are no QRM"):
        calibrate_with_phantom(ct, phantom)


def test_rods_that_lie_in_another_order_than_in_the_record_are_refused(
    bench: Any, scene: Callable, scan_of: Callable
) -> None:
    phantom = PHANTOMS["mindways_model_3_ct"]
    ct, _ = scan_of(scene(rods=bench.ct_numbers(phantom)[[0, 2, 1, 3, 4]], base=90.0))
    with pytest.raises(CalibrationError, match=r"in the order (A, C, B, D, E|E, D, B, C, A)"):
        calibrate_with_phantom(ct, phantom)


def test_regions_with_exchanged_numbers_are_refused(bench: Any) -> None:
    phantom = PHANTOMS["qrm_bdc_6"]
    ct, regions = bench.tiny_scan(
        np.random.default_rng(1), bench.ct_numbers(phantom)[[0, 1, 3, 2, 4, 5]], 20.0
    )
    with pytest.raises(CalibrationError, match="in the region of rod D"):
        calibrate_with_phantom(ct, phantom, regions)


def test_rods_off_the_line_are_refused_with_their_ct_numbers(bench: Any) -> None:
    phantom = PHANTOMS["qrm_bdc_6"]
    ct, regions = bench.tiny_scan(
        np.random.default_rng(1), (0.0, 400.0, 500.0, 560.0, 600.0, 1000.0), 9.0
    )
    with pytest.raises(CalibrationError, match=r"B 400 HU.*R2 0\."):
        calibrate_with_phantom(ct, phantom, regions)


@pytest.mark.parametrize("wrong", [7, -1])
def test_labels_of_no_rod_are_refused(bench: Any, wrong: int) -> None:
    phantom = PHANTOMS["qrm_bdc_6"]
    ct, regions = bench.tiny_scan(np.random.default_rng(1), bench.ct_numbers(phantom), 20.0)
    labels = np.where(regions.labels == 6, wrong, regions.labels)
    with pytest.raises(CalibrationError, match=f"labels .*{wrong}"):
        calibrate_with_phantom(ct, phantom, LabelImage(grid=ct.grid, labels=labels))


def test_a_phantom_seen_in_four_slices_is_refused(
    bench: Any, scene: Callable, scan_of: Callable
) -> None:
    phantom = PHANTOMS["qrm_bdc_3"]
    ct, labels = scan_of(scene(rods=bench.ct_numbers(phantom), length=18.0))
    with pytest.raises(CalibrationError, match=r"4 slice\(s\)"):
        calibrate_with_phantom(ct, phantom, LabelImage(grid=ct.grid, labels=labels))


def test_two_rods_of_a_longer_row_are_no_phantom_of_two(
    bench: Any, scene: Callable, scan_of: Callable
) -> None:
    # two numbers lie on a line of any scanner
    ct, _ = scan_of(scene(rods=bench.ct_numbers(PHANTOMS["qrm_bdc_3"])))
    with pytest.raises(CalibrationError, match="a row of 3 cylinders") as caught:
        calibrate_with_phantom(ct, PHANTOMS["siemens_osteo"])
    assert "qrm_bdc_3" in caught.value.remedy


def test_a_phantom_of_which_two_rods_lie_outside_the_field_is_refused(
    bench: Any, scene: Callable, scan_of: Callable
) -> None:
    phantom = PHANTOMS["mindways_model_3_ct"]
    ct, _ = scan_of(scene(rods=bench.ct_numbers(phantom)[:3], base=90.0))
    with pytest.raises(CalibrationError, match="a row of 3 cylinders") as caught:
        calibrate_with_phantom(ct, phantom)
    assert "all of it lies within the reconstructed field" in caught.value.remedy
    assert "siemens_osteo" not in caught.value.remedy


@pytest.mark.parametrize("named", ["qrm_bdc_3", "qrm_bdc_6"])
def test_a_phantom_that_passes_for_another_is_told_with_its_name(
    bench: Any, scene: Callable, scan_of: Callable, named: str
) -> None:
    # rods of phosphate lie on a line over the densities of apatite too, 1.8 times too steep
    ct, _ = scan_of(scene(rods=bench.ct_numbers(PHANTOMS["mindways_model_3_ct"]), base=90.0))
    found = calibrate_with_phantom(ct, PHANTOMS[named])
    (flag,) = [flag for flag in found.flags if flag.name == "another phantom"]
    assert "'mindways_model_3_ct'" in flag.found
    assert flag.severity == "severe"


@pytest.mark.parametrize("slope", [0.74e-3, 0.79e-3])  # at 120 and 140 kV
def test_rods_of_apatite_that_pass_for_phosphate_with_a_usual_slope_are_told(
    bench: Any, scene: Callable, scan_of: Callable, slope: float
) -> None:
    rods = bench.ct_numbers(PHANTOMS["qrm_bdc_6"], slope=slope, intercept=0.0)
    ct, _ = scan_of(scene(rods=rods, base=90.0))
    found = calibrate_with_phantom(ct, PHANTOMS["mindways_model_3_ct"])
    # half the density, and errors that are widened for the misfit
    assert found.curve.slope < 0.7 * slope
    (flag,) = [flag for flag in found.flags if flag.name == "another phantom"]
    assert "'qrm_bdc_6'" in flag.found
    assert flag.severity == "severe"


def test_a_phantom_that_is_rightly_named_is_not_told_to_be_another(
    bench: Any, scene: Callable, scan_of: Callable
) -> None:
    phantom = PHANTOMS["qrm_bdc_3"]
    ct, _ = scan_of(scene(rods=bench.ct_numbers(phantom)))
    # a tube of an unusual slope, whatever the phantom
    ct = dataclasses.replace(ct, hu=0.5 * ct.hu)
    names = {flag.name for flag in calibrate_with_phantom(ct, phantom).flags}
    assert "slope" in names
    assert "another phantom" not in names
