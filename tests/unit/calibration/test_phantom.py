"""Calibration by a phantom in the scan."""

import dataclasses
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest

from calibration import (
    PHANTOMS,
    Calibration,
    Phantom,
    calibrate_with_phantom,
    with_certificate,
)
from femur_fea.domain import CTVolume, ImageGrid, LabelImage
from femur_fea.errors import CalibrationError
from femur_fea.io import read_ct

SLOPE, INTERCEPT = 0.78e-3, 0.006


def ct_numbers(phantom: Phantom, slope: float = SLOPE, intercept: float = INTERCEPT) -> np.ndarray:
    """Return the CT numbers of the rods on a scanner of that line."""
    rho = np.array([rod.rho for rod in phantom.rods])
    return (rho - intercept) / slope + phantom.excess_hu()


def distance(found: Calibration, slope: float = SLOPE, intercept: float = INTERCEPT) -> float:
    """Return the squared distance from the true line in standard errors, two parameters at once."""
    off = np.array([found.curve.slope - slope, found.curve.intercept - intercept])
    return float(off @ np.linalg.solve(found.curve.covariance, off))


def certified(phantom: Phantom, rho_se: float = 1e-4) -> Phantom:
    """Return a phantom with a certificate."""
    rods = tuple(
        dataclasses.replace(rod, rho_se=rho_se, water_se=1000 * rho_se * 1e-3)
        for rod in phantom.rods
    )
    return dataclasses.replace(phantom, rods=rods, provenance="user")


# chi2 of two parameters is above this in one of a thousand scans
ONE_IN_A_THOUSAND = 13.8


@pytest.mark.parametrize("name", sorted(PHANTOMS))
@pytest.mark.parametrize(("slope", "offset"), [(SLOPE, 0.0), (0.62e-3, 25.0)])
def test_every_phantom_is_found_and_gives_the_line_of_the_scanner_at_any_voltage_and_offset(
    name: str, slope: float, offset: float, scene: Callable, scan_of: Callable
) -> None:
    phantom = certified(PHANTOMS[name])
    rods = ct_numbers(phantom, slope)
    ct, _ = scan_of(scene(rods=rods, base=rods[0] + 90.0, offset=offset))
    found = calibrate_with_phantom(ct, phantom)
    assert distance(found, slope, INTERCEPT - slope * offset) < ONE_IN_A_THOUSAND
    assert found.curve.kind == phantom.kind


SCENES = {
    "to the left": {"centre": (-45.0, 118.0)},
    "tilted": {"tilt": (0.05, 0.03)},
    "thin rods close together": {"radius": 6.5, "pitch": 19.0, "centre": (30.0, 120.0)},
    "thick rods": {"radius": 12.0, "pitch": 34.0, "centre": (0.0, 115.0)},
    "noise of an obese patient": {"noise": 45.0},
    "a smooth kernel": {"blur": 1.2, "noise": 10.0},
    "thick slices": {"spacing": (0.9, 0.9, 5.0)},
    "coarse pixels": {"spacing": (1.5, 1.5, 2.0), "length": 80.0},
    "an end within the scan": {"rods_end": 0.6, "length": 150.0},
    "no patient": {"patient": False},
}


@pytest.mark.parametrize("name", SCENES)
def test_rods_are_found_wherever_they_lie_and_measured_without_bias(
    name: str, scene: Callable, scan_of: Callable
) -> None:
    phantom = certified(PHANTOMS["mindways_model_3_ct"])
    rods = ct_numbers(phantom)
    described = scene(rods=rods, base=90.0, seed=5, **SCENES[name])
    ct, labels = scan_of(described)
    found = calibrate_with_phantom(ct, phantom)
    for n, rod in enumerate(found.measured):
        # four standard errors, of which one of fifty rods falls outside in one test of 300
        assert abs(rod["ct_number_HU"] - rods[n]) < 4.0 * rod["ct_number_standard_error_HU"]
        inside = np.argwhere(labels == n + 1)
        there = ct.grid.to_world(inside.mean(axis=0)[None, :].astype(float))[0]
        assert np.hypot(*(there - rod["centre_mm"])[:2]) < 1.0 + 0.05 * 60.0 * bool(
            described.rods_end < 1.0
        )
        assert rod["radius_mm"] == pytest.approx(described.radius, abs=0.75)  # half a pixel
    assert distance(found) < ONE_IN_A_THOUSAND


def test_given_regions_give_the_same_line_as_rods_that_are_found(
    scene: Callable, scan_of: Callable
) -> None:
    phantom = certified(PHANTOMS["qrm_bdc_6"])
    ct, labels = scan_of(scene(rods=ct_numbers(phantom), base=60.0, tilt=(0.03, 0.0)))
    regions = LabelImage(grid=ct.grid, labels=labels)
    given, found = calibrate_with_phantom(ct, phantom, regions), calibrate_with_phantom(ct, phantom)
    assert distance(given) < ONE_IN_A_THOUSAND
    # the same voxels but for the rim, so far closer than their standard errors
    assert distance(found, given.curve.slope, given.curve.intercept) < 2.0


