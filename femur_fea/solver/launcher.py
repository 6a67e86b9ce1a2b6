"""The program that starts MPI ranks: which one it is, and how its ranks end."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from femur_fea.errors import MissingDependencyError

__all__ = ["find_mpiexec", "start_ranks"]

_END_SECONDS = 10.0
# set by a launcher for the process that it started, and not for one that this starts
_LAUNCHER = ("PMI_", "PMIX_", "HYDI_", "MPI_LOCAL", "OMPI_", "PRTE_")


def find_mpiexec() -> str:
    """Return the path of mpiexec: the one installed with this Python before any on the PATH.

    Raises
    ------
    MissingDependencyError
        If there is none.
    """
    beside = Path(sys.executable).with_name("mpiexec")
    found = str(beside) if beside.exists() else shutil.which("mpiexec")
    if found is None:
        raise MissingDependencyError(
            found="no mpiexec beside Python or on the PATH",
            expected="the one of the MPI library that mpi4py uses, to start several ranks",
            remedy="install dolfinx-solver-real with pip, which brings it, or use one rank",
        )
    return found


def start_ranks(count: int, program: list[str]) -> str:
    """Run a Python program on ranks to its end; return what they wrote to stderr.

    Parameters
    ----------
    count
        Number of ranks.
    program
        Arguments of the Python interpreter.

    Raises
    ------
    MissingDependencyError
        If there is no mpiexec.
    """
    command = [find_mpiexec(), "-n", str(count), sys.executable, *program]
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
