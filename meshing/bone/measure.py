"""Density, mineral and cortical thickness by region, of any density image of a femur."""

from dataclasses import dataclass

import numpy as np
from scipy import ndimage

from femur_fea.domain import (
    BoolArray,
    DensityField,
    FloatArray,
    check_density_kind,
    check_same_grid,
)
from meshing.bone.coordinates import FemurCoordinates, coordinates_of
from meshing.bone.geometry import BoneGeometry
from meshing.bone.shaft_line import find_shaft_line

__all__ = ["RegionMeasure", "measure_regions", "measure_thickness"]

# As quantitative CT of the hip tells cortex from trabecular bone: by a threshold near the surface,
# and away from it. The numbers are choices; programs differ.
_CORTICAL = 0.35  # g/cm3
_NEAR_SURFACE, _DEEP = 6.0, 3.0  # mm

_RIDGE, _LESSER_TROCHANTER = -0.15, 0.9  # head radii below the crossing of neck and shaft axis

_PROFILE_OUTSIDE, _PROFILE_INSIDE, _PROFILE_STEP = 2.0, 14.0, 0.1  # mm


@dataclass(frozen=True, slots=True, kw_only=True)
class RegionMeasure:
    """What a region of a femur holds.

    Attributes
    ----------
    name : str
        Of the region.
    volume : float, mm3
        Within the outer surface.
    integral : float, g/cm3
        Mean density.
    trabecular, cortical : float or None, g/cm3
        Mean density of what counts as trabecular or cortical; None where nothing does.
    mineral : float, g
        Density integrated over the region.
    trabecular_share : float
        Part of the mineral that does not lie in what counts as cortical.
    """

    name: str
    volume: float
    integral: float
    trabecular: float | None
    cortical: float | None
    mineral: float
    trabecular_share: float


def measure_regions(density: DensityField, geometry: BoneGeometry) -> tuple[RegionMeasure, ...]:
    """Return the measures of head, neck, trochanters, both of these, and shaft.

    Regions that the image does not show are left out.

    Raises
    ------
    DensityKindError
        If the density is not CaHA-equivalent, as the threshold of cortical bone is.
    GridMismatchError
        If the two do not share a grid.
    SegmentationError
        If the bone does not show neck and trochanters.
    """
    check_density_kind(found=density.kind, expected="CaHA", where="the measures of regions")
    check_same_grid("the density", density.grid, "the geometry", geometry.grid)
    inside = geometry.inside
    at = _coordinates(geometry, np.argwhere(inside).astype(float))
    rho, depth = density.rho[inside], -geometry.distance[inside]
    measured = []
    for name, chosen in _regions(at).items():
        if chosen.any():
            measured.append(_measure(name, rho[chosen], depth[chosen], geometry.grid.voxel_volume))
    return tuple(measured)


def measure_thickness(density: DensityField, geometry: BoneGeometry) -> dict[str, FloatArray]:
    """Return the cortical thickness by region, at the voxels next to the surface, mm.

    Parameters
    ----------
    density : DensityField
        With what surrounds the bone (`mix_edge`, or a calibrated scan).
    geometry : BoneGeometry
        The bone, on the same grid.

    Returns
    -------
    dict
        Thicknesses (n,) by name: head, greater trochanter, lateral wall between the trochanters,
        and four quadrants of the neck, of the section at the lesser trochanter and of the shaft.

    Raises
    ------
    GridMismatchError
        If the two do not share a grid.
    SegmentationError
        If the bone does not show neck and trochanters.

    Notes
    -----
    It is the full width at half of the peak along the normal, with all that blur does to it: of a
    cortex thinner than the resolution it is too large.
    """
    check_same_grid("the density", density.grid, "the geometry", geometry.grid)
    spacing = geometry.grid.spacing
    index = np.argwhere(np.abs(geometry.distance) < 0.5 * spacing.min()).astype(float)
    at = _coordinates(geometry, index)
    thickness = _widths(_profiles(density.rho, geometry, index))
    regions = _surface_regions(at)
    return {name: thickness[chosen] for name, chosen in regions.items() if chosen.any()}


def _coordinates(geometry: BoneGeometry, index: FloatArray) -> FemurCoordinates:
    return coordinates_of(geometry.grid.to_world(index), geometry.frame, find_shaft_line(geometry))


