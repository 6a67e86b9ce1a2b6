"""A virtual femur: shape, bone and lesions of a person, known exactly."""

from dataclasses import dataclass, replace
from functools import cache

import numpy as np
from scipy import ndimage

from femur_fea.domain import DensityField, ImageGrid, LabelMask, Side
from meshing.anatomy import find_frame
from meshing.bone import (
    BoneGeometry,
    BoneQuality,
    draw_quality,
    fill_bone,
    geometry_of_surface,
    mix_edge,
)
from meshing.femora.shape import PersonShape, draw_shape
from meshing.lesions import Lesion, insert_into_density
from meshing.shape import LocalField, Sex, ShapeModel, load_shape_model, local_field

__all__ = ["Owner", "VirtualFemur", "draw_femur_of", "ideal_image", "with_lesions"]

_SHOWN = 0.45  # of the femur's length below the head's centre, as a scan of the hip shows: a choice
_MARGIN = 8.0  # mm of the grid round the bone
_MUSCLE = 0.04  # g/cm3 CaHA of muscle: near 50 HU at 120 kV


@dataclass(frozen=True, slots=True, kw_only=True)
class Owner:
    """Whose femur it is.

    Attributes
    ----------
    age : float, years
        Of an adult.
    sex : {"female", "male"}
        Sex.
    height : float, mm
        Of the body.
    side : {"left", "right"}
        Which femur.
    """

    age: float
    sex: Sex
    height: float
    side: Side


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class VirtualFemur:
    """The proximal part of a femur, with the truth about it.

    Attributes
    ----------
    owner : Owner
        The person.
    shape : PersonShape
        The whole femur's surface and what it measures.
    geometry : BoneGeometry
        The part that is shown, on a grid along the patient's axes; the shaft is cut by the grid.
    quality : BoneQuality
        How much bone it has.
    healed : DensityField
        CaHA density without lesions, continued beyond the surface as `fill_bone` does.
    density : DensityField
        The same with lesions.
    lesion, extension : LabelMask or None
        Voxels of lesions in the bone and outside it; None without lesions.
    """

    owner: Owner
    shape: PersonShape
    geometry: BoneGeometry
    quality: BoneQuality
    healed: DensityField
    density: DensityField
    lesion: LabelMask | None = None
    extension: LabelMask | None = None

    @property
    def mask(self) -> LabelMask:
        """The femur, lesions included."""
        return self.geometry.mask


def draw_femur_of(owner: Owner, *, seed: int | tuple[int, ...], spacing: float) -> VirtualFemur:
    """Return the femur of a person, without lesions.

    Parameters
    ----------
    owner : Owner
        The person.
    seed : int or tuple of int
        Draws shape and bone, each from a stream of its own: bone does not change with the shape.
    spacing : float, mm
        Of the cubic voxels.

    Raises
    ------
    OutOfRangeError
        If age or height is not that of an adult.
    NotConvergedError
        If the shape model has no such femur.
    """
    of_shape, of_bone = np.random.default_rng(seed).spawn(2)
    model, local = _model()
    shape = draw_shape(
        model, local, sex=owner.sex, height=owner.height, side=owner.side, rng=of_shape
    )
    quality = draw_quality(owner.age, owner.sex, of_bone)
    geometry = _shown(shape, spacing)
    bone = fill_bone(geometry, quality)
    return VirtualFemur(
        owner=owner, shape=shape, geometry=geometry, quality=quality, healed=bone, density=bone
    )


def with_lesions(femur: VirtualFemur, lesions: tuple[Lesion, ...]) -> VirtualFemur:
    """Return a femur with these lesions, which may be none, instead of those that it had.

    Raises
    ------
    EmptyMaskError
        If a lesion takes half of no voxel of the bone.
    """
    if not lesions:
        return replace(femur, density=femur.healed, lesion=None, extension=None)
    found = insert_into_density(femur.healed, femur.geometry, lesions)
    return replace(femur, density=found.image, lesion=found.lesion, extension=found.extension)


def ideal_image(femur: VirtualFemur, *, blur: float) -> DensityField:
    """Return what a scanner without noise and with a perfect calibration would show.

    Parameters
    ----------
    femur : VirtualFemur
        Within muscle.
    blur : float, mm
        Standard deviation of the point spread, the same in all directions.
    """
    sharp = mix_edge(femur.density, femur.geometry, surroundings=_MUSCLE)
    width = blur / sharp.grid.spacing
    blurred = ndimage.gaussian_filter(sharp.rho, width, mode="nearest")
    return DensityField(grid=sharp.grid, rho=blurred, kind=sharp.kind)


@cache
def _model() -> tuple[ShapeModel, LocalField]:
    model = load_shape_model()
    return model, local_field(model)


def _shown(shape: PersonShape, spacing: float) -> BoneGeometry:
    """Return the proximal part of a femur on a grid that ends where the scan does."""
    frame = find_frame(shape.surface, shape.side)
    lowest = frame.origin[2] - _SHOWN * shape.anatomy.length
    points = shape.surface.points
    part = points[points[:, 2] > lowest]
    low = part.min(axis=0) - _MARGIN
    low[2] = lowest
    n = np.ceil((part.max(axis=0) + _MARGIN - low) / spacing).astype(int) + 1
    affine = np.diag([spacing, spacing, spacing, 1.0])
    affine[:3, 3] = low
    grid = ImageGrid(shape=(int(n[0]), int(n[1]), int(n[2])), affine=affine)
    return geometry_of_surface(shape.surface, grid, frame)
