"""The density of a bone as it was before the scanner blurred its cortex."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import ndimage
from scipy.spatial import cKDTree

from femur_fea.domain import (
    BoolArray,
    DensityField,
    FloatArray,
    ImageGrid,
    IntArray,
    LabelMask,
    check_same_grid,
)
from femur_fea.restoration.layer import BlurredLayer
from femur_fea.restoration.profiles import DEPTH, CorticalScan, find_layers, measure_scan
from femur_fea.restoration.settings import RestorationSettings
from femur_fea.restoration.surface import SurfaceSites, surface_sites

__all__ = ["RestoredCortex", "restore_cortex"]

_FINE = 0.75  # mm: largest spacing of the image that shows a thin cortex
_AT_ONCE = 500_000  # samples held in memory


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class RestoredCortex:
    """Density with a sharp cortex, and how it was found.

    Attributes
    ----------
    density : DensityField
        The density, on a finer grid.
    femur : LabelMask
        The bone on that grid.
    scan : CorticalScan
        Blur and cortical density.
    thickness : (n_sites,), mm
        Thickness of the cortex at the sites of the surface that a layer was fitted to.
    fitted_fraction : float
        Share of the sites that a layer fits; others take the median of their neighbours.
    """

    density: DensityField
    femur: LabelMask
    scan: CorticalScan
    thickness: FloatArray
    fitted_fraction: float


def restore_cortex(
    density: DensityField, femur: LabelMask, settings: RestorationSettings
) -> RestoredCortex:
    """Return the density with what the scanner's blur did to the cortex undone.

    At every site of the surface a blurred layer is fitted to the density along the inward normal.
    Its blurred profile is taken away from the image and a sharp layer of the same thickness and
    density put in its place, from the surface of the mask inward, so that the mineral of the
    cortex is kept where the mask lies a little outside or inside the bone. What the layer does not
    explain, texture and noise, stays. The result lies on a grid of at most 0.75 mm; outside
    the mask it is that of the nearest voxel.

    Parameters
    ----------
    density : DensityField
        Linear in the CT number: an equivalent density, not yet clamped, g/cm3.
    femur : LabelMask
        The bone, on the same grid, whose third axis goes from slice to slice.
    settings : RestorationSettings
        What is known of the scan.

    Raises
    ------
    GridMismatchError
        If mask and density differ in grid.
    CortexError
        If the scan shows too little cortex to measure it, or none.
    """
    check_same_grid("the density", density.grid, "the femur mask", femur.grid)
    sites = surface_sites(femur)
    scan = measure_scan(density, sites, settings)
    layer, sound, near = find_layers(density, sites, scan, settings)
    used = SurfaceSites(points=sites.points[near], inward=sites.inward[near])
    parts = tuple(int(n) for n in np.ceil(density.grid.spacing / _FINE - 1e-6))
    fine = _finer(density.grid, parts)
    inside = _repeated(femur.inside, parts)
    rho = _repeated(density.rho.astype(np.float32), parts)
    _sharpen(rho, inside, fine, density, used, layer.pick(near))
    return RestoredCortex(
        density=DensityField(grid=fine, rho=rho, kind=density.kind),
        femur=LabelMask(grid=fine, inside=inside),
        scan=scan,
        thickness=layer.thickness[sound],
        fitted_fraction=float(sound.mean()),
    )


def _finer(grid: ImageGrid, parts: tuple[int, ...]) -> ImageGrid:
    """Return the grid whose voxels are equal parts of those of `grid`."""
    cut = np.asarray(parts, dtype=float)
    affine = np.array(grid.affine)
    affine[:3, :3] = grid.affine[:3, :3] / cut
    affine[:3, 3] = grid.to_world(((1.0 / cut - 1.0) / 2.0)[None])[0]
    ni, nj, nk = (n * part for n, part in zip(grid.shape, parts, strict=True))
    return ImageGrid(shape=(ni, nj, nk), affine=affine)


def _repeated[S: np.generic](values: npt.NDArray[S], parts: tuple[int, ...]) -> npt.NDArray[S]:
    for axis, part in enumerate(parts):
        values = np.repeat(values, part, axis=axis)
    return values


def _sharpen(
    rho: FloatArray,
    inside: BoolArray,
    fine: ImageGrid,
    density: DensityField,
    sites: SurfaceSites,
    layer: BlurredLayer,
) -> None:
    """Write the density into the voxels of `rho` that are inside, its layers made sharp."""
    tree = cKDTree(sites.points)
    smooth = ndimage.spline_filter(density.rho, order=3, mode="nearest")
    index = np.argwhere(inside)
    for piece in np.array_split(index, max(1, -(-len(index) // _AT_ONCE))):
        points = fine.to_world(piece.astype(float))
        seen = ndimage.map_coordinates(
            smooth, density.grid.to_index(points).T, order=3, mode="nearest", prefilter=False
        )
        distance, nearest = map(np.asarray, tree.query(points))
        close = distance < DEPTH[-1]
        seen[close] += _gain(layer, sites, nearest[close], points[close], fine)
        rho[tuple(piece.T)] = seen


def _gain(
    layer: BlurredLayer, sites: SurfaceSites, nearest: IntArray, points: FloatArray, fine: ImageGrid
) -> FloatArray:
    """Return what a sharp layer has more than its blurred image at points, (n,), g/cm3."""
    inward, there = sites.inward[nearest], layer.pick(nearest)
    depth = np.einsum("nd,nd->n", points - sites.points[nearest], inward)
    width = np.abs(inward @ (fine.affine[:3, :3] / fine.spacing)) @ fine.spacing
    return np.asarray(_sharp(there, depth, width) - there.at(depth))


def _sharp(layer: BlurredLayer, depth: FloatArray, width: FloatArray) -> FloatArray:
    """Return the density of sharp layers from the surface inward, each mixed over a voxel."""
    share = np.clip(0.5 + (layer.thickness - depth) / width, 0.0, 1.0)
    return np.asarray(layer.within + (layer.cortex - layer.within) * share)