def _regions(at: FemurCoordinates) -> dict[str, BoolArray]:
    """Return which points lie in each region; bounds are choices in sizes of the bone."""
    from_head = at.along_neck * at.neck_length / at.head_radius
    above_shaft = at.below < 1.2
    neck = (from_head > 0.95) & (at.along_neck < 0.8) & above_shaft
    trochanter = (at.along_neck >= 0.8) & above_shaft
    return {
        "head": from_head <= 0.95,
        "neck": neck,
        "trochanter": trochanter,
        "neck_and_trochanter": neck | trochanter,
        "shaft": (at.below > 2.6) & (at.below < 4.6),
    }


def _surface_regions(at: FemurCoordinates) -> dict[str, BoolArray]:
    from_head = at.along_neck * at.neck_length / at.head_radius
    neck = (from_head > 1.0) & (at.along_neck < 0.75) & (at.below < 1.0)
    shaft = (at.below > 3.0) & (at.below < 4.6)
    lesser = np.abs(at.below - _LESSER_TROCHANTER) < 0.15
    quadrant = np.round(at.shaft_angle / (0.5 * np.pi)).astype(int) % 4
    neck_quadrant = np.floor(at.neck_angle / (0.5 * np.pi)).astype(int) % 4
    return {
        "head": from_head < 0.4,
        "trochanter": (at.along_neck > 1.1) & (at.below < _RIDGE),
        "lateral_wall": (quadrant == 0) & (at.below > _RIDGE) & (at.below < _LESSER_TROCHANTER),
        **{
            f"neck_{name}": neck & (neck_quadrant == n)
            for n, name in enumerate(
                ("superoanterior", "inferoanterior", "inferoposterior", "superoposterior")
            )
        },
        **{
            f"{level}_{name}": there & (quadrant == n)
            for level, there in (("lesser_trochanter", lesser), ("shaft", shaft))
            for n, name in enumerate(("lateral", "anterior", "medial", "posterior"))
        },
    }


def _measure(name: str, rho: FloatArray, depth: FloatArray, voxel: float) -> RegionMeasure:
    cortical = (rho > _CORTICAL) & (depth < _NEAR_SURFACE)
    trabecular = ~cortical & (depth > _DEEP)
    total = float(rho.sum(dtype=float))
    return RegionMeasure(
        name=name,
        volume=len(rho) * voxel,
        integral=total / len(rho),
        trabecular=_mean(rho[trabecular]),
        cortical=_mean(rho[cortical]),
        mineral=total * voxel / 1000.0,
        trabecular_share=1.0 - float(rho[cortical].sum(dtype=float)) / total,
    )


def _mean(values: FloatArray) -> float | None:
    return float(values.mean(dtype=float)) if values.size else None


def _profiles(rho: FloatArray, geometry: BoneGeometry, index: FloatArray) -> FloatArray:
    """Return densities along the inward normals from outside to inside, shape (n, n_steps)."""
    slopes = np.gradient(geometry.distance)
    normal = np.column_stack([_sample(np.asarray(slope), index) for slope in slopes])
    # a gradient with respect to indices becomes one in space by the inverse transpose
    world = normal @ np.linalg.inv(geometry.grid.affine[:3, :3])
    world /= np.maximum(np.linalg.norm(world, axis=1), 1e-9)[:, None]
    inward = -world @ np.linalg.inv(geometry.grid.affine[:3, :3]).T
    start = index + inward * _sample(geometry.distance, index)[:, None]
    steps = np.arange(-_PROFILE_OUTSIDE, _PROFILE_INSIDE, _PROFILE_STEP)
    return np.column_stack([_sample(rho, start + step * inward) for step in steps])


def _sample(values: FloatArray, index: FloatArray) -> FloatArray:
    return np.asarray(
        ndimage.map_coordinates(values, index.T, order=1, mode="nearest", output=np.float32)
    )


def _widths(profiles: FloatArray) -> FloatArray:
    """Return the width of the first peak at half its height, shape (n,), mm."""
    first = int((_PROFILE_OUTSIDE + 3.0) / _PROFILE_STEP)  # the peak lies within 3 mm
    peak = profiles[:, :first].argmax(axis=1)
    above = profiles > 0.5 * profiles[np.arange(len(profiles)), peak][:, None]
    column = np.arange(profiles.shape[1])
    below_before = np.where(above | (column > peak[:, None]), -1, column).max(axis=1)
    below_after = np.where(above | (column < peak[:, None]), profiles.shape[1], column).min(axis=1)
    return np.asarray((below_after - below_before - 1) * _PROFILE_STEP)
