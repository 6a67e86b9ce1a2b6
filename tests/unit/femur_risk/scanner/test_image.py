"""Whether the image is that of the patient."""

from collections.abc import Callable

import numpy as np
import pytest
from scipy.ndimage import binary_erosion
from scipy.special import erf

from femur_fea.domain import DensityField, ImageGrid, LabelMask
from femur_fea.errors import DensityKindError, GridMismatchError, OutOfRangeError
from femur_risk.scanner import (
    KERNELS,
    Anatomy,
    BodyBuild,
    ScannedBone,
    ScannerSettings,
    mirrored,
    simulate_scan,
    tube_at,
)
from femur_risk.scanner.resampling import axes_of

ROUNDING = 0.51  # HU, of whole CT numbers


def block(rho: float, half: tuple[float, float, float], step: float = 0.5) -> ScannedBone:
    """Return a "bone" that is an even block."""
    axes = [np.arange(-h + 0.5 * step, h, step) for h in half]
    shape = tuple(axis.size for axis in axes)
    affine = np.diag([step, step, step, 1.0])
    affine[:3, 3] = [axis[0] for axis in axes]
    grid = ImageGrid(shape=shape, affine=affine)
    return ScannedBone(
        density=DensityField(grid=grid, rho=np.full(shape, rho), kind="CaHA"),
        femur=LabelMask(grid=grid, inside=np.ones(shape, dtype=bool)),
        head_centre=np.zeros(3),
        head_radius=20.0,
        side="right",
    )


@pytest.mark.parametrize("voltage", [80.0, 120.0])
def test_bone_deep_inside_has_its_density_by_the_true_line(
    voltage: float, lean: BodyBuild, protocol: Callable[..., ScannerSettings]
) -> None:
    bone = block(0.6, (15.0, 15.0, 20.0))
    view = {"diameter_mm": 80.0, "centre_mm": (0, 0), "heights_mm": (-10, 10)}
    settings = protocol(tube=tube_at(voltage), view=view)
    scan = simulate_scan(Anatomy(bones=(bone,), body=lean, pelvis=None), settings, seed=0)
    in_plane = np.ones((3, 3, 1), dtype=bool)
    deep = binary_erosion(scan.femora[0].inside, in_plane, iterations=10)
    line = scan.true_line("CaHA")
    assert np.count_nonzero(deep) > 1000
    np.testing.assert_allclose(line.density(scan.ct.hu[deep]), 0.6, atol=ROUNDING * line.slope)


@pytest.mark.parametrize("kernel", sorted(KERNELS))
def test_an_edge_spreads_as_the_kernel_says(
    kernel: str, lean: BodyBuild, protocol: Callable[..., ScannerSettings]
) -> None:
    bone = block(0.8, (10.0, 15.0, 20.0), step=0.25)
    settings = protocol(
        kernel=KERNELS[kernel],
        view={"diameter_mm": 40.0, "centre_mm": (0, 0), "heights_mm": (0, 5)},
    )
    scan = simulate_scan(Anatomy(bones=(bone,), body=lean, pelvis=None), settings, seed=0)
    x, y, _ = axes_of(scan.ct.grid)
    profile = scan.ct.hu[:, int(np.argmin(np.abs(y))), 0].astype(float)
    muscle = scan.tube.hu_of_tissue("muscle")
    high = float(scan.tube.hu_of_mineral(np.array(0.8), "CaHA"))
    width = np.sqrt(2.0) * KERNELS[kernel].sigma
    inside = 0.5 * (erf((x + 10.0) / width) - erf((x - 10.0) / width))
    np.testing.assert_allclose(profile, muscle + (high - muscle) * inside, atol=2.0 * ROUNDING)


def test_a_slice_is_the_mean_over_its_thickness(
    lean: BodyBuild, protocol: Callable[..., ScannerSettings]
) -> None:
    bone = block(0.8, (10.0, 10.0, 20.0), step=0.25)
    view = {"diameter_mm": 40.0, "centre_mm": (0, 0), "heights_mm": (10, 30), "slice_spacing_mm": 1}
    settings = protocol(slice_thickness_mm=4.0, view=view)
    scan = simulate_scan(Anatomy(bones=(bone,), body=lean, pelvis=None), settings, seed=0)
    z = axes_of(scan.ct.grid)[2]
    muscle = scan.tube.hu_of_tissue("muscle")
    high = float(scan.tube.hu_of_mineral(np.array(0.8), "CaHA"))
    share = np.clip((20.0 - z) / 4.0 + 0.5, 0.0, 1.0)
    middle = scan.ct.hu[80, 80].astype(float)
    np.testing.assert_allclose(middle, muscle + (high - muscle) * share, atol=2.0 * ROUNDING)


