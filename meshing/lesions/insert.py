"""Put lesions into an image of a femur and keep the image as it was: the healed twin."""

import warnings
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from femur_fea.domain import (
    BoolArray,
    CTVolume,
    DensityField,
    FloatArray,
    IntArray,
    LabelMask,
    check_density_kind,
    check_same_grid,
)
from femur_fea.errors import FemurFEAWarning, OutOfRangeError
from meshing.bone.geometry import BoneGeometry
from meshing.lesions.content import DENSITY_CONTENT, HU_CONTENT, LesionContent
from meshing.lesions.implant import implant
from meshing.lesions.lesion import Lesion
from meshing.lesions.noise import CTNoise, measure_noise

__all__ = [
    "USUAL_BLUR",
    "WithLesions",
    "grow_in_ct",
    "grow_in_density",
    "insert_into_ct",
    "insert_into_density",
]

USUAL_BLUR = 0.65  # mm, standard deviation: as of a sharp soft-tissue kernel, a choice

_NOISE_REACH = 40.0  # mm round a lesion in which muscle is looked for


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class WithLesions[T]:
    """An image with lesions and what it was before.

    Attributes
    ----------
    image : CTVolume or DensityField
        With lesions.
    healed : CTVolume or DensityField
        The image as given: the lesion-free twin.
    lesion : LabelMask
        Voxels of the bone of which a lesion takes half or more.
    extension : LabelMask
        Voxels outside the bone of which a lesion takes half or more.
    """

    image: T
    healed: T
    lesion: LabelMask
    extension: LabelMask


def insert_into_density(
    density: DensityField,
    geometry: BoneGeometry,
    lesions: Sequence[Lesion],
    *,
    content: LesionContent = DENSITY_CONTENT,
) -> WithLesions[DensityField]:
    """Return a density image with lesions.

    Parameters
    ----------
    density : DensityField
        CaHA density of bone, such as `meshing.bone.fill_bone` makes it.
    geometry : BoneGeometry
        The femur, on the same grid.
    lesions : sequence of Lesion
        Put in one after the other.
    content : LesionContent
        What they hold, g/cm3.

    Raises
    ------
    DensityKindError
        If the density is not CaHA-equivalent, as what lesions hold is.
    GridMismatchError
        If image and geometry do not share a grid.
    EmptyMaskError
        If a lesion takes half of no voxel of the bone.
    """
    check_density_kind(found=density.kind, expected="CaHA", where="lesions")
    check_same_grid("the density", density.grid, "the geometry", geometry.grid)
    rho, found = density.rho, []
    for lesion in lesions:
        rho, *masks = implant(rho, geometry, lesion, content, blur=0.0, noise=None)
        found.append(masks)
    image = DensityField(grid=density.grid, rho=rho, kind=density.kind)
    return _together(image, density, geometry, found)


def insert_into_ct(
    ct: CTVolume,
    geometry: BoneGeometry,
    lesions: Sequence[Lesion],
    *,
    blur: float = USUAL_BLUR,
    content: LesionContent = HU_CONTENT,
) -> WithLesions[CTVolume]:
    """Return a CT with lesions, as its scanner would have shown them.

    Borders are mixed by how much of a voxel a lesion takes and blurred like the scan. Where tissue
    is replaced, noise of the strength and correlation measured in the muscle nearby is put back.
    Voxels that no lesion touches keep their CT number.

    Parameters
    ----------
    ct : CTVolume
        A scan of a patient, or a simulated one.
    geometry : BoneGeometry
        The femur, on the same grid.
    lesions : sequence of Lesion
        Put in one after the other.
    blur : float, mm
        Standard deviation of the scanner's point spread, alike in all directions.
    content : LesionContent
        What they hold, HU.

    Raises
    ------
    GridMismatchError
        If image and geometry do not share a grid.
    EmptyMaskError
        If a lesion takes half of no voxel of the bone.
    """
    check_same_grid("the CT", ct.grid, "the geometry", geometry.grid)
    hu, found = ct.hu.astype(np.float32), []
    for lesion in lesions:
        noise = _noise_near(ct, geometry, lesion)
        hu, *masks = implant(hu, geometry, lesion, content, blur=blur, noise=noise)
        found.append(masks)
    image = replace(ct, hu=_stored_like(ct.hu, hu))
    return _together(image, ct, geometry, found)