def test_a_scan_whose_axes_are_stored_in_another_order_gives_the_same_line(
    scene: Callable, scan_of: Callable
) -> None:
    phantom = certified(PHANTOMS["qrm_bdc_3"])
    ct, _ = scan_of(scene(rods=ct_numbers(phantom), length=80.0))
    affine = np.array(ct.grid.affine)
    affine[:, :3] = ct.grid.affine[:, [2, 0, 1]]
    turned = CTVolume(
        grid=ImageGrid(shape=tuple(np.array(ct.grid.shape)[[2, 0, 1]]), affine=affine),
        hu=ct.hu.transpose(2, 0, 1),
    )
    one, other = calibrate_with_phantom(ct, phantom), calibrate_with_phantom(turned, phantom)
    assert other.curve.slope == pytest.approx(one.curve.slope, rel=1e-12)
    assert other.measured == one.measured


def tiny_scan(
    rng: np.random.Generator, hu: Sequence[float], noise: float
) -> tuple[CTVolume, LabelImage]:
    """Return rods of one square region each, in noise that four neighbours share."""
    from scipy.ndimage import uniform_filter

    shape = (12 * len(hu), 12, 40)
    grid = ImageGrid(shape=shape, affine=np.diag([1.0, 1.0, 2.0, 1.0]))
    labels = np.repeat(np.arange(1, len(hu) + 1, dtype=np.int16), 12)[:, None, None]
    labels = np.broadcast_to(labels, shape).copy()
    white = rng.standard_normal(shape, dtype=np.float32)
    shared = uniform_filter(white, 2, mode="wrap") * 8.0**0.5
    values = np.asarray(hu)[labels - 1] + noise * shared
    return CTVolume(grid=grid, hu=np.rint(values)), LabelImage(grid=grid, labels=labels)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["mindways_model_3_ct", "qrm_bdc_3"])
def test_the_90_percent_interval_covers_the_true_density_in_90_percent_of_400_random_scans(
    name: str,
) -> None:
    rng = np.random.default_rng(11)
    phantom = certified(PHANTOMS[name], rho_se=1.5e-3)
    densities = (0.0, 0.3, 1.0)
    covered = []
    for _ in range(400):
        slope, intercept = rng.uniform(0.6e-3, 1.0e-3), rng.uniform(-0.03, 0.03)
        # the rods are not quite what their certificate says
        rods = tuple(
            dataclasses.replace(
                rod,
                rho=rod.rho + rng.normal(scale=rod.rho_se),
                water=None if rod.water is None else rod.water + rng.normal(scale=rod.water_se),
            )
            for rod in phantom.rods
        )
        truth = dataclasses.replace(phantom, rods=rods)
        scan, regions = tiny_scan(rng, ct_numbers(truth, slope, intercept), rng.uniform(5.0, 60.0))
        curve = calibrate_with_phantom(scan, phantom, regions).curve
        hu = (np.array(densities) - intercept) / slope
        low, high = curve.interval_90(hu)
        covered.append((low <= densities) & (densities <= high))
    # three standard deviations of a binomial share of 400 with p = 0.9: sqrt(0.9 * 0.1 / 400)
    np.testing.assert_allclose(np.mean(covered, axis=0), 0.9, atol=3 * 0.015)


@pytest.mark.slow
def test_lines_of_whole_scans_scatter_as_their_covariance_tells(
    scene: Callable, scan_of: Callable
) -> None:
    phantom = certified(PHANTOMS["qrm_bdc_6"])
    distances = []
    for seed in range(8):
        described = scene(rods=ct_numbers(phantom), base=60.0, seed=seed, length=90.0)
        distances.append(distance(calibrate_with_phantom(scan_of(described)[0], phantom)))
    # chi2 of 16 degrees of freedom lies between these in 998 of 1000 cases
    assert 3.9 < sum(distances) < 39.3


def test_a_certificate_speaks_for_the_densities_and_errors_that_it_gives() -> None:
    phantom = PHANTOMS["qrm_bdc_3"]
    rho, rho_se = (0.1012, 0.3987, 0.7989), (0.001, 0.002, 0.004)
    densities = with_certificate(phantom, rho=rho)
    assert (densities.provenance, densities.error_provenance) == ("user", "unverified")
    whole = with_certificate(phantom, rho=rho, rho_se=rho_se)
    assert (whole.provenance, whole.error_provenance) == ("user", "user")
    assert [(rod.rho, rod.rho_se) for rod in whole.rods] == list(zip(rho, rho_se, strict=True))


def test_a_certificate_of_mineral_alone_is_not_one_of_rods_whose_water_differs() -> None:
    phantom = PHANTOMS["mindways_model_3_ct"]
    rho = [rod.rho for rod in phantom.rods]
    assert with_certificate(phantom, rho=rho).provenance == "unverified"
    water = [rod.water or 0.0 for rod in phantom.rods]
    assert with_certificate(phantom, rho=rho, water=water).provenance == "user"


