"""The level of an implicit function that encloses a given volume."""

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from femur_fea.domain import FloatArray, IntArray, TriangleSurface
from femur_fea.errors import EmptyMaskError, NotWatertightError
from meshing.implicit import ImplicitBone

__all__ = ["contour", "contour_of_volume", "shell_of_points"]

_VOLUME_TOLERANCE = 1e-4  # far below the 0.5 % that remeshing with flat triangles takes away
_MOST_STEPS = 12


def contour_of_volume(bone: ImplicitBone, volume: float) -> tuple[TriangleSurface, float]:
    """Return the level surface that encloses `volume` (mm3), and its level.

    Smoothing shrinks convex parts; moving the level gives the lost volume back.

    Raises
    ------
    NotWatertightError
        If no level encloses that volume, or the surface is not closed.
    """
    level, growth = 0.0, 1.0
    surface = contour(bone, level)
    for _ in range(_MOST_STEPS):
        missing = volume - surface.volume
        if abs(missing) < _VOLUME_TOLERANCE * volume:
            return _closed(surface), level
        step = missing / (surface.area * growth)
        level += step
        moved = contour(bone, level)
        # how far the surface moves for a change of level, by secant; 1 for a true distance
        growth *= (moved.volume - surface.volume) / missing
        surface = moved
    raise NotWatertightError(
        found=f"a smoothed surface that encloses {surface.volume:.0f} mm3",
        expected=f"the mask's {volume:.0f} mm3 within {100 * _VOLUME_TOLERANCE:.2g} %",
        remedy="check the mask for thin or ragged parts",
    )


def contour(bone: ImplicitBone, level: float) -> TriangleSurface:
    """Return the surface of the bone grown by `level` mm, facing outwards; of any topology.

    Raises
    ------
    EmptyMaskError
        If nothing is left of the bone at that level.
    """
    values = bone.at_level(level)
    if not (values < 0.0).any():
        raise EmptyMaskError(
            found=f"a mask of which smoothing leaves nothing at a level of {level:.2f} mm",
            expected="a bone thicker than a few voxels",
            remedy="check the label value and the segmentation",
        )
    points, triangles = _flying_edges(values)
    affine = bone.affine
    mirrored = np.linalg.det(affine[:3, :3]) < 0.0
    return TriangleSurface(
        points=points @ affine[:3, :3].T + affine[:3, 3],
        triangles=triangles if mirrored else triangles[:, ::-1],
    )


def _closed(surface: TriangleSurface) -> TriangleSurface:
    """Return the surface itself after checking that it is one closed shell."""
    n_shells = int(shell_of_points(surface).max()) + 1
    if surface.is_closed and n_shells == 1:
        return surface
    raise NotWatertightError(
        found=f"a smoothed surface of {n_shells} shells with {surface.n_faulty_edges} open or "
        "crossing edges",
        expected="one closed surface",
        remedy="check the mask for parts that hang on by a corner or by one voxel",
    )


def shell_of_points(surface: TriangleSurface) -> IntArray:
    """Return the number of the shell that each point lies on, shape (n_points,)."""
    start, end = surface.triangles, np.roll(surface.triangles, -1, axis=1)
    ones = np.ones(start.size, dtype=bool)
    shape = (surface.n_points, surface.n_points)
    graph = coo_array((ones, (start.ravel(), end.ravel())), shape=shape)
    return np.asarray(connected_components(graph, directed=False)[1])


def _flying_edges(values: FloatArray) -> tuple[FloatArray, IntArray]:
    """Return the zero contour in lattice indices, facing towards negative values as VTK does."""
    import pyvista

    image = pyvista.ImageData(dimensions=values.shape)
    image["values"] = values.ravel(order="F")
    mesh = image.contour(
        [0.0], scalars="values", method="flying_edges", compute_normals=False, compute_scalars=False
    )
    triangles = mesh.faces.reshape(-1, 4)[:, 1:].astype(np.int64)
    points = np.asarray(mesh.points, dtype=float)
    return points, triangles
