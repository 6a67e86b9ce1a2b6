"""MPI ranks that are started for one job and end with it."""

import os
import pickle
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from femur_fea.errors import FemurFEAError, MissingDependencyError, SolverError
from femur_fea.solver.ranks import Job

__all__ = ["ERROR", "JOB", "RESULT", "StartedRanks"]

JOB, RESULT, ERROR = "job.pickle", "result.pickle", "error.pickle"
_END_SECONDS = 10.0
# set by a launcher for the process that it started, and not for one that this starts
_LAUNCHER = ("PMI_", "PMIX_", "HYDI_", "MPI_LOCAL", "OMPI_", "PRTE_")


@dataclass(frozen=True, slots=True)
class StartedRanks:
    """So many MPI ranks on this machine.

    The job and its result go through files in a temporary folder, because a process that already
    runs cannot become one of several ranks.

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
        launcher = _mpiexec()
        with tempfile.TemporaryDirectory(prefix="femur-fea-") as name:
            folder = Path(name)
            (folder / JOB).write_bytes(pickle.dumps(job))
            module = [sys.executable, "-P", "-m", "femur_fea.solver.worker", name, str(self.count)]
            told = _watch([launcher, "-n", str(self.count), *module])
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


def _mpiexec() -> str:
    beside = Path(sys.executable).with_name("mpiexec")
    found = str(beside) if beside.exists() else shutil.which("mpiexec")
    if found is None:
        raise MissingDependencyError(
            found="no mpiexec beside Python or on the PATH",
            expected="the one of the MPI library that mpi4py uses, to start several ranks",
            remedy="install dolfinx-solver-real with pip, which brings it, or use one rank",
        )
    return found


def _watch(command: list[str]) -> str:
    """Run a command to its end; return what it wrote to stderr."""
    with _ended(
        subprocess.Popen(
            command,
            env=_environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )
    ) as process:
        _, told = process.communicate()
    return told.strip()


@contextmanager
def _ended(process: "subprocess.Popen[str]") -> Iterator["subprocess.Popen[str]"]:
    """Lend a process, and let it and its ranks not outlive an interruption."""
    try:
        yield process
    finally:
        if process.poll() is None:
            process.terminate()
            try:
                process.wait(_END_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _environment() -> dict[str, str]:
    """Return the environment of ranks: one thread each, and the packages of this process."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(_LAUNCHER)}
    path = os.pathsep.join(folder for folder in sys.path if folder)
    return {**kept, "OMP_NUM_THREADS": "1", "PYTHONPATH": path}
