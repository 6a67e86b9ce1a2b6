"""From a closed surface to a signed distance on an image grid."""

import numpy as np
from scipy import ndimage
from scipy.spatial import cKDTree

from femur_fea.domain import (
    BoolArray,
    FemoralFrame,
    FloatArray,
    ImageGrid,
    IntArray,
    TriangleSurface,
)
from femur_fea.errors import NotWatertightError
from meshing.bone.geometry import BoneGeometry

__all__ = ["geometry_of_surface"]

_SAMPLING = 1.0  # mm between the points that stand for a triangle
_REACH = 6.0  # mm round the bone in which the distance is computed; beyond it is this much
_LAYERS_INSIDE, _LAYERS_OUTSIDE = 2.6, 1.01  # voxels that count as next to the surface
_CAP_HEIGHT = 15.0  # mm above the lowest point in which the cut of a shaft is looked for
_CAP_TILT = np.cos(np.deg2rad(35.0))  # of the cut against the section across the shaft
_CAP_FLATNESS = np.cos(np.deg2rad(5.0))
_CAP_AREA = 200.0  # mm2; a condyle has some 40 mm2 that are as flat
_CAP_RIM = 2.5  # mm above the cut in which a smoothed surface turns from the cut to the wall


def geometry_of_surface(
    surface: TriangleSurface, grid: ImageGrid, frame: FemoralFrame
) -> BoneGeometry:
    """Return the geometry of a femur given as a closed surface.

    Parameters
    ----------
    surface : TriangleSurface
        Closed, LPS. A flat distal end is taken for the cut of a shaft that goes on.
    grid : ImageGrid
        Where the distance is wanted; voxels of a few millimetres or less.
    frame : FemoralFrame
        Axes and landmarks of the femur.

    Raises
    ------
    NotWatertightError
        If the surface is not closed.
    EmptyMaskError
        If no voxel's centre lies in the bone.

    Notes
    -----
    The side on which a voxel lies is exact. Next to the surface its distance is that to the plane
    of the nearest triangle; deeper and farther out it is that to the nearest voxel of these on the
    other side, less what that one is off the surface, which is some tenth of a voxel too much.
    """
    if not surface.is_closed:
        raise NotWatertightError(
            found=f"a surface with {surface.n_faulty_edges} open or crossing edges",
            expected="a closed surface",
            remedy="cap the distal cut",
        )
    box = _box(surface, grid)
    inside = _inside(surface, grid)[box]
    near, exact, on_side = _next_to_surface(surface, frame, grid, box, inside)
    distance = np.full(grid.shape, _REACH, dtype=np.float32)
    local = distance[box]  # a view
    for here in (inside, ~inside):
        apart = _from_other_side(near & ~here & on_side, exact, grid.spacing)
        local[here] = np.where(inside, -apart, np.minimum(apart, _REACH))[here]
    kept = near & on_side
    local[kept] = np.where(inside, -exact, exact)[kept]
    return BoneGeometry(grid=grid, distance=distance, frame=frame)


def _box(surface: TriangleSurface, grid: ImageGrid) -> tuple[slice, slice, slice]:
    """Return the part of the grid that holds the surface and what is within reach of it."""
    steps = np.ceil(_REACH / grid.spacing)
    index = grid.to_index(surface.points)
    low = np.clip(np.floor(index.min(axis=0) - steps), 0, np.array(grid.shape) - 1).astype(int)
    high = np.clip(np.ceil(index.max(axis=0) + steps) + 1, 1, grid.shape).astype(int)
    i, j, k = (slice(int(a), int(b)) for a, b in zip(low, high, strict=True))
    return i, j, k


def _next_to_surface(
    surface: TriangleSurface,
    frame: FemoralFrame,
    grid: ImageGrid,
    box: tuple[slice, slice, slice],
    inside: BoolArray,
) -> tuple[BoolArray, FloatArray, BoolArray]:
    """Return where voxels lie next to the surface, how far off, and whether it is the bone's side.

    All three have the shape of the box; the second is the distance in mm.
    """
    near = np.zeros_like(inside)
    for here, layers in ((inside, _LAYERS_INSIDE), (~inside, _LAYERS_OUTSIDE)):
        if not here.all():
            apart = ndimage.distance_transform_edt(here, sampling=grid.spacing)
            near |= here & (apart <= layers * grid.spacing.max())
    points, normals, of_side = _samples(surface, ~_cap(surface, frame))
    first = np.array([part.start for part in box])
    at = grid.to_world((np.argwhere(near) + first).astype(float))
    to_point, nearest = cKDTree(points).query(at)
    height = np.abs(np.einsum("ij,ij->i", at - points[nearest], normals[nearest]))
    beside = np.sqrt(np.maximum(to_point**2 - height**2, 0.0))
    exact = np.zeros(inside.shape)
    exact[near] = np.maximum(np.where(beside <= _SAMPLING, height, to_point), 1e-6)
    on_side = np.zeros_like(inside)
    on_side[near] = of_side[nearest]
    return near, exact, on_side


