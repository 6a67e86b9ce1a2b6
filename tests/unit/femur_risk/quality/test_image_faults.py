"""Faults of known size in the image: found above a size, and never in 50 scans without fault."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from scipy import ndimage

from femur_fea.domain import CTVolume, ImageGrid, LabelMask
from femur_risk.quality import assess_scan
from femur_risk.quality.motion import jumps
from femur_risk.quality.muscle import muscle_noise
from femur_risk.quality.noise import correlation_at
from femur_risk.quality.streaks import anisotropy
from femur_risk.quality.view import TISSUE_HU, field_edge
from femur_risk.segmentation import crop

SHAPE, SPACING = (150, 140, 40), (0.9, 0.9, 1.5)  # those of the thigh


def names(scan: Any) -> set[str]:
    return {flag.name for flag in assess_scan(scan.ct, scan.femur)}


def part(scan: Any, where: tuple[slice, ...], affine: np.ndarray) -> tuple[CTVolume, LabelMask]:
    hu, inside = scan.ct.hu[where], scan.femur.inside[where]
    grid = ImageGrid(shape=hu.shape, affine=affine)
    return CTVolume(grid=grid, hu=hu), LabelMask(grid=grid, inside=inside)


def streaks(amplitude_HU: float, seed: int) -> np.ndarray:
    """Rays from metal outside the slices' middle, some degrees wide, in HU; root mean square."""
    x, y = (np.arange(n) * step for n, step in zip(SHAPE[:2], SPACING, strict=False))
    angle = np.arctan2(y[None, :] - 40.0, x[:, None] + 60.0)
    rng = np.random.default_rng(seed)
    waves = sum(np.sin(rng.uniform(60, 200) * angle + rng.uniform(0, 6.3)) for _ in range(6))
    return amplitude_HU * (waves / np.sqrt(3.0))[:, :, None]


def step_of(size_mm: float, *, at: int = 20) -> np.ndarray:
    """Motion of the slices from one on."""
    motion = np.zeros((SHAPE[2], 2))
    motion[at:, 0] = size_mm
    return motion


@pytest.mark.parametrize("seed", range(50))
def test_a_scan_without_fault_has_no_flag(thigh: Callable, seed: int) -> None:
    assert names(thigh(seed)) == set()


@pytest.mark.parametrize("noise_HU", [5.0, 12.0, 30.0, 60.0])
def test_the_level_of_noise_is_measured(thigh: Callable, noise_HU: float) -> None:
    scan = thigh(1, noise_HU=noise_HU)
    # the mean that is taken off takes a few per cent of the noise with it
    assert muscle_noise(scan.ct, scan.femur).level == pytest.approx(noise_HU, rel=0.12)


@pytest.mark.parametrize(("noise_HU", "found"), [(30.0, False), (60.0, True)])
def test_noise_is_flagged_above_a_level(thigh: Callable, noise_HU: float, found: bool) -> None:
    assert ("noise" in names(thigh(2, noise_HU=noise_HU))) == found


@pytest.mark.parametrize("grain_voxels", [0.5, 0.7, 1.0])
def test_the_grain_of_the_noise_is_measured(thigh: Callable, grain_voxels: float) -> None:
    """A Gaussian of width s leaves a correlation of exp(-d^2 / 4 s^2) at the distance d."""
    scan = thigh(3, noise_HU=30.0, grain_voxels=grain_voxels)
    lags = np.array([1.0, 2.0])
    # of the sampled filter, not of the continuous one
    taps = np.exp(-0.5 * (np.arange(-6, 7) / grain_voxels) ** 2)
    own = np.correlate(taps, taps, mode="full")
    at_lags = own[12 + lags.astype(int)] / own[12]
    expected = np.interp(1.0 / 0.9, lags, at_lags)
    found = correlation_at(muscle_noise(scan.ct, scan.femur), 1.0)
    assert found == pytest.approx(expected, abs=0.06)


@pytest.mark.parametrize("seed", range(5))
def test_white_noise_betrays_a_sharp_kernel(thigh: Callable, seed: int) -> None:
    assert "kernel, from its noise" in names(thigh(seed, grain_voxels=0.0))


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("amplitude_HU", [20.0, 40.0])
def test_streaks_of_more_than_twice_the_noise_are_found(
    thigh: Callable, amplitude_HU: float, seed: int
) -> None:
    scan = thigh(seed, added=streaks(amplitude_HU, seed), noise_HU=8.0)
    assert "streaks" in names(scan)


def test_streaks_far_below_the_noise_are_not(thigh: Callable) -> None:
    assert "streaks" not in names(thigh(added=streaks(3.0, 0)))