def test_air_fat_and_muscle_have_the_numbers_of_the_beam(
    bone: ScannedBone, protocol: Callable[..., ScannerSettings]
) -> None:
    scan = simulate_scan(Anatomy(bones=(bone,), couch=None), protocol(), seed=0)
    for tissue in ("air", "fat", "muscle"):
        number = scan.tube.hu_of_tissue(tissue)
        near = np.abs(scan.ct.hu - number) < ROUNDING
        # each of the three is a tenth of the image and more
        assert np.mean(near) > 0.05, tissue


def test_the_scan_of_a_mirrored_patient_is_mirrored(
    bone: ScannedBone, lean: BodyBuild, protocol: Callable[..., ScannerSettings]
) -> None:
    def scan(one: ScannedBone) -> np.ndarray:
        settings = protocol(view={"centre_mm": (0.0, 0.0)})
        return simulate_scan(Anatomy(bones=(one,), body=lean), settings, seed=0).ct.hu

    right, left = scan(bone), scan(mirrored(bone, 0.0))
    assert np.abs(right.astype(int) - left[::-1]).max() <= 1  # rounding


def test_the_true_mask_on_the_image_has_the_volume_of_the_bone(
    bone: ScannedBone, lean: BodyBuild, protocol: Callable[..., ScannerSettings]
) -> None:
    settings = protocol(view={"slice_spacing_mm": 2.0})
    scan = simulate_scan(Anatomy(bones=(bone,), body=lean), settings, seed=0)
    # a surface of 300 cm2 in voxels of 2.5 x 2.5 x 2 mm
    assert scan.femora[0].volume == pytest.approx(bone.femur.volume, rel=0.03)


def test_a_scan_does_not_depend_on_the_order_in_which_the_bone_is_stored(
    bone: ScannedBone, lean: BodyBuild, protocol: Callable[..., ScannerSettings]
) -> None:
    affine = np.array(bone.density.grid.affine)
    affine[:, :3] = affine[:, [2, 0, 1]]
    affine[:3, 3] += affine[:3, 0] * (bone.density.grid.shape[2] - 1)
    affine[:, 0] *= -1.0
    turned = tuple(np.array(bone.density.grid.shape)[[2, 0, 1]])
    grid = ImageGrid(shape=turned, affine=affine)
    other = ScannedBone(
        density=DensityField(grid=grid, rho=bone.density.rho.transpose(2, 0, 1)[::-1], kind="CaHA"),
        femur=LabelMask(grid=grid, inside=bone.femur.inside.transpose(2, 0, 1)[::-1]),
        head_centre=bone.head_centre,
        head_radius=bone.head_radius,
        side="right",
    )
    first, second = (
        simulate_scan(Anatomy(bones=(b,), body=lean), protocol(), seed=0).ct.hu
        for b in (bone, other)
    )
    np.testing.assert_array_equal(first, second)


def test_the_same_seed_gives_the_same_scan_and_another_seed_another(
    bone: ScannedBone, protocol: Callable[..., ScannerSettings]
) -> None:
    from femur_risk.scanner import Noise

    settings = protocol(noise=Noise(deviation_HU=20.0))
    first, again, other = (
        simulate_scan(Anatomy(bones=(bone,)), settings, seed=seed).ct.hu for seed in (3, 3, 4)
    )
    np.testing.assert_array_equal(first, again)
    assert np.mean(first != other) > 0.9


def test_an_oblique_bone_is_refused(bone: ScannedBone) -> None:
    turn = np.eye(4)
    turn[:2, :2] = [[np.cos(0.1), -np.sin(0.1)], [np.sin(0.1), np.cos(0.1)]]
    grid = ImageGrid(shape=bone.density.grid.shape, affine=turn @ bone.density.grid.affine)
    with pytest.raises(GridMismatchError, match=r"5\.73 degrees"):
        axes_of(grid)


def test_ash_density_and_two_bones_of_one_side_are_refused(bone: ScannedBone) -> None:
    ash = DensityField(grid=bone.density.grid, rho=bone.density.rho, kind="ash")
    with pytest.raises(DensityKindError, match="CaHA"):
        ScannedBone(
            density=ash, femur=bone.femur, head_centre=np.zeros(3), head_radius=20.0, side="left"
        )
    with pytest.raises(OutOfRangeError, match="right, right"):
        Anatomy(bones=(bone, bone))
