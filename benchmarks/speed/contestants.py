"""Programs that solve the model of a folder, each in processes of its own.

    python benchmarks/speed/contestants.py NAME FOLDER

is one of those that are written in Python: it leaves the displacement of the mesh points in FOLDER.
"""

import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from femur_model import NU, read_model, read_sizes

from femur_fea.domain import BoneMesh, ElasticField, LoadCase

__all__ = ["CONTESTANTS", "OURS", "SCIKIT_FEM_RESIDUAL", "Contestant"]

SCIKIT_FEM_RESIDUAL = 1e-8

type Solve = Callable[[BoneMesh, ElasticField, LoadCase], np.ndarray]


@dataclass(frozen=True, slots=True, kw_only=True)
class Contestant:
    """A program with its solver.

    Attributes
    ----------
    name : str
        What it is called in the table.
    solve : callable or None
        Returns the displacement of the mesh points, mm; None for CalculiX, which is a program.
    """

    name: str
    solve: Solve | None

    def command(self, folder: Path) -> list[str]:
        """Return the command line that solves the model of `folder`."""
        if self.solve is not None:
            return [sys.executable, str(Path(__file__).resolve()), self.name, str(folder)]
        program = shutil.which("ccx")
        if program is None:
            raise SystemExit("ccx is not on the PATH; install the Debian package calculix-ccx")
        return [program, "-i", "femur"]

    def displacement(self, folder: Path) -> np.ndarray:
        """Return what it has written: the displacement (n_points, 3) of the mesh points, mm."""
        if self.solve is not None:
            return np.asarray(np.load(folder / f"{self.name}.npy"))
        _, n_points = read_sizes(folder)
        rows: list[list[str]] = []
        with (folder / "femur.dat").open() as file:
            for line in file:
                words = line.split()
                if len(words) == 4 and len(rows) < n_points:
                    rows.append(words[1:])
        return np.array(rows, dtype=float)


def _femur_fea(mesh: BoneMesh, elastic: ElasticField, load: LoadCase, *, ranks: int) -> np.ndarray:
    from femur_fea.solver import solve_linear

    return solve_linear(mesh, elastic, [load], ranks=ranks)[0].u


def _scikit_fem(
    mesh: BoneMesh, elastic: ElasticField, load: LoadCase, *, direct: bool
) -> np.ndarray:
    import skfem

    matrix, right, held, corners = _scikit_fem_system(mesh, elastic, load)
    system = skfem.condense(matrix, right, D=held)
    if direct:
        return np.asarray(skfem.solve(*system)[corners].T)
    iterative = skfem.utils.solver_iter_pcg(rtol=SCIKIT_FEM_RESIDUAL, maxiter=100_000)
    return np.asarray(skfem.solve(*system, solver=iterative)[corners].T)


def _scikit_fem_system(
    mesh: BoneMesh, elastic: ElasticField, load: LoadCase
) -> tuple[Any, Any, np.ndarray, np.ndarray]:
    """Return matrix, right-hand side, held unknowns and those of the mesh points."""
    import skfem
    from skfem.helpers import ddot, dot, eye, sym_grad, trace

    @skfem.BilinearForm
    def stiffness(u: Any, v: Any, w: Any) -> Any:
        lame, shear = NU / ((1 + NU) * (1 - 2 * NU)), 0.5 / (1 + NU)
        strain = sym_grad(u)
        return w["E"] * ddot(lame * eye(trace(strain), 3) + 2 * shear * strain, sym_grad(v))

    @skfem.LinearForm
    def force(v: Any, w: Any) -> Any:
        return dot(w["traction"], v)

    tets = skfem.MeshTet(mesh.points.T, mesh.cells.T)
    element = skfem.ElementVector(skfem.ElementTetP2())
    basis = skfem.CellBasis(tets, element, intorder=2)
    surface = skfem.FacetBasis(tets, element, intorder=3)
    linear = skfem.FacetBasis(tets, skfem.ElementVector(skfem.ElementTetP1()), intorder=3)
    moduli = np.broadcast_to(elastic.E_modulus, (mesh.n_cells, len(basis.W)))
    matrix = skfem.asm(stiffness, basis, E=moduli)
    right = skfem.asm(force, surface, traction=linear.interpolate(load.traction.ravel()))
    edges = load.fixed[tets.edges].all(axis=0)
    held = np.concatenate(
        [basis.nodal_dofs[:, load.fixed].ravel(), basis.edge_dofs[:, edges].ravel()]
    )
    return matrix, right, held, basis.nodal_dofs


OURS = ("femur-fea", "femur-fea, 2 ranks")

CONTESTANTS = {
    contestant.name: contestant
    for contestant in (
        Contestant(name=OURS[0], solve=partial(_femur_fea, ranks=1)),
        Contestant(name=OURS[1], solve=partial(_femur_fea, ranks=2)),
        Contestant(name="calculix", solve=None),
        Contestant(name="scikit-fem", solve=partial(_scikit_fem, direct=False)),
        Contestant(name="scikit-fem-direct", solve=partial(_scikit_fem, direct=True)),
    )
}


if __name__ == "__main__":
    chosen, place = CONTESTANTS[sys.argv[1]], Path(sys.argv[2])
    if chosen.solve is None:
        raise SystemExit(f"{chosen.name} is a program of its own")
    np.save(place / f"{chosen.name}.npy", chosen.solve(*read_model(place)))
