"""What a run tells whoever watches it, and writes into its log."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from femur_risk.pipeline import layout

__all__ = ["Listener", "StageEvent", "StageState", "write_log"]

type StageState = Literal["started", "made", "reused", "failed", "interrupted"]


@dataclass(frozen=True, slots=True, kw_only=True)
class StageEvent:
    """Something that happened to a stage.

    Attributes
    ----------
    stage : str
        Name of the stage.
    state : {"started", "made", "reused", "failed", "interrupted"}
        Begun, finished, taken from disk, or ended early.
    seconds : float
        Wall time since the stage was begun.
    warnings : tuple of str
        What it warned of, now or when it was made.
    error : str or None
        Kind of the error that ended it.
    """

    stage: str
    state: StageState
    seconds: float = 0.0
    warnings: tuple[str, ...] = ()
    error: str | None = None


type Listener = Callable[[StageEvent], None]


def write_log(folder: Path, event: StageEvent) -> None:
    """Add a line to the log of a run."""
    entry = {
        "schema_version": 1,
        "time": datetime.now(UTC).isoformat(timespec="seconds"),
        "stage": event.stage,
        "state": event.state,
        "seconds": event.seconds,
        "warnings": list(event.warnings),
        "error": event.error,
    }
    with (folder / layout.LOG).open("a", encoding="utf-8") as stream:
        stream.write(json.dumps(entry) + "\n")
