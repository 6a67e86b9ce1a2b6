"""The line through the rods of a phantom, wherever it lies."""

import dataclasses
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from calibration import PHANTOMS, calibrate_with_phantom
from calibration.phantom import PHANTOM_OF_BONE
from femur_fea.domain import CTVolume, ImageGrid, LabelImage

# chi2 of two parameters is above this in one of a thousand scans
ONE_IN_A_THOUSAND = 13.8


@pytest.mark.parametrize("name", sorted(PHANTOMS))
@pytest.mark.parametrize(("slope", "offset"), [(0.78e-3, 0.0), (0.62e-3, 25.0)])
def test_every_phantom_is_found_and_gives_the_line_of_the_scanner_at_any_voltage_and_offset(
    bench: Any, name: str, slope: float, offset: float, scene: Callable, scan_of: Callable
) -> None:
    phantom = bench.certified(PHANTOMS[name])
    rods = bench.ct_numbers(phantom, slope)
    ct, _ = scan_of(scene(rods=rods, base=rods[0] + 90.0, offset=offset))
    found = calibrate_with_phantom(ct, phantom)
    assert bench.distance(found, slope, bench.intercept - slope * offset) < ONE_IN_A_THOUSAND
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
    bench: Any, name: str, scene: Callable, scan_of: Callable
) -> None:
    phantom = bench.certified(PHANTOMS["mindways_model_3_ct"])
    rods = bench.ct_numbers(phantom)
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
    assert bench.distance(found) < ONE_IN_A_THOUSAND


def test_given_regions_give_the_same_line_as_rods_that_are_found(
    bench: Any, scene: Callable, scan_of: Callable
) -> None:
    phantom = bench.certified(PHANTOMS["qrm_bdc_6"])
    ct, labels = scan_of(scene(rods=bench.ct_numbers(phantom), base=60.0, tilt=(0.03, 0.0)))
    regions = LabelImage(grid=ct.grid, labels=labels)
    given, found = calibrate_with_phantom(ct, phantom, regions), calibrate_with_phantom(ct, phantom)
    assert bench.distance(given) < ONE_IN_A_THOUSAND
    # the same voxels but for the rim, so far closer than their standard errors
    assert bench.distance(found, given.curve.slope, given.curve.intercept) < 2.0


def test_a_scan_whose_axes_are_stored_in_another_order_gives_the_same_line(
    bench: Any, scene: Callable, scan_of: Callable
) -> None:
    phantom = bench.certified(PHANTOMS["qrm_bdc_3"])
    ct, _ = scan_of(scene(rods=bench.ct_numbers(phantom), length=80.0))
    affine = np.array(ct.grid.affine)
    affine[:, :3] = ct.grid.affine[:, [2, 0, 1]]
    turned = CTVolume(
        grid=ImageGrid(shape=tuple(np.array(ct.grid.shape)[[2, 0, 1]]), affine=affine),
        hu=ct.hu.transpose(2, 0, 1),
    )
    one, other = calibrate_with_phantom(ct, phantom), calibrate_with_phantom(turned, phantom)
    assert other.curve.slope == pytest.approx(one.curve.slope, rel=1e-12)
    assert other.measured == one.measured


def test_a_phantom_that_lies_the_other_way_round_is_no_other_order(
    bench: Any, scene: Callable, scan_of: Callable
) -> None:
    phantom = bench.certified(PHANTOMS["mindways_model_3_ct"])
    ct, _ = scan_of(scene(rods=bench.ct_numbers(phantom)[::-1], base=90.0))
    assert bench.distance(calibrate_with_phantom(ct, phantom)) < ONE_IN_A_THOUSAND


def test_one_absent_rod_is_told_from_the_others_and_flagged(
    bench: Any, scene: Callable, scan_of: Callable
) -> None:
    phantom = bench.certified(PHANTOMS["mindways_model_3_ct"])
    rods = bench.ct_numbers(phantom)[:4]  # the last one lies outside the field of view
    ct, _ = scan_of(scene(rods=rods, base=90.0))
    found = calibrate_with_phantom(ct, phantom)
    assert [rod["name"] for rod in found.measured] == ["A", "B", "C", "D"]
    assert "rod absent" in [flag.name for flag in found.flags]
    assert bench.distance(found) < ONE_IN_A_THOUSAND


@pytest.mark.slow
@pytest.mark.parametrize("name", ["mindways_model_3_ct", "qrm_bdc_3"])
def test_the_90_percent_interval_covers_the_true_density_in_90_percent_of_400_random_scans(
    bench: Any,
    name: str,
) -> None:
    rng = np.random.default_rng(11)
    phantom = bench.certified(PHANTOMS[name], rho_se=1.5e-3)
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
        scan, regions = bench.tiny_scan(
            rng, bench.ct_numbers(truth, slope, intercept), rng.uniform(5.0, 60.0)
        )
        curve = calibrate_with_phantom(scan, phantom, regions).curve
        # and the line of bone in the body is not quite that of the rods
        scale = 1.0 + rng.normal(scale=PHANTOM_OF_BONE.scale)
        offset = rng.normal(scale=PHANTOM_OF_BONE.offset)
        hu = ((np.array(densities) - offset) / scale - intercept) / slope
        low, high = curve.interval_90(hu)
        covered.append((low <= densities) & (densities <= high))
    # three standard deviations of a binomial share of 400 with p = 0.9: sqrt(0.9 * 0.1 / 400)
    np.testing.assert_allclose(np.mean(covered, axis=0), 0.9, atol=3 * 0.015)


@pytest.mark.slow
def test_lines_of_whole_scans_scatter_as_their_covariance_tells(
    bench: Any, scene: Callable, scan_of: Callable
) -> None:
    phantom = bench.certified(PHANTOMS["qrm_bdc_6"])
    distances = []
    for seed in range(8):
        described = scene(rods=bench.ct_numbers(phantom), base=60.0, seed=seed, length=90.0)
        distances.append(bench.distance(calibrate_with_phantom(scan_of(described)[0], phantom)))
    # chi2 of 16 degrees of freedom lies between these in 998 of 1000 cases
    assert 3.9 < sum(distances) < 39.3
