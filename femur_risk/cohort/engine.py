"""Many cases, one after the other on every worker: what is finished is kept, whatever happens."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from femur_risk.cohort.isolation import no_word
from femur_risk.cohort.journal import finished, record
from femur_risk.cohort.task import Effort, Limits, Outcome, Place, Task, Work
from femur_risk.errors import CohortStoppedError, SchedulerError

if TYPE_CHECKING:
    from distributed import Future

__all__ = ["Progress", "ProgressListener", "carry_out"]

_LOSSES = 5  # times that a case is handed out anew after workers ended under it


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far a cohort has come.

    Attributes
    ----------
    total : int
        Number of cases.
    kept : int
        Of them finished by an earlier call.
    done : int
        Finished so far, those included.
    failed : int
        Of those finished, the ones without a result.
    """

    total: int
    kept: int
    done: int
    failed: int


type ProgressListener = Callable[[Progress], None]


def carry_out(
    tasks: Sequence[Task],
    work: Work,
    folder: Path,
    *,
    place: Place,
    limits: Limits,
    listener: ProgressListener,
) -> tuple[Outcome, ...]:
    """Work on every case that is not finished, and return how all of them ended, in order.

    The caller is alone in the folder (`alone_in`).

    Parameters
    ----------
    tasks : sequence of Task
        The cases, each with another `case_id`.
    work : callable
        What is done with a case.
    folder : Path
        Of the cohort; every worker sees it under this name.
    place : Place
        Who works.
    limits : Limits
        What one case may take.
    listener : callable
        Is told how far it has come, at once and after every case.

    Raises
    ------
    SchedulerError
        If the scheduler cannot be reached or is lost on the way; what is finished is kept.
    DiskSpaceError
        If the journal cannot be written.
    """
    folder = folder.absolute()  # workers may have another working directory
    found = (finished(folder, task, limits) for task in tasks)
    outcomes = {outcome.case_id: outcome for outcome in found if outcome is not None}
    kept = len(outcomes)
    left = [task for task in tasks if task.case_id not in outcomes]
    _tell(listener, len(tasks), kept, outcomes)
    if left:
        for outcome in _worked_on(left, work, folder, place, limits):
            outcomes[outcome.case_id] = outcome
            _tell(listener, len(tasks), kept, outcomes)
    return tuple(outcomes[task.case_id] for task in tasks)


def _tell(
    listener: ProgressListener, total: int, kept: int, outcomes: Mapping[str, Outcome]
) -> None:
    failed = sum(outcome.failure is not None for outcome in outcomes.values())
    listener(Progress(total=total, kept=kept, done=len(outcomes), failed=failed))


def _worked_on(
    tasks: Sequence[Task], work: Work, folder: Path, place: Place, limits: Limits
) -> Iterator[Outcome]:
    """Yield how each case ended, as they end."""
    from distributed import as_completed

    from femur_risk.cohort.attempt import attempt
    from femur_risk.cohort.cluster import opened

    losses = dict.fromkeys((task.case_id for task in tasks), 0)
    with opened(place) as (client, name):

        def hand_out(task: Task) -> "Future":
            key = f"{name}-{task.case_id}-{losses[task.case_id]}"
            return client.submit(attempt, task, work, folder, limits, name, key=key, pure=False)

        waiting = as_completed()
        given = {}
        for task in tasks:
            future = hand_out(task)
            given[future.key] = task
            waiting.add(future)
        for future in waiting:
            task = given.pop(future.key)
            if not _is_lost(future):
                yield _outcome(future)
                continue
            losses[task.case_id] += 1
            if losses[task.case_id] > _LOSSES:
                yield _given_up(folder, task, limits)
                continue
            future = hand_out(task)
            given[future.key] = task
            waiting.add(future)


def _is_lost(future: "Future") -> bool:
    """Whether the worker ended before the case did.

    Raises
    ------
    SchedulerError
        If it is the scheduler that was lost.
    FemurFEAError
        What kept the worker from writing how the case ended.
    """
    from distributed.scheduler import KilledWorker

    if future.cancelled():
        raise _no_scheduler()
    error = future.exception() if future.status == "error" else None
    if error is None or isinstance(error, KilledWorker | CohortStoppedError):
        return error is not None
    raise error


def _outcome(future: "Future") -> Outcome:
    """Return how a case ended, which its worker has still to send.

    Raises
    ------
    SchedulerError
        If scheduler or worker were lost meanwhile.
    """
    from distributed import CancelledError

    try:
        return Outcome.from_plain(future.result())
    except (OSError, CancelledError):
        raise _no_scheduler() from None


def _no_scheduler() -> SchedulerError:
    return SchedulerError(
        found="a Dask scheduler that ended, or can no longer be reached, before the cohort did",
        expected="one that stays until all cases are done",
        remedy="start it and its workers again, and call the same command again: what is "
        "finished is kept",
    )


def _given_up(folder: Path, task: Task, limits: Limits) -> Outcome:
    """Write and return the outcome of a case under which every worker ended."""
    outcome = Outcome(
        case_id=task.case_id,
        basis=task.basis,
        limits=limits,
        values=None,
        failure=no_word(),
        effort=Effort(seconds=0.0, cpu_seconds=0.0, peak_memory_MB=0.0, attempts=_LOSSES + 1),
    )
    record(folder, outcome)
    return outcome
