"""Stages that are made once: skipped when nothing that they rest on has changed."""

import json
import resource
import time
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from femur_fea import __version__
from femur_fea.errors import FemurFEAWarning
from femur_fea.io import atomic_path
from femur_risk.config import RunConfig, resolved_toml
from femur_risk.pipeline.anonymous import without_names
from femur_risk.pipeline.choices import unverified_constants
from femur_risk.pipeline.events import Listener, StageEvent
from femur_risk.pipeline.fingerprint import hash_values
from femur_risk.pipeline.folder import hash_artefacts, is_intact, publish, remove_artefacts, staging
from femur_risk.pipeline.manifest import (
    Manifest,
    StageRecord,
    installed_versions,
    read_manifest,
)

__all__ = ["Run", "cached", "discard", "finish", "trusted_stages"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One case on its way from CT to report.

    Attributes
    ----------
    case_id : str
        Pseudonym of the case.
    folder : Path
        Where its artefacts lie.
    config : RunConfig
        All settings, resolved.
    inputs : mapping of str to Path
        Where CT, femur and lesion lie; empty for a run that only lies on disk.
    input_sha256 : mapping of str to str
        Content hash of each input.
    listener : callable
        Is told of every stage.
    """

    case_id: str
    folder: Path
    config: RunConfig
    inputs: Mapping[str, Path]
    input_sha256: Mapping[str, str]
    listener: Listener

    @property
    def has_lesion(self) -> bool:
        """Whether a lesion mask was given."""
        return "lesion" in self.input_sha256


def cached(
    run: Run,
    name: str,
    *,
    settings: Mapping[str, object],
    upstream: Sequence[StageRecord] = (),
    make: Callable[[Path], None],
) -> StageRecord:
    """Return the record of a stage, made anew unless the one on disk can be trusted.

    It can if version, settings and the content of all that it rests on are the same, and its
    artefacts still hold what was written. A stage that is made anew takes with it what rests on
    the old one. Artefacts appear only once all of them are complete.

    Parameters
    ----------
    run
        The run.
    name
        Name of the stage.
    settings
        What the stage depends on besides other stages.
    upstream
        Records of the stages that it rests on.
    make
        Writes the artefacts below the folder that it is given.
    """
    digests = {record.name: _digest(record) for record in upstream}
    fingerprint = hash_values(
        {"stage": name, "version": __version__, "settings": settings, "upstream": digests}
    )
    manifest = read_manifest(run.folder, case_id=run.case_id)
    old = manifest.stages.get(name)
    if old and old.fingerprint == fingerprint and is_intact(run.folder, dict(old.artefacts)):
        record = old.model_copy(update={"reused": True})
        _tell(run, StageEvent(stage=name, state="reused", warnings=record.warnings))
        _amend(run, manifest.with_stage(record))
        return record
    run.listener(StageEvent(stage=name, state="started"))
    began = time.perf_counter()
    with staging(run.folder) as place:
        with _recorded_warnings() as warned:
            make(place)
        record = StageRecord(
            name=name,
            fingerprint=fingerprint,
            upstream=digests,
            artefacts=hash_artefacts(place),
            seconds=round(time.perf_counter() - began, 3),
            peak_memory_MB=_peak_memory_MB(),
            warnings=tuple(without_names(text, run.inputs) for text in warned),
        )
        discard(run, name)
        _write_settings(run)
        publish(place, run.folder)
    _amend(run, read_manifest(run.folder, case_id=run.case_id).with_stage(record))
    _tell(
        run, StageEvent(stage=name, state="made", seconds=record.seconds, warnings=record.warnings)
    )
    return record


def discard(run: Run, name: str) -> None:
    """Forget a stage and all that rest on it, and remove their artefacts."""
    manifest = read_manifest(run.folder, case_id=run.case_id)
    names = [stage for stage in (name, *manifest.resting_on(name)) if stage in manifest.stages]
    _amend(run, manifest.without(*names))
    for stage in names:
        remove_artefacts(run.folder, list(manifest.stages[stage].artefacts))


def finish(run: Run) -> Path:
    """Write manifest and settings as they are at the end of a run, and return its folder."""
    _amend(run, read_manifest(run.folder, case_id=run.case_id))
    _write_settings(run)
    return run.folder


def trusted_stages(run: Run) -> dict[str, StageRecord]:
    """Return the stages on disk whose artefacts still hold what was written, by name."""
    stages = read_manifest(run.folder, case_id=run.case_id).stages
    return {
        name: record
        for name, record in stages.items()
        if is_intact(run.folder, dict(record.artefacts))
    }


def _write_settings(run: Run) -> None:
    """Write run.toml: the settings that the artefacts beside it belong to."""
    with atomic_path(run.folder / "run.toml") as path:
        path.write_text(resolved_toml(run.config), encoding="utf-8")


def _digest(record: StageRecord) -> str:
    """Return a hash of what a stage wrote."""
    return hash_values(dict(record.artefacts))


def _amend(run: Run, manifest: Manifest) -> None:
    """Write the manifest with what holds for the whole run."""
    current = {
        "case_id": run.case_id,
        "version": __version__,
        "versions": installed_versions(),
        "input_sha256": dict(run.input_sha256),
        "unverified_constants": unverified_constants(run.config, run.folder),
    }
    manifest.model_copy(update=current).write(run.folder)


def _tell(run: Run, event: StageEvent) -> None:
    entry = {
        "schema_version": 1,
        "time": datetime.now(UTC).isoformat(timespec="seconds"),
        "stage": event.stage,
        "state": event.state,
        "seconds": event.seconds,
        "warnings": list(event.warnings),
    }
    with (run.folder / "log.jsonl").open("a", encoding="utf-8") as stream:
        stream.write(json.dumps(entry) + "\n")
    run.listener(event)


@contextmanager
def _recorded_warnings() -> Iterator[list[str]]:
    """Collect the warnings of the project as text; hand on all others when the block ends."""
    texts: list[str] = []
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always", FemurFEAWarning)
        yield texts
    for warning in caught:
        if issubclass(warning.category, FemurFEAWarning):
            texts.append(" ".join(str(warning.message).split()))
        else:
            warnings.warn_explicit(
                warning.message, warning.category, warning.filename, warning.lineno
            )


def _peak_memory_MB() -> float:
    kibibytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return round(kibibytes * 1024 / 1e6, 1)
