"""What a run tells whoever watches it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

__all__ = ["Listener", "StageEvent"]

type StageState = Literal["started", "made", "reused"]


@dataclass(frozen=True, slots=True, kw_only=True)
class StageEvent:
    """Something that happened to a stage.

    Attributes
    ----------
    stage : str
        Name of the stage.
    state : {"started", "made", "reused"}
        Begun, finished, or taken from disk.
    seconds : float
        Wall time of a stage that was made.
    warnings : tuple of str
        What it warned of, now or when it was made.
    """

    stage: str
    state: StageState
    seconds: float = 0.0
    warnings: tuple[str, ...] = ()


type Listener = Callable[[StageEvent], None]
