"""The line from the attenuation of the tissues of a scan."""

from typing import Any

import numpy as np
import pytest

from calibration import EFFECTIVE_ENERGIES, contrast
from calibration.air_fat_muscle import air_fat_muscle
from calibration.multi_tissue import labelled_tissues, multi_tissue, thick_cortex, tissues_of_scan
from calibration.peaks import TissueSample
from femur_fea.domain import NORMAL_95, Acquisition, CTVolume, ImageGrid, LabelImage, LabelMask
from femur_fea.errors import GridMismatchError


def test_thick_cortex_has_the_ct_number_of_bone_and_not_that_of_its_blurred_edge(limb: Any) -> None:
    numbers = limb.shown(70.0).numbers
    ct = limb.scan(numbers, np.random.default_rng(5))
    *_, cortex = tissues_of_scan(ct, limb.bone)
    assert cortex.tissue == "cortical bone"
    # 1 HU of rounding and the error of the median of 1000 voxels with 15 HU of noise
    assert cortex.hu == pytest.approx(numbers["cortical bone"], abs=2.0)


def test_thin_cortex_is_left_out_and_the_tube_voltage_tells_the_energy(limb: Any) -> None:
    numbers = limb.shown(70.0).numbers
    ct = limb.scan({**numbers, "cortical bone": 600.0}, np.random.default_rng(6))
    found = multi_tissue(ct, "CaHA", tissues_of_scan(ct, limb.bone))
    prior = EFFECTIVE_ENERGIES[120.0]
    assert "no thick cortex" in limb.flags(found)
    energy, energy_se = limb.energy(found)
    assert energy == pytest.approx(prior.mean, abs=1.0)  # the step of the search
    assert energy_se > 0.9 * prior.deviation


def test_metal_is_no_cortex(limb: Any) -> None:
    numbers = limb.shown(70.0).numbers
    ct = limb.scan({**numbers, "cortical bone": 3000.0}, np.random.default_rng(6))
    assert not thick_cortex(ct, limb.bone).any()


def test_an_unknown_tube_voltage_leaves_the_energy_to_the_tissues_and_is_flagged(limb: Any) -> None:
    numbers = limb.shown(70.0).numbers
    rng = np.random.default_rng(13)
    ct = limb.scan(numbers, rng, tube_voltage_kV=None)
    samples = tissues_of_scan(ct, limb.bone)
    unknown = multi_tissue(ct, "CaHA", samples)
    known = CTVolume(grid=limb.grid, hu=ct.hu, acquisition=Acquisition(tube_voltage_kV=120.0))
    assert "tube voltage" in limb.flags(unknown)
    assert "tube voltage" not in limb.flags(multi_tissue(known, "CaHA", samples))
    assert limb.energy(unknown)[1] > limb.energy(multi_tissue(known, "CaHA", samples))[1]


@pytest.mark.parametrize("hu", [900.0, 2100.0])
def test_a_lesion_as_hard_as_a_cortex_is_no_cortex_where_its_mask_is_given(
    limb: Any, hu: float
) -> None:
    shown, rng = limb.shown(70.0), np.random.default_rng(20)
    ct = limb.scan(shown.numbers, rng)
    sick = limb.bone.inside & (np.indices(limb.grid.shape)[2] < 24)
    planted = np.where(sick, hu + 15.0 * rng.standard_normal(limb.grid.shape), ct.hu)
    scan = CTVolume(grid=limb.grid, hu=planted, acquisition=ct.acquisition)
    lesion = LabelMask(grid=limb.grid, inside=sick)
    hidden, told = (
        multi_tissue(scan, "CaHA", tissues_of_scan(scan, limb.bone, mask)).curve.slope
        for mask in (None, lesion)
    )
    assert abs(hidden / shown.slope - 1.0) > 0.05  # the bias that the mask takes away
    # rounding to 1 HU and noise of the tissues' numbers: 2 HU of 1450
    assert told == pytest.approx(shown.slope, rel=2e-3)


def test_a_lesion_that_takes_all_hard_bone_leaves_no_thick_cortex(limb: Any) -> None:
    ct = limb.scan(limb.shown(70.0).numbers, np.random.default_rng(22))
    found = multi_tissue(ct, "CaHA", tissues_of_scan(ct, limb.bone, limb.bone))
    assert "no thick cortex" in limb.flags(found)


def test_tissues_of_given_regions_calibrate_as_those_found(limb: Any) -> None:
    shown = limb.shown(70.0)
    numbers, slope = shown.numbers, shown.slope
    ct = limb.scan(numbers, np.random.default_rng(14))
    names = dict(enumerate(("air", "fat", "muscle", "cortical bone"), start=1))
    labels = np.zeros(limb.grid.shape, dtype=np.int16)
    for label, name in names.items():
        labels[limb.fractions[name] > 0.999] = label
    regions = LabelImage(grid=limb.grid, labels=labels)
    curve = multi_tissue(ct, "CaHA", labelled_tissues(ct, regions, names)).curve
    found = multi_tissue(ct, "CaHA", tissues_of_scan(ct, limb.bone)).curve
    assert abs(curve.slope - slope) < NORMAL_95 * limb.errors(curve)[0]
    assert curve.slope == pytest.approx(found.slope, rel=0.02)


def test_blood_with_contrast_agent_is_left_out(limb: Any) -> None:
    numbers = limb.shown(70.0).numbers
    ct = limb.scan(numbers, np.random.default_rng(15))
    samples = tissues_of_scan(ct, limb.bone)
    blood = TissueSample(tissue="blood", hu=180.0, hu_se=3.0, error_from="slabs", n_voxels=500)
    found = multi_tissue(ct, "CaHA", [*samples, blood])
    assert "blood left out" in limb.flags(found)
    assert found.curve.slope == multi_tissue(ct, "CaHA", samples).curve.slope


def test_both_minerals_come_from_one_energy(limb: Any) -> None:
    numbers = limb.shown(70.0).numbers
    ct = limb.scan(numbers, np.random.default_rng(17))
    samples = tissues_of_scan(ct, limb.bone)
    apatite, phosphate = (multi_tissue(ct, kind, samples) for kind in ("CaHA", "K2HPO4"))
    assert limb.energy(apatite) == pytest.approx(limb.energy(phosphate), rel=1e-9)
    at = np.array(limb.energy(apatite)[0])
    ratio = float(contrast("K2HPO4", at) / contrast("CaHA", at))
    # their ratio at the mean energy, which the mean over energies may miss by a tenth of its error
    assert apatite.curve.slope / phosphate.curve.slope == pytest.approx(ratio, rel=5e-3)


def test_a_bone_on_another_grid_is_refused(limb: Any) -> None:
    numbers = limb.shown(70.0).numbers
    ct = limb.scan(numbers, np.random.default_rng(18))
    moved = limb.grid.affine.copy()
    moved[:3, 3] = 5.0
    bone = LabelMask(grid=ImageGrid(shape=limb.grid.shape, affine=moved), inside=limb.bone.inside)
    with pytest.raises(GridMismatchError):
        air_fat_muscle(ct, bone)
    with pytest.raises(GridMismatchError):
        thick_cortex(ct, bone)
    with pytest.raises(GridMismatchError):
        tissues_of_scan(ct, limb.bone, lesion=bone)
