"""MPI ranks that are started for one job and end with it."""

import fcntl
import pickle
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from femur_fea.errors import FemurFEAError, SolverError
from femur_fea.solver.launcher import start_ranks
from femur_fea.solver.ranks import Job

__all__ = ["ERROR", "JOB", "LIFE", "RESULT", "StartedRanks"]

JOB, RESULT, ERROR = "job.pickle", "result.pickle", "error.pickle"
LIFE = "life"  # locked as long as the process lives that started the ranks


@dataclass(frozen=True, slots=True)
class StartedRanks:
    """So many MPI ranks on this machine.

    The job and its result go through files in a temporary folder, because a process that already
    runs cannot become one of several ranks. Ranks and folder go with this process, also where it
    is killed.

    Attributes
    ----------
    count : int
        Number of ranks.
    """

    count: int

    def run[Result](self, job: Job[Result]) -> Result:
        """Return the result of a job that started ranks solve.

        Raises
        ------
        MissingDependencyError
            If there is no mpiexec.
        FemurFEAError
            What the job raised.
        SolverError
            If a rank ended without saying why.
        """
        with _living_folder() as folder:
            (folder / JOB).write_bytes(pickle.dumps(job))
            worker = ["-P", "-m", "femur_fea.solver.worker", str(folder), str(self.count)]
            told = start_ranks(self.count, worker)
            if (folder / ERROR).exists():
                error: FemurFEAError = pickle.loads((folder / ERROR).read_bytes())
                raise error
            if not (folder / RESULT).exists():
                raise SolverError(
                    found=f"{self.count} MPI ranks that ended without a result: {told[-500:]}",
                    expected="a result or the cause of a failure",
                    remedy="solve with one rank; if that works, report this",
                )
            result: Result = pickle.loads((folder / RESULT).read_bytes())
            return result


@contextmanager
def _living_folder() -> Iterator[Path]:
    """Lend a folder in which a lock tells whether this process lives: nobody survives to tell."""
    with tempfile.TemporaryDirectory(prefix="femur-fea-") as name:
        folder = Path(name)
        with (folder / LIFE).open("wb") as life:
            fcntl.flock(life, fcntl.LOCK_EX)
            yield folder