def grow_in_density(
    density: DensityField, geometry: BoneGeometry, lesion: Lesion, diameters: Sequence[float]
) -> list[WithLesions[DensityField]]:
    """Return time points of one growing lesion: the same outline, larger each time.

    Raises
    ------
    OutOfRangeError
        If the diameters (mm) do not ascend.
    GridMismatchError, EmptyMaskError
        As `insert_into_density`.
    """
    return [insert_into_density(density, geometry, [one]) for one in _grown(lesion, diameters)]


def grow_in_ct(
    ct: CTVolume,
    geometry: BoneGeometry,
    lesion: Lesion,
    diameters: Sequence[float],
    *,
    blur: float = USUAL_BLUR,
) -> list[WithLesions[CTVolume]]:
    """Return time points of one growing lesion: the same outline, larger each time.

    Raises
    ------
    OutOfRangeError
        If the diameters (mm) do not ascend.
    GridMismatchError, EmptyMaskError
        As `insert_into_ct`.
    """
    return [insert_into_ct(ct, geometry, [one], blur=blur) for one in _grown(lesion, diameters)]


def _grown(lesion: Lesion, diameters: Sequence[float]) -> list[Lesion]:
    if any(second <= first for first, second in pairwise(diameters)):
        raise OutOfRangeError(
            found=f"diameters of {', '.join(f'{d:g}' for d in diameters)} mm",
            expected="diameters that ascend",
            remedy="sort them; a lesion that shrinks is another lesion",
        )
    return [replace(lesion, diameter=diameter) for diameter in diameters]


def _stored_like(old: FloatArray | IntArray, new: FloatArray) -> FloatArray | IntArray:
    """Return new CT numbers in the type of the old ones; whole numbers are rounded."""
    if np.issubdtype(old.dtype, np.integer):
        whole: IntArray = np.rint(new).astype(old.dtype)
        return whole
    real: FloatArray = new.astype(old.dtype)
    return real


def _together[T](
    image: T, healed: T, geometry: BoneGeometry, found: list[list[BoolArray]]
) -> WithLesions[T]:
    """Return the image with the union of what its lesions take in and outside the bone."""
    nothing = np.zeros(geometry.inside.shape, dtype=bool)
    union = [nothing, nothing]
    for masks in found:
        union = [before | now for before, now in zip(union, masks, strict=True)]
    lesion, extension = (LabelMask(grid=geometry.grid, inside=part) for part in union)
    return WithLesions(image=image, healed=healed, lesion=lesion, extension=extension)


def _noise_near(ct: CTVolume, geometry: BoneGeometry, lesion: Lesion) -> CTNoise | None:
    """Return the noise of the muscle round a lesion; warn where there is too little of it."""
    centre = geometry.frame.to_world(np.array([lesion.centre]))
    middle = geometry.grid.to_index(centre)[0]
    reach = (_NOISE_REACH + 0.5 * lesion.diameter) / geometry.grid.spacing
    low = np.clip(np.floor(middle - reach), 0, np.array(ct.grid.shape) - 1).astype(int)
    high = np.clip(np.ceil(middle + reach) + 1, 1, ct.grid.shape).astype(int)
    i, j, k = (slice(int(a), int(b)) for a, b in zip(low, high, strict=True))
    noise = measure_noise(ct.hu[i, j, k], geometry.distance[i, j, k])
    if noise is None:
        warnings.warn(
            "too little muscle beside the lesion to measure the noise of the scan: the lesion has"
            " none",
            FemurFEAWarning,
            stacklevel=3,
        )
    return noise
