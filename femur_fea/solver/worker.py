"""What each of the ranks of `StartedRanks` does: `python -m femur_fea.solver.worker FOLDER`."""

import os
import pickle
import sys
from pathlib import Path
from typing import Any

from femur_fea.errors import FemurFEAError
from femur_fea.solver.environment import require_dolfinx
from femur_fea.solver.started import ERROR, JOB, RESULT
from femur_fea.solver.together import abort_on_faults, solve_together

__all__ = ["main"]


def main(folder: Path) -> None:
    """Solve the job of `folder` together, and leave there its result or its error."""
    try:
        result, rank = _solved(folder)
    except FemurFEAError as error:
        _write(folder / ERROR, error)  # the same on every rank
    else:
        if rank == 0:
            _write(folder / RESULT, result)


def _solved(folder: Path) -> tuple[Any, int]:
    require_dolfinx()
    from mpi4py import MPI

    abort_on_faults(MPI.COMM_WORLD)
    job = pickle.loads((folder / JOB).read_bytes())
    return solve_together(MPI.COMM_WORLD, job), MPI.COMM_WORLD.rank


def _write(path: Path, content: Any) -> None:
    whole = path.with_suffix(f".{os.getpid()}")
    whole.write_bytes(pickle.dumps(content))
    whole.replace(path)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