def test_stripes_are_anisotropic_and_noise_is_not(thigh: Callable) -> None:
    clean = thigh(4)
    found = anisotropy(muscle_noise(clean.ct, clean.femur))
    assert np.nanmedian(found) < 0.2
    stripes = 60.0 * np.sin(np.arange(SHAPE[0]) * 0.9)[:, None, None]
    striped = thigh(4, added=stripes, noise_HU=1.0)
    assert np.nanmedian(anisotropy(muscle_noise(striped.ct, striped.femur))) > 0.8


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("size_mm", [1.5, 2.0, 3.0, 5.0])
def test_a_step_of_the_bone_between_slices_is_found(
    thigh: Callable, size_mm: float, seed: int
) -> None:
    assert "motion" in names(thigh(seed, motion=step_of(size_mm)))


@pytest.mark.parametrize(("size_mm", "severity"), [(1.5, "caution"), (3.0, "severe")])
def test_a_step_as_large_as_the_cortex_is_thick_is_severe(
    thigh: Callable, size_mm: float, severity: str
) -> None:
    scan = thigh(motion=step_of(size_mm))
    (flag,) = (each for each in assess_scan(scan.ct, scan.femur) if each.name == "motion")
    assert flag.severity == severity


@pytest.mark.parametrize("size_mm", [1.0, 2.0, 3.0])
def test_the_size_of_a_step_is_measured(thigh: Callable, size_mm: float) -> None:
    scan = thigh(motion=step_of(size_mm))
    near = crop(scan.ct, scan.femur, margin=8.0)
    found = jumps(near.ct, near.masks[0])
    # muscle and fat beside the bone moved with it; voxels of 0.9 mm
    assert found.max() == pytest.approx(size_mm, rel=0.2, abs=0.1)
    assert np.argmax(found) == 20 - 1 - 4


def test_a_drift_is_the_course_of_an_oblique_bone(thigh: Callable) -> None:
    drift = np.outer(np.arange(SHAPE[2]), [0.3, 0.1])
    assert "motion" not in names(thigh(motion=drift))


def test_a_body_wider_than_the_image_is_found_and_is_grave_near_the_bone(thigh: Callable) -> None:
    scan = thigh(width=90.0)
    (flag,) = assess_scan(scan.ct, scan.femur)
    assert (flag.name, flag.severity) == ("truncation", "note")
    cut = part(scan, np.s_[50:100, :, :], scan.ct.grid.affine)
    found = {flag.name: flag.severity for flag in assess_scan(*cut)}
    assert found["truncation"] == "caution"


def test_the_distance_told_is_that_of_the_nearest_voxels(thigh: Callable) -> None:
    scan = thigh(width=90.0)
    (flag,) = assess_scan(scan.ct, scan.femur)
    tissue = field_edge(scan.ct) & (scan.ct.hu > TISSUE_HU)
    apart = ndimage.distance_transform_edt(~tissue, sampling=SPACING)[scan.femur.inside].min()
    assert f" {apart:.0f} mm from the bone" in flag.found


def in_circle(scan: Any, radius: float) -> CTVolume:
    """Return what a circular field of view shows of a scan, its corners as a file pads them."""
    x, y = (np.arange(n) - (n - 1) / 2.0 for n in SHAPE[:2])
    beyond = np.hypot(x[:, None] * SPACING[0], y[None, :] * SPACING[1]) > radius
    outside = np.broadcast_to(beyond[:, :, None], SHAPE)
    hu = np.where(outside, -1024, scan.ct.hu)
    return CTVolume(grid=scan.ct.grid, hu=hu, outside=outside)


@pytest.mark.parametrize(("radius", "found"), [(62.0, False), (52.0, True)])
def test_a_body_wider_than_a_circular_field_of_view_is_found_at_its_circle(
    thigh: Callable, radius: float, found: bool
) -> None:
    # the thigh is 55 mm wide at either side: no side of the image shows tissue
    scan = thigh()
    ct = in_circle(scan, radius)
    assert ("truncation" in {flag.name for flag in assess_scan(ct, scan.femur)}) == found


def test_a_circle_that_cuts_the_body_beside_the_bone_is_grave(thigh: Callable) -> None:
    scan = thigh()
    flags = {flag.name: flag.severity for flag in assess_scan(in_circle(scan, 27.0), scan.femur)}
    assert flags["truncation"] == "caution"


@pytest.mark.parametrize(("side_voxels", "found"), [(2, False), (5, True)])
def test_metal_elsewhere_is_told_from_a_fleck(
    thigh: Callable, side_voxels: int, found: bool
) -> None:
    added = np.zeros(SHAPE)
    added[15 : 15 + side_voxels, 60 : 60 + side_voxels, 10 : 10 + side_voxels] = 12000.0
    assert ("metal" in names(thigh(added=added))) == found


def test_coarse_voxels_tell_no_grain_and_are_flagged_themselves(thigh: Callable) -> None:
    coarse = part(thigh(5), np.s_[::3, ::3, ::2], np.diag([2.7, 2.7, 3.0, 1.0]))
    assert {flag.name for flag in assess_scan(*coarse)} == {"voxel size"}
