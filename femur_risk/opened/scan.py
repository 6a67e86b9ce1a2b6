"""The images of a run: the part of the CT around the bone, its density and its masks."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from femur_fea.domain import BoneMesh, BoolArray, FloatArray, ImageGrid
from femur_fea.io import read_image
from femur_risk.pipeline import layout

__all__ = ["ViewedScan", "density_at_cells", "read_scan"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ViewedScan:
    """Images on one grid.

    Attributes
    ----------
    grid : ImageGrid
        Where their samples lie.
    hu : (ni, nj, nk), HU
        CT numbers.
    rho : (ni, nj, nk), g/cm3
        Equivalent density.
    femur : (ni, nj, nk), bool
        The mask of the femur.
    lesion : (ni, nj, nk), bool, or None
        That of the lesion.
    """

    grid: ImageGrid
    hu: FloatArray
    rho: FloatArray
    femur: BoolArray
    lesion: BoolArray | None


def read_scan(folder: Path) -> ViewedScan:
    """Read the images that a run keeps of its scan."""
    grid, hu = _image(folder, layout.CT)
    has_lesion = (folder / layout.LESION).is_file()
    return ViewedScan(
        grid=grid,
        hu=hu,
        rho=_image(folder, layout.DENSITY)[1],
        femur=_image(folder, layout.FEMUR)[1] > 0.0,
        lesion=_image(folder, layout.LESION)[1] > 0.0 if has_lesion else None,
    )


def density_at_cells(folder: Path, mesh: BoneMesh) -> FloatArray:
    """Return the equivalent density at the middle of every cell, shape (n_cells,), g/cm3."""
    from scipy.ndimage import map_coordinates

    grid, rho = _image(folder, layout.DENSITY)
    return np.asarray(
        map_coordinates(rho, grid.to_index(mesh.centroids).T, order=1, mode="nearest")
    )


def _image(folder: Path, file: Path) -> tuple[ImageGrid, FloatArray]:
    grid, values = read_image(folder / file, role=f"{file} of the run")
    return grid, np.asarray(values, dtype=np.float32)
