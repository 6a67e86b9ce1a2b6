"""What a stage is: a name, what it depends on, what it owns, and how it is made."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, is_dataclass
from pathlib import Path
from typing import Any

from femur_fea import __version__
from femur_risk.pipeline.fingerprint import hash_values
from femur_risk.pipeline.manifest import StageRecord
from femur_risk.pipeline.run import Run
from femur_risk.pipeline.versions import versions_of

__all__ = ["Stage", "content_of", "fingerprint_of"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """One step of the pipeline whose result lies on disk.

    Attributes
    ----------
    name : str
        Name of the stage.
    upstream : tuple of str
        Names of the stages on whose artefacts it rests; those that a run does not have are left
        out.
    owns : regular expression
        Which paths below the run's folder belong to it, in full.
    libraries : tuple of str
        Distributions whose version can change its numbers.
    settings : callable
        Returns what it depends on besides other stages, as plain values.
    make : callable
        Writes its artefacts below the folder that it is given.
    needs_lesion : bool
        Whether only a run with a lesion has it.
    """

    name: str
    upstream: tuple[str, ...]
    owns: re.Pattern[str]
    libraries: tuple[str, ...]
    settings: Callable[[Run], Mapping[str, object]]
    make: Callable[[Run, Path], None]
    needs_lesion: bool = False


def fingerprint_of(
    run: Run, stage: Stage, records: Mapping[str, StageRecord]
) -> tuple[str, dict[str, str]]:
    """Return the hash of all that a stage rests on, and the digests of its upstream by name.

    Parameters
    ----------
    run
        The run, whose settings count.
    stage
        The stage.
    records
        Records of at least the stages upstream of it.
    """
    present = {other.name for other in run.stages}
    digests = {
        name: hash_values(dict(records[name].artefacts))
        for name in stage.upstream
        if name in present
    }
    content = {
        "stage": stage.name,
        "version": __version__,
        "libraries": versions_of(stage.libraries),
        "settings": stage.settings(run),
        "upstream": digests,
    }
    return hash_values(content), digests


def content_of(record: object) -> dict[str, Any]:
    """Return the numbers of a published record, so that a changed record is another setting."""
    if not is_dataclass(record) or isinstance(record, type):
        raise TypeError(f"a record of type {type(record).__name__} is not a dataclass")
    return {"type": type(record).__name__, **_plain(record)}


def _plain(value: Any) -> Any:
    if is_dataclass(value):
        return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, tuple | list):
        return [_plain(item) for item in value]
    return value
