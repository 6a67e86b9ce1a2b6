"""What a Dask worker does with a case: try it in a process of its own, and write how it ended."""

import queue
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

from distributed import Worker, WorkerPlugin, get_worker
from distributed.system import MEMORY_LIMIT

from femur_risk.cohort.isolation import CaseProcess, Ended
from femur_risk.cohort.journal import finished, record
from femur_risk.cohort.task import Limits, Outcome, Task, Work
from femur_risk.errors import CohortStoppedError

__all__ = ["CaseProcesses", "attempt"]

_TRIES = 3  # of a case whose process was killed or crashed
_IN_USE = "FolderInUseError"
_WAIT_SECONDS = 300.0  # for the remainder of a killed cohort to leave the folder of a case


class CaseProcesses(WorkerPlugin):  # type: ignore[misc] # it has no type information
    """The processes of a Dask worker, as many as it works on cases at a time.

    Parameters
    ----------
    name : str
        Tells those of one cohort from another's on the same workers.
    """

    def __init__(self, name: str) -> None:
        self.name = name

    def setup(self, worker: Worker) -> None:
        """Be ready on a worker."""
        self._idle: queue.SimpleQueue[CaseProcess] = queue.SimpleQueue()
        self._all: list[CaseProcess] = []
        self._closed = False
        self.memory_MB = MEMORY_LIMIT / 1e6 / worker.state.nthreads

    def teardown(self, worker: Worker) -> None:  # noqa: ARG002 # the name is Dask's
        """End all processes, with the cases that they work on."""
        self._closed = True
        for process in self._all:
            process.close()

    def run(self, work: Work, task: Task, folder: Path, limits: Limits) -> Ended:
        """Return how one attempt at a case ended.

        Raises
        ------
        CohortStoppedError
            If the worker is told to end.
        """
        process = self._take()
        try:
            ended = process.run(work, task, folder, limits)
        finally:
            self._idle.put(process)
        if self._closed:
            raise _stopped()
        return ended

    def _take(self) -> CaseProcess:
        """Return a process that waits, or a new one in place of those that ended."""
        while not self._closed:
            try:
                process = self._idle.get_nowait()
            except queue.Empty:
                process = CaseProcess()
                self._all.append(process)
            if process.is_alive:
                return process
            self._all.remove(process)
            process.close()
        raise _stopped()


def attempt(task: Task, work: Work, folder: Path, limits: Limits, name: str) -> dict[str, Any]:
    """Return how a case ended, in plain values, when it is written.

    A process that is killed or crashes is tried again; an error is an answer. Another one that is
    at work on the same case, which a killed cohort can leave for a moment, is waited for.
    """
    done = finished(folder, task, limits)
    if done is not None:
        return done.to_plain()
    processes: Any = get_worker().plugins[name]
    memory_MB = processes.memory_MB if limits.memory_MB is None else limits.memory_MB
    ended, tries = _tried(processes, task, work, folder, replace(limits, memory_MB=memory_MB))
    outcome = Outcome(
        case_id=task.case_id,
        basis=task.basis,
        limits=limits,
        values=ended.values,
        failure=ended.failure,
        effort=replace(ended.effort, attempts=tries),
    )
    record(folder, outcome)
    return outcome.to_plain()


def _tried(
    processes: CaseProcesses, task: Task, work: Work, folder: Path, limits: Limits
) -> tuple[Ended, int]:
    """Return how a case ended at last, and how often it was tried."""
    patience = time.monotonic() + _WAIT_SECONDS
    deaths = tries = 0
    while True:
        ended, tries = processes.run(work, task, folder, limits), tries + 1
        deaths += ended.died
        waits = ended.failure is not None and ended.failure.kind == _IN_USE
        if waits and time.monotonic() < patience:
            time.sleep(1.0)
        elif not ended.died or deaths == _TRIES:
            return ended, tries


def _stopped() -> CohortStoppedError:
    return CohortStoppedError(
        found="a worker that was told to end while a case was worked on",
        expected="a worker that stays until the cohort is done",
        remedy="call the same command again: it goes on with what is left",
    )
