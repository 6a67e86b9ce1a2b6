"""What the ranks of `mpiexec -n N femur-fea ...` do: one runs the command, the others help it."""

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from femur_fea.solver import Ranks

__all__ = ["run_on_all_ranks"]

# what MPICH's mpiexec, Open MPI's and srun tell the processes that they start
_SIZES = ("PMI_SIZE", "OMPI_COMM_WORLD_SIZE", "SLURM_STEP_NUM_TASKS")

_SIGNALLED = 128  # exit statuses above tell of the signal that ended the command


def run_on_all_ranks(command: "Callable[[Ranks | None], int]") -> int:
    """Return the exit status of a command, the same on every rank.

    Rank 0 alone runs it, so that one process reads, writes and prints. The others take part when
    it solves.

    Parameters
    ----------
    command
        Takes the ranks that are there to solve, None where mpiexec has not started this.
    """
    if not any(int(os.environ.get(name, "1")) > 1 for name in _SIZES):
        return command(None)
    from femur_fea.solver import LeadingRank, abort_on_faults, follow
    from femur_fea.solver.environment import require_dolfinx

    require_dolfinx()
    from mpi4py import MPI

    abort_on_faults(MPI.COMM_WORLD)
    if MPI.COMM_WORLD.rank > 0:
        return follow(MPI.COMM_WORLD)
    ranks = LeadingRank(MPI.COMM_WORLD)
    status = command(ranks)
    if status > _SIGNALLED:
        MPI.COMM_WORLD.Abort(status)  # the others may be waiting for this one's part of a job
    ranks.dismiss(status)
    return status