def _from_other_side(source: BoolArray, exact: FloatArray, spacing: FloatArray) -> FloatArray:
    """Return the distance to the surface through the nearest of the voxels beyond it, mm."""
    if not source.any():
        return np.full(source.shape, _REACH)
    apart, nearest = ndimage.distance_transform_edt(~source, sampling=spacing, return_indices=True)
    return np.asarray(np.maximum(apart - exact[tuple(nearest)], 1e-6))


def _inside(surface: TriangleSurface, grid: ImageGrid) -> BoolArray:
    """Return the voxels whose centres lie in a closed surface, found along lines of voxels."""
    import pyvista
    from vtkmodules.util.numpy_support import vtk_to_numpy
    from vtkmodules.vtkImagingStencil import vtkImageStencilToImage, vtkPolyDataToImageStencil

    triangles = surface.triangles
    faces = np.column_stack([np.full(len(triangles), 3), triangles]).ravel()
    stencil = vtkPolyDataToImageStencil()
    stencil.SetInputData(pyvista.PolyData(grid.to_index(surface.points), faces))
    ni, nj, nk = grid.shape
    stencil.SetOutputWholeExtent(0, ni - 1, 0, nj - 1, 0, nk - 1)
    stencil.SetTolerance(0.0)
    image = vtkImageStencilToImage()
    image.SetInputConnection(stencil.GetOutputPort())
    image.SetInsideValue(1)
    image.SetOutsideValue(0)
    image.SetOutputScalarTypeToUnsignedChar()
    image.Update()
    scalars = vtk_to_numpy(image.GetOutput().GetPointData().GetScalars())
    return np.asarray(scalars.reshape((ni, nj, nk), order="F") > 0)


def _cap(surface: TriangleSurface, frame: FemoralFrame) -> BoolArray:
    """Return which triangles make up the plane in which a shaft is cut, if it is."""
    areas = np.linalg.norm(surface.area_vectors, axis=1)
    normals = surface.area_vectors / np.maximum(areas, 1e-12)[:, None]
    height = surface.centroids @ frame.axes[2]
    low = height < height.min() + _CAP_HEIGHT
    down = low & (normals @ -frame.axes[2] > _CAP_TILT)
    mean = (areas[down, None] * normals[down]).sum(axis=0)
    mean /= max(float(np.linalg.norm(mean)), 1e-12)
    flat = down & (normals @ mean > _CAP_FLATNESS)
    if areas[flat].sum() < _CAP_AREA:
        return np.zeros_like(flat)
    above = (surface.centroids[flat].mean(axis=0) - surface.centroids) @ mean
    return np.asarray(above < _CAP_RIM)


def _samples(
    surface: TriangleSurface, of_side: BoolArray
) -> tuple[FloatArray, FloatArray, BoolArray]:
    """Return points spread over the triangles, (n, 3), the normals and marks of their triangles."""
    corner = surface.points[surface.triangles]
    area = surface.area_vectors
    normal = area / np.maximum(np.linalg.norm(area, axis=1), 1e-12)[:, None]
    longest = np.linalg.norm(corner - np.roll(corner, 1, axis=1), axis=2).max(axis=1)
    parts: IntArray = np.maximum(1, np.ceil(longest / _SAMPLING)).astype(int)
    points, triangles = [], []
    for n in np.unique(parts):
        chosen = np.flatnonzero(parts == n)
        weights = _lattice(int(n))
        points.append(np.einsum("pc,tcx->tpx", weights, corner[chosen]).reshape(-1, 3))
        triangles.append(np.repeat(chosen, len(weights)))
    of = np.concatenate(triangles)
    return np.concatenate(points), normal[of], of_side[of]


def _lattice(parts: int) -> FloatArray:
    """Return barycentric coordinates of the centres of a triangle's parts^2 equal parts."""
    up = [(i, j) for i in range(parts) for j in range(parts - i)]
    down = [(i, j) for i in range(parts - 1) for j in range(parts - 1 - i)]
    ij = np.array(
        [(i + 1 / 3, j + 1 / 3) for i, j in up] + [(i + 2 / 3, j + 2 / 3) for i, j in down]
    )
    ij /= parts
    return np.column_stack([ij, 1.0 - ij.sum(axis=1)])
