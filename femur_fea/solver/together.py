"""Ranks that were started together: they solve together, fail together and end together."""

import gc
import importlib
import sys
import time
from types import TracebackType
from typing import Any

from femur_fea.errors import FemurFEAError
from femur_fea.solver.ranks import Job

__all__ = ["LeadingRank", "abort_on_faults", "follow", "solve_together"]

_JOB, _END = 1, 2  # tags of what the leading rank sends
_POLL_SECONDS = 0.005
_PATIENCE_SECONDS = 5.0
_FORWARD_SECONDS = 1.0  # a choice; mpiexec passes on a line within it


class LeadingRank:
    """Rank 0 of a program that was started by mpiexec, whose other ranks `follow`.

    Parameters
    ----------
    comm : Comm
        All ranks.
    """

    def __init__(self, comm: Any) -> None:
        self._comm = comm

    def run[Result](self, job: Job[Result]) -> Result:
        """Return the result of a job that all ranks solve."""
        for rank in range(1, self._comm.size):
            self._comm.send(job, dest=rank, tag=_JOB)
        return solve_together(self._comm, job)

    def dismiss(self, status: int) -> None:
        """Let the other ranks end, with an exit status."""
        for rank in range(1, self._comm.size):
            self._comm.send(status, dest=rank, tag=_END)


def follow(comm: Any) -> int:
    """Take part in every job of the leading rank; return the exit status that it gives."""
    from mpi4py import MPI

    status = MPI.Status()
    while True:
        # a receive that blocks would take a whole core while the leading rank does other things
        while not comm.iprobe(source=0, tag=MPI.ANY_TAG, status=status):
            time.sleep(_POLL_SECONDS)
        received = comm.recv(source=0, tag=status.Get_tag())
        if status.Get_tag() == _END:
            return int(received)
        try:
            solve_together(comm, received)
        except FemurFEAError:
            continue  # the leading rank has the same error, and tells


def solve_together[Result](comm: Any, job: Job[Result]) -> Result:
    """Return the result of a job; every rank of `comm` calls this with the same job.

    Raises
    ------
    FemurFEAError
        The same on all ranks, if it was raised on any.
    """
    result, error = None, None
    try:
        result = job.run(comm)
    except FemurFEAError as raised:
        error = raised
    _meet(comm, error)
    _free(comm)
    first = next((found for found in comm.allgather(error) if found is not None), None)
    if first is not None:
        raise first
    return result  # type: ignore[return-value]  # no error, so there is a result


def _meet(comm: Any, error: FemurFEAError | None) -> None:
    """Wait until all ranks have ended the job; after an error not for ever, but end them."""
    barrier, begin = comm.Ibarrier(), time.monotonic()
    while not barrier.Test():
        time.sleep(_POLL_SECONDS)
        if error is not None and time.monotonic() - begin > _PATIENCE_SECONDS:
            sys.stderr.write(f"rank {comm.rank} of {comm.size} alone: {error}\n")
            _abort(comm, 2)


def _abort(comm: Any, status: int) -> None:
    """End all ranks, once the launcher has passed on what was said: it drops what comes later."""
    sys.stderr.flush()
    time.sleep(_FORWARD_SECONDS)
    comm.Abort(status)


def _free(comm: Any) -> None:
    """Free the matrices of a job; on several ranks petsc4py keeps them until all ranks ask."""
    gc.collect()
    importlib.import_module("petsc4py.PETSc").garbage_cleanup(comm)


def abort_on_faults(comm: Any) -> None:
    """Let a fault on one rank, which the others would wait for, end all of them."""

    def hook(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        sys.__excepthook__(kind, error, trace)
        _abort(comm, 1)

    sys.excepthook = hook
