"""What the engine is given and what it gives back, for any kind of work on many cases."""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Self

from femur_fea.errors import FemurFEAError

__all__ = ["Effort", "Failure", "Limits", "Outcome", "Place", "Task", "Work"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """One case that is to be worked on.

    Attributes
    ----------
    case_id : str
        Pseudonym: letters, digits, '_' and '-'.
    basis : str
        Hash of all that the result rests on: a result with another one is not taken for it.
    given : mapping of str to plain value
        What the work needs to know.
    """

    case_id: str
    basis: str
    given: Mapping[str, Any]


# From a task and the folder of the cohort to the plain values of the case's row. It is called by
# its name in a process of its own, so it stands at the top of a module. If that module has a tuple
# of names PRELOADED, these are imported once for many cases.
type Work = Callable[[Task, Path], Mapping[str, Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where cases are worked on.

    Attributes
    ----------
    workers : int
        How many at a time, on this machine.
    scheduler : str or None
        Address of a Dask scheduler, whose workers do it instead.
    """

    workers: int = 1
    scheduler: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What one case may take before it is ended.

    Attributes
    ----------
    memory_MB : float or None
        Resident memory; None for an equal share of the machine's.
    seconds : float or None
        Wall time; None for any.
    """

    memory_MB: float | None = None
    seconds: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """Why a case has no result, as an error says it.

    Attributes
    ----------
    kind : str
        Class of the error.
    found, expected, remedy : str
        Its message.
    is_bug : bool
        Whether it is none that the program raises on purpose.
    """

    kind: str
    found: str
    expected: str
    remedy: str
    is_bug: bool = False

    @classmethod
    def of(cls, error: FemurFEAError) -> Self:
        """Return what an error of ours says."""
        return cls(
            kind=type(error).__name__,
            found=error.found,
            expected=error.expected,
            remedy=error.remedy,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Effort:
    """What a case took; differs from run to run, and so stands beside the result.

    Attributes
    ----------
    seconds : float
        Wall time of the last attempt.
    cpu_seconds : float
        Processor time of the last attempt.
    peak_memory_MB : float
        Largest resident memory of the last attempt.
    attempts : int
        How often the case was begun.
    """

    seconds: float
    cpu_seconds: float
    peak_memory_MB: float
    attempts: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """How a case ended.

    Attributes
    ----------
    case_id, basis : str
        Those of its task.
    limits : Limits
        Under which it was worked on.
    values : mapping or None
        Its row; None where it has no result.
    failure : Failure or None
        Why it has none.
    effort : Effort
        What it took.
    """

    case_id: str
    basis: str
    limits: Limits
    values: Mapping[str, Any] | None
    failure: Failure | None
    effort: Effort

    def to_plain(self) -> dict[str, Any]:
        """Return it in the types of JSON."""
        return asdict(self)

    @classmethod
    def from_plain(cls, content: Mapping[str, Any]) -> Self:
        """Return an outcome from what `to_plain` gave."""
        failure = content["failure"]
        return cls(
            case_id=content["case_id"],
            basis=content["basis"],
            limits=Limits(**content["limits"]),
            values=content["values"],
            failure=None if failure is None else Failure(**failure),
            effort=Effort(**content["effort"]),
        )
