"""What each rank of `StartedRanks` does: `python -m femur_fea.solver.worker FOLDER COUNT`."""

import contextlib
import fcntl
import os
import pickle
import shutil
import sys
import threading
from pathlib import Path
from typing import Any

from femur_fea.errors import FemurFEAError, SolverError
from femur_fea.solver.environment import require_dolfinx
from femur_fea.solver.started import ERROR, JOB, LIFE, RESULT
from femur_fea.solver.together import abort_on_faults, solve_together

__all__ = ["main"]


def main(folder: Path, count: int) -> None:
    """Solve the job of `folder` on `count` ranks, and leave there its result or its error."""
    threading.Thread(target=_end_with_starter, args=(folder,), daemon=True).start()
    try:
        result, rank = _solved(folder, count)
    except FemurFEAError as error:
        _write(folder / ERROR, error)  # the same on every rank
    else:
        if rank == 0:
            _write(folder / RESULT, result)


def _solved(folder: Path, count: int) -> tuple[Any, int]:
    require_dolfinx()
    from mpi4py import MPI

    abort_on_faults(MPI.COMM_WORLD)
    _check_count(MPI.COMM_WORLD.size, count)
    job = pickle.loads((folder / JOB).read_bytes())
    return solve_together(MPI.COMM_WORLD, job), MPI.COMM_WORLD.rank


def _end_with_starter(folder: Path) -> None:
    """End this rank when the process that started it has ended, as its lock tells.

    That process ends its ranks where it can. Where it was killed, nobody else would, or would
    remove the folder.
    """
    with contextlib.suppress(FileNotFoundError), (folder / LIFE).open("rb") as life:
        fcntl.flock(life, fcntl.LOCK_SH)  # waits
    shutil.rmtree(folder, ignore_errors=True)
    os._exit(1)


def _check_count(found: int, asked: int) -> None:
    if found != asked:
        raise SolverError(
            found=f"{found} MPI ranks where {asked} were asked for",
            expected="an mpiexec of the MPI library that mpi4py uses",
            remedy="use the mpiexec beside Python, as dolfinx-solver-real brings it, or one rank",
        )


def _write(path: Path, content: Any) -> None:
    whole = path.with_suffix(f".{os.getpid()}")
    whole.write_bytes(pickle.dumps(content))
    whole.replace(path)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
