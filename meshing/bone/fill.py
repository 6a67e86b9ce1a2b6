"""Fill the outline of a femur with bone."""

from typing import cast

import numpy as np

from femur_fea.domain import DensityField, FloatArray
from meshing.bone.blending import smooth_step
from meshing.bone.coordinates import coordinates_of
from meshing.bone.cortex import cortical_density, cortical_thickness
from meshing.bone.geometry import BoneGeometry
from meshing.bone.quality import BoneQuality, draw_quality
from meshing.bone.shaft_line import find_shaft_line
from meshing.bone.trabeculae import trabecular_density
from meshing.shape.stature import Sex

__all__ = ["fill_bone", "mix_edge", "random_bone"]

_ENDOSTEUM = 0.8  # mm over which cortex turns into trabecular bone: a choice
_BEYOND = 3.0  # mm outside the bone to which its density is continued


def fill_bone(geometry: BoneGeometry, quality: BoneQuality) -> DensityField:
    """Return the CaHA density of a femur's bone on the grid of its geometry.

    The bone's density is continued 3 mm beyond its surface, so that whoever draws the edge can mix
    it with what is outside (`mix_edge`, or a scanner); farther out it is zero. All that is drawn by
    chance belongs to the bone's own coordinates: a femur that is moved, or mirrored, keeps its
    density.

    Parameters
    ----------
    geometry : BoneGeometry
        Any femur: a model's surface, a drawn one, or the mask of a scan.
    quality : BoneQuality
        How much bone it has; all of its chance is in its seeds.

    Raises
    ------
    SegmentationError
        If the bone does not show neck and trochanters.
    OutOfRangeError
        If the age is not that of an adult.
    """
    where = geometry.distance < _BEYOND
    points = geometry.grid.to_world(np.argwhere(where).astype(float))
    at = coordinates_of(points, geometry.frame, find_shaft_line(geometry))
    spongy = trabecular_density(at, geometry.frame, quality)
    thickness = cortical_thickness(at, quality)
    compact = _compact_share(-geometry.distance[where], thickness)
    rho = np.zeros(geometry.grid.shape, dtype=np.float32)
    rho[where] = spongy + (cortical_density(at, quality) - spongy) * compact
    return DensityField(grid=geometry.grid, rho=rho, kind="CaHA")


def random_bone(geometry: BoneGeometry, *, age: float, sex: Sex, seed: int) -> DensityField:
    """Return the CaHA density of a femur of a person drawn from the population.

    Parameters
    ----------
    geometry : BoneGeometry
        The femur's shape.
    age : float, years
        Of an adult.
    sex : {"female", "male"}
        Its sex, which changes density and cortex, not the shape.
    seed : int
        Draws the person.

    Raises
    ------
    SegmentationError, OutOfRangeError
        As `fill_bone`.
    """
    return fill_bone(geometry, draw_quality(age, sex, np.random.default_rng(seed)))


def mix_edge(density: DensityField, geometry: BoneGeometry, *, surroundings: float) -> DensityField:
    """Return the density with what surrounds the bone: mixed at its surface, over one voxel.

    Parameters
    ----------
    density : DensityField
        As `fill_bone` returns it.
    geometry : BoneGeometry
        The same femur.
    surroundings : float, g/cm3
        Density outside the bone; muscle has some 0.04.
    """
    voxel = geometry.grid.voxel_volume ** (1.0 / 3.0)
    share = np.clip(0.5 - geometry.distance / voxel, 0.0, 1.0)
    mixed = surroundings + (density.rho - surroundings) * share
    return DensityField(grid=density.grid, rho=cast(FloatArray, mixed), kind=density.kind)


def _compact_share(depth: FloatArray, thickness: FloatArray) -> FloatArray:
    """Return the part that is compact at depths below the surface, shape (n,).

    Its integral over depth is the thickness.
    """
    width = np.minimum(_ENDOSTEUM, 2.0 * thickness)
    return smooth_step((thickness - depth) / width + 0.5)
