"""Tubes of known wall, scanned: thickness, mineral and density come back."""

from collections.abc import Callable

import numpy as np
import pytest

from femur_fea.domain import DensityField, ImageGrid, LabelMask
from femur_fea.errors import CortexError, GridMismatchError, OutOfRangeError
from femur_fea.restoration import (
    FWHM_PER_SD,
    RestorationSettings,
    RestoredCortex,
    restore_cortex,
    surface_sites,
)
from meshing.handmade.tube import ScannedTube, scanned_tube

NOISE = 0.01  # g/cm3, 12 HU
FWHM_MM = (0.5, 1.0, 2.0, 3.0)


def tube(*walls: float, fwhm_mm: float, height: float = 14.0, **changes: object) -> ScannedTube:
    """A tube whose lower half has the first wall and whose upper half has the last."""
    return scanned_tube(
        lambda z: np.where(z < 0.0, walls[0], walls[-1]),
        blur=fwhm_mm / FWHM_PER_SD,
        spacing=(0.8, 0.8, 1.0),
        noise=NOISE,
        rng=np.random.default_rng(1),
        height=height,
        **changes,
    )


def known(fwhm_mm: float) -> RestorationSettings:
    return RestorationSettings(blur=fwhm_mm / FWHM_PER_SD, cortical_density=1.15)


@pytest.fixture(scope="module")
def restored_tube() -> Callable[[float, float], tuple[ScannedTube, RestoredCortex]]:
    """A tube of a known scan, and what it was restored to; each is made once."""
    made: dict[tuple[float, float], tuple[ScannedTube, RestoredCortex]] = {}

    def make(wall_mm: float, fwhm_mm: float) -> tuple[ScannedTube, RestoredCortex]:
        if (wall_mm, fwhm_mm) not in made:
            scan = tube(wall_mm, fwhm_mm=fwhm_mm)
            made[wall_mm, fwhm_mm] = scan, restore_cortex(scan.image, scan.bone, known(fwhm_mm))
        return made[wall_mm, fwhm_mm]

    return make


def mineral(density: DensityField, bone: LabelMask) -> float:
    """Mineral above that of the canal in the middle of the tube's height, g per mm of height."""
    third = density.grid.shape[2] // 3
    middle = np.s_[:, :, third:-third]
    above = (density.rho - 0.1)[middle][bone.inside[middle]].sum()
    height = density.rho[middle].shape[2] * density.grid.spacing[2]
    return float(above * density.grid.voxel_volume / height)


@pytest.mark.parametrize("fwhm_mm", FWHM_MM)
@pytest.mark.parametrize("wall_mm", [1.0, 2.0, 5.0])
def test_the_wall_of_a_tube_is_measured(
    wall_mm: float, fwhm_mm: float, restored_tube: Callable
) -> None:
    _, restored = restored_tube(wall_mm, fwhm_mm)
    # a twentieth of a voxel: noise, and the voxel's own width at the sharpest point spread
    assert np.median(restored.thickness) == pytest.approx(wall_mm, abs=0.05)
    assert restored.fitted_fraction > 0.99


@pytest.mark.parametrize("fwhm_mm", FWHM_MM)
@pytest.mark.parametrize("wall_mm", [1.0, 2.0, 5.0])
def test_mineral_that_blur_took_out_of_the_bone_comes_back(
    wall_mm: float, fwhm_mm: float, restored_tube: Callable
) -> None:
    scan, restored = restored_tube(wall_mm, fwhm_mm)
    true = 1.05 * np.pi * (scan.radius**2 - (scan.radius - wall_mm) ** 2)
    found = mineral(restored.density, restored.femur)
    lost = abs(mineral(scan.image, scan.bone) / true - 1.0)
    # the stairs of the mask are 0.5 % of the area; 0.05 mm of a wall of 1 mm is 5 %
    assert found == pytest.approx(true, rel=0.015 + 0.05 / wall_mm)
    if fwhm_mm >= 1.0 and wall_mm <= 2.0:
        assert abs(found / true - 1.0) < 0.5 * lost


def test_a_thin_wall_shows_its_density_again(restored_tube: Callable) -> None:
    scan, restored = restored_tube(1.0, 2.0)
    assert scan.image.rho.max() < 0.7
    grid = restored.density.grid
    x, y = (grid.affine[a, 3] + np.arange(grid.shape[a]) * grid.spacing[a] for a in range(2))
    away = np.hypot(x[:, None], y[None, :])
    in_the_wall = (away > scan.radius - 0.7) & (away < scan.radius - 0.3)
    assert np.median(restored.density.rho[in_the_wall]) == pytest.approx(1.15, rel=0.05)


@pytest.mark.parametrize("fwhm_mm", [1.0, 1.5, 2.0])
def test_blur_and_density_are_measured_where_the_wall_is_thick(fwhm_mm: float) -> None:
    scan = tube(7.0, 1.5, fwhm_mm=fwhm_mm, height=40.0)
    restored = restore_cortex(scan.image, scan.bone, RestorationSettings())
    # a sample is the mean over half a voxel and more, which is a blur of its own
    assert restored.scan.blur * FWHM_PER_SD == pytest.approx(fwhm_mm, rel=0.08)
    assert restored.scan.cortex == pytest.approx(1.15, rel=0.01)
    thin, thick = np.percentile(restored.thickness, [25.0, 75.0])
    assert (thin, thick) == pytest.approx((1.5, 7.0), abs=0.03 + 0.02 * fwhm_mm)


