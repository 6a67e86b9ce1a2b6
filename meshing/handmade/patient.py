"""A virtual patient whose femur is put together by hand, for tests of mechanics and benchmarks."""

from dataclasses import dataclass

import numpy as np

from femur_fea.domain import Acquisition, CTVolume, FloatArray, ImageGrid, LabelMask, Side
from meshing.handmade.density import bone_density
from meshing.handmade.geometry import femur_distance, lesion_distance
from meshing.handmade.scan import LESION, blend, scan, soft_tissue

__all__ = ["VirtualPatient", "handmade_patient"]

_SHAPE = (206, 190, 156)
_SPACING = (0.9, 0.9, 1.5)  # mm
_FIRST_VOXEL = (-198.0, -78.0, -201.0)  # mm, LPS; the femur is cut at the lowest slice
_HEAD_CENTRE = (-88.0, -6.0, 0.0)  # mm, LPS
_MASS_KG = 70.0
_HU_SLOPE, _HU_INTERCEPT = 0.00079, -0.004  # g/cm3 CaHA per HU, and at 0 HU
_REACH = 4.0  # mm round the femur in which its edge and blur are drawn


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class VirtualPatient:
    """A patient whose bone is known exactly.

    Attributes
    ----------
    ct : CTVolume
        Simulated scan, LPS, supine.
    femur : LabelMask
        Voxels whose centres lie in the femur, lesion included.
    lesion : LabelMask
        Voxels whose centres lie in the lesion and in the femur.
    side : {"left", "right"}
        Which femur.
    mass_kg : float
        Body mass.
    hu_slope : float, g/cm3 per HU
        True calibration: CaHA density = hu_slope * HU + hu_intercept.
    hu_intercept : float, g/cm3
        True CaHA density at 0 HU.
    description : str
        What the case is, in one sentence.
    """

    ct: CTVolume
    femur: LabelMask
    lesion: LabelMask
    side: Side
    mass_kg: float
    hu_slope: float
    hu_intercept: float
    description: str


def handmade_patient(*, seed: int = 0) -> VirtualPatient:
    """Return a right proximal femur with a lytic lesion in the medial neck, and its CT.

    A geometry put together from balls and cones, not a statistical femur: sizes,
    densities and the scanner are choices named in the modules beside this one. The shape of the
    bone is always the same; `seed` draws the lesion's outline, the trabecular texture and the
    noise.
    """
    texture_rng, lesion_rng, noise_rng = np.random.default_rng(seed).spawn(3)
    grid = _grid()
    box, points = _box_round_femur(grid)
    femur = femur_distance(points)
    lesion = np.maximum(lesion_distance(points, lesion_rng), femur)
    density = bone_density(points, femur, texture_rng)
    hu = soft_tissue(grid)
    hu[box] = blend(hu[box], (density - _HU_INTERCEPT) / _HU_SLOPE, femur)
    hu[box] = blend(hu[box], LESION, lesion)
    return VirtualPatient(
        ct=CTVolume(
            grid=grid,
            hu=scan(hu, grid.spacing, noise_rng),
            acquisition=Acquisition(
                tube_voltage_kV=120.0, slice_thickness_mm=_SPACING[2], contrast_agent=False
            ),
        ),
        femur=_mask(grid, box, femur),
        lesion=_mask(grid, box, lesion),
        side="right",
        mass_kg=_MASS_KG,
        hu_slope=_HU_SLOPE,
        hu_intercept=_HU_INTERCEPT,
        description="virtual right femur with a lytic lesion of about 22 mm in the medial neck",
    )


def _grid() -> ImageGrid:
    affine = np.diag([*_SPACING, 1.0])
    affine[:3, 3] = _FIRST_VOXEL
    return ImageGrid(shape=_SHAPE, affine=affine)


def _box_round_femur(grid: ImageGrid) -> tuple[tuple[slice, slice, slice], FloatArray]:
    """Return the part of the grid round the femur and its local coordinates, shape (..., 3)."""
    axes = [
        np.float32(f) + np.arange(n, dtype=np.float32) * np.float32(s)
        for f, n, s in zip(_FIRST_VOXEL, grid.shape, _SPACING, strict=True)
    ]
    # a coarse pass finds where the femur is
    coarse = [a[::4] for a in axes]
    close = femur_distance(_local(coarse)) < _REACH + 4.0 * max(_SPACING)
    found = np.argwhere(close) * 4
    low, high = found.min(axis=0) - 4, found.max(axis=0) + 5
    i, j, k = (
        slice(max(0, int(a)), min(n, int(b))) for a, b, n in zip(low, high, grid.shape, strict=True)
    )
    return (i, j, k), _local([axes[0][i], axes[1][j], axes[2][k]])


def _local(axes: list[FloatArray]) -> FloatArray:
    """Return (lateral, anterior, proximal) from the head's centre; lateral of the right is -x."""
    x, y, z = np.meshgrid(*axes, indexing="ij")
    return np.stack([_HEAD_CENTRE[0] - x, _HEAD_CENTRE[1] - y, z - _HEAD_CENTRE[2]], axis=-1)


def _mask(grid: ImageGrid, box: tuple[slice, slice, slice], distance: FloatArray) -> LabelMask:
    inside = np.zeros(grid.shape, dtype=bool)
    inside[box] = distance < 0.0
    return LabelMask(grid=grid, inside=inside)
