"""Errors of the product around the engine, one class per cause."""

from femur_fea.errors import FemurFEAError, InputError

__all__ = [
    "CaseDiedError",
    "CohortError",
    "CohortStoppedError",
    "DuplicatedFemurError",
    "FolderInUseError",
    "FollowUpError",
    "MemoryLimitError",
    "OneClassError",
    "PatientMismatchError",
    "PredictionTableError",
    "RecalibrationError",
    "SchedulerError",
    "SeparatedOutcomesError",
    "TimeLimitError",
    "UnavailableError",
]


class FolderInUseError(InputError):
    """Another program works in a folder that only one may change."""


class UnavailableError(FemurFEAError):
    """A command exists in the interface but not in this version."""


class CohortError(InputError):
    """The table of a cohort cannot be used."""


class CaseDiedError(FemurFEAError):
    """The process that worked on a case ended without a result."""


class MemoryLimitError(FemurFEAError):
    """A case took more memory than it was given."""


class TimeLimitError(FemurFEAError):
    """A case took more time than it was given."""


class CohortStoppedError(FemurFEAError):
    """A worker ended before its case did."""


class SchedulerError(FemurFEAError):
    """The scheduler of a cohort cannot be reached."""


class PredictionTableError(InputError):
    """A table of predictions and outcomes cannot be read as one."""


class DuplicatedFemurError(InputError):
    """One femur stands in a table of predictions more than once."""


class PatientMismatchError(InputError):
    """Two femora of one patient are told to be of different people."""


class OneClassError(InputError):
    """All femora have the same outcome, so nothing can be told apart."""


class FollowUpError(InputError):
    """Times of follow-up that cannot be, or do not reach the horizon."""


class SeparatedOutcomesError(FemurFEAError):
    """Predictions separate the outcomes, so that no finite slope fits."""


class RecalibrationError(InputError):
    """A recalibration that cannot be fitted, read or applied."""
