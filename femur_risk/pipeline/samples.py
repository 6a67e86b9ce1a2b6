"""Samples that are kept as they end, so that a run that is cut short goes on from there."""

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

__all__ = ["SampleStore"]


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleStore:
    """A file of samples, one line each, behind a line that says what they were made from.

    Attributes
    ----------
    path : Path
        The file.
    fingerprint : str
        Hash of all that the samples rest on: those of another one are not taken.
    """

    path: Path
    fingerprint: str

    def open(self) -> dict[int, list[list[float]]]:
        """Return the samples that are there, by index, and leave only those in the file."""
        found = self._read()
        self.path.parent.mkdir(exist_ok=True)
        write_samples(self.path, self.fingerprint, found)
        return found

    def append(self, index: int, sample: list[list[float]]) -> None:
        """Add a sample; it is on the disk when this returns."""
        with self.path.open("a", encoding="utf-8") as file:
            file.write(_line({"sample": index, "log_strength": sample}))
            file.flush()
            os.fsync(file.fileno())

    def _read(self) -> dict[int, list[list[float]]]:
        if not self.path.is_file():
            return {}
        lines = self.path.read_text(encoding="utf-8", errors="replace").splitlines()
        head, *rows = [_parse(line) for line in lines] or [None]
        if head is None or head.get("fingerprint") != self.fingerprint:
            return {}
        # the last line of a run that was killed may be half written
        return {row["sample"]: row["log_strength"] for row in rows if row is not None}


def write_samples(path: Path, fingerprint: str, samples: Mapping[int, list[list[float]]]) -> None:
    """Write all samples in their order."""
    head = _line({"schema_version": 1, "fingerprint": fingerprint})
    rows = [_line({"sample": key, "log_strength": samples[key]}) for key in sorted(samples)]
    path.write_text("".join([head, *rows]), encoding="utf-8")


def _line(content: Mapping[str, Any]) -> str:
    return json.dumps(content) + "\n"


def _parse(line: str) -> dict[str, Any] | None:
    try:
        content = json.loads(line)
    except json.JSONDecodeError:
        return None
    return content if isinstance(content, dict) else None