def test_the_water_of_mindways_rods_is_corrected_as_its_guide_tells() -> None:
    phantom = PHANTOMS["mindways_model_3_ct"]
    mineral = np.array([1000.0 * rod.rho for rod in phantom.rods])
    water = np.array([1000.0 * rod.water for rod in phantom.rods])
    sigma_ref, beta_ref = 1.52, -1005.0
    hu = water + sigma_ref * mineral + beta_ref
    sigma, beta = sigma_ref - 0.2174, beta_ref + 999.6
    np.testing.assert_allclose((hu - phantom.excess_hu() - beta) / sigma, mineral, atol=1e-9)


def test_one_absent_rod_is_told_from_the_others_and_flagged(
    scene: Callable, scan_of: Callable
) -> None:
    phantom = certified(PHANTOMS["mindways_model_3_ct"])
    rods = ct_numbers(phantom)[:4]  # the last one lies outside the field of view
    ct, _ = scan_of(scene(rods=rods, base=90.0))
    found = calibrate_with_phantom(ct, phantom)
    assert [rod["name"] for rod in found.measured] == ["A", "B", "C", "D"]
    assert "rod absent" in [flag.name for flag in found.flags]
    assert distance(found) < ONE_IN_A_THOUSAND


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
    scene: Callable, scan_of: Callable
) -> None:
    ct, _ = scan_of(scene(rods=ct_numbers(PHANTOMS["qrm_bdc_3"])))
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
    scene: Callable, scan_of: Callable
) -> None:
    phantom = PHANTOMS["mindways_model_3_ct"]
    ct, _ = scan_of(scene(rods=ct_numbers(phantom)[[0, 2, 1, 3, 4]], base=90.0))
    with pytest.raises(CalibrationError, match=r"in the order (A, C, B, D, E|E, D, B, C, A)"):
        calibrate_with_phantom(ct, phantom)


def test_a_phantom_that_lies_the_other_way_round_is_no_other_order(
    scene: Callable, scan_of: Callable
) -> None:
    phantom = certified(PHANTOMS["mindways_model_3_ct"])
    ct, _ = scan_of(scene(rods=ct_numbers(phantom)[::-1], base=90.0))
    assert distance(calibrate_with_phantom(ct, phantom)) < ONE_IN_A_THOUSAND


def test_regions_with_exchanged_numbers_are_refused() -> None:
    phantom = PHANTOMS["qrm_bdc_6"]
    ct, regions = tiny_scan(np.random.default_rng(1), ct_numbers(phantom)[[0, 1, 3, 2, 4, 5]], 20.0)
    with pytest.raises(CalibrationError, match="in the region of rod D"):
        calibrate_with_phantom(ct, phantom, regions)


def test_rods_off_the_line_are_refused_with_their_ct_numbers() -> None:
    phantom = PHANTOMS["qrm_bdc_6"]
    ct, regions = tiny_scan(
        np.random.default_rng(1), (0.0, 400.0, 500.0, 560.0, 600.0, 1000.0), 9.0
    )
    with pytest.raises(CalibrationError, match=r"B 400 HU.*R2 0\."):
        calibrate_with_phantom(ct, phantom, regions)


@pytest.mark.parametrize("wrong", [7, -1])
def test_labels_of_no_rod_are_refused(wrong: int) -> None:
    phantom = PHANTOMS["qrm_bdc_6"]
    ct, regions = tiny_scan(np.random.default_rng(1), ct_numbers(phantom), 20.0)
    labels = np.where(regions.labels == 6, wrong, regions.labels)
    with pytest.raises(CalibrationError, match=f"labels .*{wrong}"):
        calibrate_with_phantom(ct, phantom, LabelImage(grid=ct.grid, labels=labels))


def test_a_phantom_seen_in_four_slices_is_refused(scene: Callable, scan_of: Callable) -> None:
    phantom = PHANTOMS["qrm_bdc_3"]
    ct, labels = scan_of(scene(rods=ct_numbers(phantom), length=18.0))
    with pytest.raises(CalibrationError, match=r"4 slice\(s\)"):
        calibrate_with_phantom(ct, phantom, LabelImage(grid=ct.grid, labels=labels))


def test_nominal_densities_are_flagged_and_the_curve_says_where_it_is_from() -> None:
    phantom = PHANTOMS["qrm_bdc_6"]
    ct, regions = tiny_scan(np.random.default_rng(1), ct_numbers(phantom), 20.0)
    found = calibrate_with_phantom(ct, phantom, regions)
    assert [flag.name for flag in found.flags] == ["nominal densities"]
    content = found.to_dict()
    assert (content["method"], content["provenance"]) == ("phantom", "unverified")
    assert [item["name"] for item in content["measured"]] == ["A", "B", "C", "D", "E", "F"]
    assert len(content["fit"]["references"]) == 6
