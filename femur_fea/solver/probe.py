"""What the solver needs of a computer, tried out: for those who look before they run."""

from pathlib import Path
from typing import Any

from femur_fea.solver.native import try_compiler
from femur_fea.solver.started import StartedRanks

__all__ = ["RankCountJob", "try_compiled_stiffness", "try_started_ranks"]

_RANKS = 2


class RankCountJob:
    """The smallest job: how many ranks there are."""

    def run(self, comm: Any) -> int:
        """Return the number of ranks, counted by all of them together."""
        return int(comm.allreduce(1))


def try_compiled_stiffness() -> str:
    """Compile and load the stiffness of cells, and tell with what.

    Raises
    ------
    MissingDependencyError
        If there is no C compiler that takes its flags, or no cache to write to and run from.
    """
    return try_compiler(Path(__file__).with_name("cells.c"))


def try_started_ranks() -> str:
    """Start two ranks that count each other, and tell so.

    Raises
    ------
    MissingDependencyError
        If there is no mpiexec.
    SolverError
        If mpiexec is that of another MPI library than DOLFINx's, or its ranks fail.
    """
    return f"mpiexec starts ranks that meet: {StartedRanks(_RANKS).run(RankCountJob())}"
