"""Who solves one bone together: this process alone, or several MPI ranks."""

from typing import Any, Literal, Protocol

from femur_fea.cores import count_cores, count_processors
from femur_fea.domain import BoneMesh
from femur_fea.errors import OutOfRangeError
from femur_fea.solver.environment import require_dolfinx

__all__ = ["Job", "RankCount", "Ranks", "ThisProcess", "choose_ranks"]

type RankCount = int | Literal["auto"]

# Below this many, starting another rank takes longer than it saves.
_UNKNOWNS_PER_RANK = 100_000
_MOST_RANKS = 4  # on any machine; twice the hardware threads where that is more


class Job[Result](Protocol):
    """What ranks solve together. It is copied to other processes."""

    def run(self, comm: Any) -> Result:
        """Return the result, complete on every rank; every rank of `comm` calls this."""
        ...


class Ranks(Protocol):
    """Who solves a job."""

    def run[Result](self, job: Job[Result]) -> Result:
        """Return the result of a job.

        Raises
        ------
        FemurFEAError
            What the job raised on any rank.
        """
        ...


class ThisProcess:
    """One rank: the process that asks. Several bones may be solved in processes side by side."""

    def run[Result](self, job: Job[Result]) -> Result:
        """Return the result of a job."""
        require_dolfinx()
        from mpi4py import MPI

        return job.run(MPI.COMM_SELF)


def choose_ranks(ranks: RankCount | Ranks, mesh: BoneMesh) -> Ranks:
    """Return who solves a bone.

    Parameters
    ----------
    ranks : int, "auto" or Ranks
        A number of ranks, which are started unless it is 1; "auto" for the cores of this machine,
        or fewer where the bone is too small for them to pay; or ranks that are there already.
    mesh : BoneMesh
        The bone.

    Raises
    ------
    OutOfRangeError
        If the number is not positive, or far more than the machine has cores.
    """
    from femur_fea.solver.started import StartedRanks

    if not isinstance(ranks, int | str):
        return ranks
    if ranks == "auto":
        return choose_ranks(min(count_cores(), 1 + _unknowns(mesh) // _UNKNOWNS_PER_RANK), mesh)
    most = max(_MOST_RANKS, 2 * count_processors())
    if not 1 <= ranks <= most:
        raise OutOfRangeError(
            found=f"{ranks} ranks",
            expected=f"1 to {most} on this machine: more would keep each other from working",
            remedy="give a smaller number, or 'auto'",
        )
    return ThisProcess() if ranks == 1 else StartedRanks(ranks)


def _unknowns(mesh: BoneMesh) -> int:
    """Return about how many unknowns there are; exact for tet10 without holes."""
    if mesh.kind != "tet10":
        return 3 * mesh.n_points
    # by Euler's formula, with half as many triangles on the surface as edges in thirds
    n_edges = mesh.n_points + mesh.n_cells + len(mesh.facets) // 2 - 1
    return 3 * (mesh.n_points + n_edges)