@pytest.mark.parametrize("outside_mm", [-0.8, 0.8])
def test_the_mineral_is_kept_though_the_mask_is_a_voxel_off(outside_mm: float) -> None:
    scan = tube(2.0, fwhm_mm=1.5)
    grid = scan.image.grid
    x, y = (grid.affine[a, 3] + np.arange(grid.shape[a]) * grid.spacing[a] for a in range(2))
    off = np.hypot(x[:, None], y[None, :]) < scan.radius + outside_mm
    mask = LabelMask(grid=grid, inside=np.repeat(off[:, :, None], grid.shape[2], axis=2))
    restored = restore_cortex(scan.image, mask, known(1.5))
    assert np.median(restored.thickness) == pytest.approx(2.0, abs=0.05)
    true = 1.05 * np.pi * (14.0**2 - 12.0**2)
    # the same wall on a radius that is 0.8 mm off has 6 % more or less of it
    moved = true * (14.0 + outside_mm - 1.0) / 13.0
    assert mineral(restored.density, restored.femur) == pytest.approx(moved, rel=0.04)


def test_a_bone_without_blur_stays_as_it_is_away_from_its_surface(restored_tube: Callable) -> None:
    _, restored = restored_tube(2.0, 1.0)
    fine = restored.density.grid
    i, j = (n // 2 for n in fine.shape[:2])
    canal = restored.density.rho[i - 3 : i + 3, j - 3 : j + 3]
    # splines between noise of 0.01 g/cm3
    assert canal.mean() == pytest.approx(0.1, abs=0.003)


def test_the_fine_grid_covers_the_same_bone(restored_tube: Callable) -> None:
    scan, restored = restored_tube(2.0, 1.0)
    assert restored.femur.volume == pytest.approx(scan.bone.volume)
    assert restored.density.grid.spacing.max() <= 0.75
    corner = np.array([[-0.5, -0.5, -0.5]])
    assert restored.density.grid.to_world(corner) == pytest.approx(scan.image.grid.to_world(corner))


@pytest.mark.parametrize("fwhm_mm", [2.0, 3.0])
@pytest.mark.parametrize("walls_mm", [(1.0,), (2.0,), (3.0, 2.0)])
def test_a_tube_without_thick_wall_is_no_measure_of_the_scan(
    walls_mm: tuple[float, ...], fwhm_mm: float
) -> None:
    scan = tube(*walls_mm, fwhm_mm=fwhm_mm, height=24.0)
    with pytest.raises(CortexError, match=r"mapping\.blur_fwhm_mm"):
        restore_cortex(scan.image, scan.bone, RestorationSettings())


def test_a_rod_without_cortex_gets_none() -> None:
    scan = tube(1.0, fwhm_mm=1.0, cortex=0.1)
    assert np.median(restore_cortex(scan.image, scan.bone, known(1.0)).thickness) < 0.05


def test_a_cortex_less_dense_than_the_marrow_is_refused() -> None:
    scan = tube(1.0, fwhm_mm=1.0)
    with pytest.raises(CortexError, match="a layer of cortex at"):
        restore_cortex(scan.image, scan.bone, RestorationSettings(blur=0.4, cortical_density=0.03))


def test_mask_and_image_must_share_a_grid() -> None:
    scan = tube(2.0, fwhm_mm=1.0)
    affine = np.array(scan.image.grid.affine)
    affine[0, 3] += 1.0
    other = LabelMask(
        grid=ImageGrid(shape=scan.bone.grid.shape, affine=affine), inside=scan.bone.inside
    )
    with pytest.raises(GridMismatchError):
        restore_cortex(scan.image, other, known(1.0))


@pytest.mark.parametrize("wrong", [0.0, -1.0, float("nan")])
def test_a_blur_that_is_no_length_is_refused(wrong: float) -> None:
    with pytest.raises(OutOfRangeError, match="blur"):
        RestorationSettings(blur=wrong)


def test_surface_sites_of_a_ball_lie_on_it_and_look_inward() -> None:
    index = np.stack(np.indices((41, 41, 31)), axis=-1) * np.array([0.8, 0.8, 1.2])
    centre = np.array([16.0, 16.0, 18.0])
    away = index - centre
    affine = np.diag([0.8, 0.8, 1.2, 1.0])
    grid = ImageGrid(shape=(41, 41, 31), affine=affine)
    ball = LabelMask(grid=grid, inside=np.linalg.norm(away, axis=-1) < 12.0)
    sites = surface_sites(ball)
    arm = sites.points - centre
    radius = np.linalg.norm(arm, axis=1)
    # smoothing of 1.2 mm moves a surface of curvature 1/12 inward by 1.2^2 / 12 = 0.12 mm
    assert np.median(radius) == pytest.approx(12.0 - 0.12, abs=0.06)
    assert np.percentile(np.abs(radius - np.median(radius)), 95) < 0.3
    cosine = np.einsum("nd,nd->n", sites.inward, -arm / radius[:, None])
    assert np.percentile(cosine, 5) > np.cos(np.radians(8.0))
