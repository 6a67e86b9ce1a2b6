"""A bone whose material yields, loaded until it fails."""

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from femur_fea.domain import (
    BoneMesh,
    ElasticField,
    LoadCase,
    NonlinearResult,
    YieldField,
    check_samples_of,
)
from femur_fea.errors import AnisotropyError, LoadError, MeshError
from femur_fea.solver.linear import check_loads
from femur_fea.solver.locking import check_compressible
from femur_fea.solver.points import by_cell
from femur_fea.solver.ranks import RankCount, Ranks, choose_ranks
from femur_fea.solver.settings import NonlinearSettings
from femur_fea.solver.softening import check_steepness
from femur_fea.solver.support import check_support

if TYPE_CHECKING:
    from femur_fea.solver.bone import Bone
    from femur_fea.solver.path import LoadPath

__all__ = ["solve_nonlinear"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class NonlinearJob:
    """What `solve_nonlinear` asks for."""

    mesh: BoneMesh
    elastic: ElasticField
    strength: YieldField
    load: LoadCase
    settings: NonlinearSettings

    def run(self, comm: Any) -> NonlinearResult:
        """Return the result, complete on every rank."""
        start = time.perf_counter()
        from femur_fea.solver.bone import prepare_bone
        from femur_fea.solver.forms import traction_load
        from femur_fea.solver.path import follow_path
        from femur_fea.solver.space import displacement_space

        check_support(self.mesh, self.load.held)
        space = displacement_space(self.mesh, comm)
        bone = prepare_bone(
            space,
            self.elastic,
            self.strength,
            space.held(self.load.held),
            traction_load(space, self.load.traction) / self.load.magnitude,
            machine_stiffness=self.settings.machine_stiffness,
        )
        path = follow_path(bone, self.settings)
        return _result(self.load, bone, path, seconds=time.perf_counter() - start)


def solve_nonlinear(
    mesh: BoneMesh,
    elastic: ElasticField,
    strength: YieldField,
    load: LoadCase,
    *,
    settings: NonlinearSettings | None = None,
    ranks: RankCount | Ranks = 1,
) -> NonlinearResult:
    """Load a bone beyond yield, until its force no longer rises.

    The traction keeps its pattern; its size is driven by a displacement, so that the limit load
    can be passed. Strains are small. With perfect plasticity the curve rises to a plateau; where
    the yield stress falls, it passes a peak.

    Parameters
    ----------
    mesh : BoneMesh
        The bone; tet10, or hex8 of several cells across every wall: with one alone, a wall that
        bends came out 7 to 23 % too strong.
    elastic : ElasticField
        Elasticity on the cells of `mesh`.
    strength : YieldField
        Yield stresses on the cells of `mesh`.
    load : LoadCase
        Load on the points of `mesh`.
    settings : NonlinearSettings, optional
        How far and how exactly; its defaults if not given.
    ranks : int, "auto" or Ranks
        How many MPI ranks solve together, as for `solve_linear`.

    Raises
    ------
    MissingDependencyError
        If DOLFINx or a C compiler is not there, or mpiexec for several ranks.
    ShapeError
        If material, strength or load do not belong to the mesh.
    MeshError
        If the mesh is of tet4, which locks when it yields.
    OutOfRangeError
        If a cell is so large for its softening that it would snap back on its own.
    IncompressibleError
        If Poisson's ratio is over 0.49.
    LoadError
        If a traction acts inside the bone, or a displacement or moment is prescribed.
    AnisotropyError
        If the cortex is transversely isotropic.
    SingularSystemError
        If the fixed points do not hold every part of the mesh.
    NotConvergedError
        If a step could not be solved, with the displacement and force reached.
    """
    _check_kind(mesh)
    check_samples_of(mesh, "E_modulus", elastic.E_modulus)
    check_samples_of(mesh, "the yield stress", strength.tension)
    if strength.softening is not None:
        check_steepness(strength.softening, elastic)
    check_compressible(mesh, elastic)
    check_loads(mesh, [load])
    _check_one_force(load)
    _check_isotropic(elastic)
    job = NonlinearJob(
        mesh=mesh,
        elastic=elastic,
        strength=strength,
        load=load,
        settings=settings or NonlinearSettings(),
    )
    return choose_ranks(ranks, mesh).run(job)


def _check_kind(mesh: BoneMesh) -> None:
    if mesh.kind == "tet4":
        raise MeshError(
            found="linear tetrahedra for a bone that yields",
            expected="tet10 or hex8: linear tetrahedra lock and come out too strong",
            remedy="give the mesh the kind tet10; its points and cells are the same",
        )


def _check_isotropic(elastic: ElasticField) -> None:
    if elastic.cortex is not None:
        raise AnisotropyError(
            found=f"a transversely isotropic cortex in {int(elastic.cortex.cells.sum())} cells",
            expected="an isotropic bone: the yield surface and its return know no direction",
            remedy="use an isotropic cortex, or a preset with a linear model",
        )


def _check_one_force(load: LoadCase) -> None:
    if load.driven.any() or load.quantity != "force":
        raise LoadError(
            found=f"load case {load.name!r} that prescribes a displacement, or a moment",
            expected="a force: the nonlinear path drives its pattern by a displacement itself",
            remedy="apply a force as a pressure, or solve a linear model",
        )


def _result(load: LoadCase, bone: "Bone", path: "LoadPath", *, seconds: float) -> NonlinearResult:
    failed, geometry = path.failed, bone.kinematics
    elastic_strain = geometry.strain(failed.u) - failed.plastic_strain
    yielded = failed.plastic_strain.any(axis=0)
    return NonlinearResult(
        load=load.name,
        curve=path.curve,
        first_yield_force=path.first_yield_force,
        displacement=failed.displacement,
        force=failed.force,
        u=failed.u[bone.machine.system.space.point_dofs],
        stress=geometry.share.all_cells(by_cell(failed.stress, geometry.n_samples)),
        plastic_strain=geometry.share.all_cells(by_cell(failed.plastic_strain, geometry.n_samples)),
        yielded_fraction=geometry.integral(yielded.astype(float))
        / geometry.integral(np.ones(yielded.size)),
        dissipated_energy=geometry.integral(failed.dissipated),
        stored_energy=0.5 * geometry.integral((failed.stress * elastic_strain).sum(axis=0)),
        imbalance=failed.imbalances[-1],
        n_dofs=failed.u.size,
        ranks=geometry.share.comm.size,
        seconds=seconds,
    )
