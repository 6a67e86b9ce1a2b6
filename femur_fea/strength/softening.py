"""Softening that does not depend on the size of the cells: the crack band.

Where the yield stress falls, deformation gathers in a band about one cell wide. A law of stress
over strain would dissipate the less energy there the smaller the cells are, down to none. A law
from specimens of length L tells the fall over the plastic elongation L e; a cell of size h reaches
that elongation at a strain of e L / h. The energy per area that the fall takes is then the same in
any cube (Bazant and Oh, Mater Struct 1983;16:155). Up to the fall, deformation need not gather:
the plateau is a strain of the material and stays as it is.
"""

import warnings

import numpy as np

from femur_fea.domain import BoneMesh, ElementKind, FloatArray, Softening
from femur_fea.errors import FemurFEAWarning
from femur_fea.materials import SofteningLaw

__all__ = ["cell_size", "cell_softening", "warn_of_oblong_bricks"]

# volume of the regular cell whose edges are 1
_REGULAR: dict[ElementKind, float] = {
    "tet4": 1.0 / (6.0 * np.sqrt(2.0)),
    "tet10": 1.0 / (6.0 * np.sqrt(2.0)),
    "hex8": 1.0,
}

_OBLONG = 1.1  # edge of a brick over that of the cube of its volume: a tenth more elongation


def cell_size(mesh: BoneMesh) -> FloatArray:
    """Return the edge of the regular cell of the same volume, for every cell, (n_cells,), mm.

    It stands for the width of the band, which in columns of tet10 cells that sheared until they
    failed was 0.5 to 1.4 times as wide, in columns of hex8 cubes 1.0 times. A brick that is no cube
    is as wide as the edge that the band runs across, which is not known before it is there.
    """
    return np.asarray(np.cbrt(mesh.cell_volumes / _REGULAR[mesh.kind]))


def warn_of_oblong_bricks(mesh: BoneMesh) -> None:
    """Warn where bricks are no cubes, so that their size is not the width of the band."""
    if mesh.kind != "hex8":
        return
    edges = np.linalg.norm(mesh.cell_edges, axis=2) / cell_size(mesh)[:, None]
    if edges.max() > _OBLONG:
        warnings.warn(
            f"bricks that lose strength and are no cubes, with edges of {edges.min():.2f} to "
            f"{edges.max():.2f} times that of the cube of their volume: the fall of the yield "
            "stress takes as many times the elongation of a specimen, by the edge that the band "
            "of failure runs across; use cubes, or tet10",
            FemurFEAWarning,
            stacklevel=3,
        )


def cell_softening(
    law: SofteningLaw, rho: FloatArray, size: FloatArray, *, smallest: float
) -> Softening:
    """Return the softening of cells of a given size.

    Parameters
    ----------
    law : SofteningLaw
        As measured on specimens.
    rho : (n_cells, n_samples), g/cm3
        Density of the kind that the law takes.
    size : (n_cells,), mm
        Size of the cells, from `cell_size`.
    smallest : float, MPa
        Floor of the residual stress.
    """
    return Softening(
        plateau=law.plateau_strain(rho),
        slope=law.fall(rho) * size[:, None] / law.specimen_length,
        residual=np.maximum(law.residual_stress(rho), smallest),
    )
