"""Stages that are made once: skipped when nothing that they rest on has changed.

At every moment `run.toml` describes all artefacts beside it: before a stage appears, whatever was
made with other settings goes, the last stages first.
"""

import resource
import time
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path

from femur_fea import __version__
from femur_fea.io import atomic_path
from femur_risk.pipeline import layout
from femur_risk.pipeline.choices import settings_text, unverified_constants
from femur_risk.pipeline.events import StageEvent, write_log
from femur_risk.pipeline.folder import (
    hash_artefacts,
    is_intact,
    publish,
    remove_unnamed,
    staging,
)
from femur_risk.pipeline.manifest import Manifest, StageRecord, read_manifest
from femur_risk.pipeline.run import Run
from femur_risk.pipeline.stage import Stage, fingerprint_of
from femur_risk.pipeline.versions import installed_versions
from femur_risk.pipeline.warned import recorded_warnings

__all__ = ["cached", "finish", "fitting_stages", "remake"]


def cached(run: Run, stage: Stage) -> StageRecord:
    """Return the record of a stage, made anew unless the one on disk can be trusted.

    It can if version, libraries, settings and the content of all that it rests on are the same,
    and its artefacts still hold what was written. The stages upstream must have been carried out.
    """
    stages = read_manifest(run.folder, case_id=run.case_id).stages
    old = stages.get(stage.name)
    fingerprint, _ = fingerprint_of(run, stage, stages)
    if old and old.fingerprint == fingerprint and is_intact(run.folder, old.artefacts):
        _tell(run, StageEvent(stage=stage.name, state="reused", warnings=old.warnings))
        return old.model_copy(update={"reused": True})
    return remake(run, stage)


def remake(run: Run, stage: Stage) -> StageRecord:
    """Make a stage, whatever is on disk; what rests on the old one goes with it.

    Artefacts appear only once all of them are complete.
    """
    run.listener(StageEvent(stage=stage.name, state="started"))
    began = time.perf_counter()
    with staging(run.folder) as place, _told_when_it_ends_early(run, stage.name, began):
        with recorded_warnings() as warned:
            stage.make(run, place)
        manifest = _settle(run, remade=stage.name)
        fingerprint, digests = fingerprint_of(run, stage, manifest.stages)
        record = StageRecord(
            name=stage.name,
            fingerprint=fingerprint,
            upstream=digests,
            artefacts=hash_artefacts(place),
            versions=installed_versions(),
            seconds=round(time.perf_counter() - began, 3),
            peak_memory_MB=_peak_memory_MB(),
            warnings=tuple(warned),
        )
        publish(place, run.folder)
        _write(run, manifest.with_stage(record))
    event = StageEvent(
        stage=stage.name, state="made", seconds=record.seconds, warnings=record.warnings
    )
    _tell(run, event)
    return record


def finish(run: Run, *, made: Collection[str]) -> Path:
    """Remove what does not belong to the run, say which stages it made, and return its folder."""
    _write(run, _settle(run).with_made(made))
    return run.folder


def fitting_stages(
    run: Run, manifest: Manifest, *, without: str | None = None
) -> dict[str, StageRecord]:
    """Return the recorded stages that were made with the settings of a run, by name.

    Parameters
    ----------
    run
        The run.
    manifest
        What is on disk.
    without
        A stage that is left out, and with it all that rest on it.
    """
    fitting: dict[str, StageRecord] = {}
    present = {stage.name for stage in run.stages}
    for stage in run.stages:
        record = manifest.stages.get(stage.name)
        if record is None or stage.name == without:
            continue
        has_upstream = all(name in fitting for name in stage.upstream if name in present)
        if has_upstream and record.fingerprint == fingerprint_of(run, stage, fitting)[0]:
            fitting[stage.name] = record
    return fitting


def _settle(run: Run, *, remade: str | None = None) -> Manifest:
    """Leave in the folder what fits the run's settings alone, and write these beside it.

    Files go before their record does, the last stages first: whenever this is cut short, what is
    left rests on stages that are left, and the next run takes away the remainder.
    """
    manifest = read_manifest(run.folder, case_id=run.case_id)
    kept = fitting_stages(run, manifest, without=remade)
    for stage in reversed(run.chain):
        named = kept[stage.name].artefacts if stage.name in kept else ()
        remove_unnamed(run.folder, stage.owns, named)
    manifest = manifest.model_copy(update={"stages": kept})
    _write(run, manifest)
    with atomic_path(run.folder / layout.SETTINGS) as path:
        path.write_text(settings_text(run.config), encoding="utf-8")
    return manifest


def _write(run: Run, manifest: Manifest) -> None:
    """Write the manifest with what holds for the whole run."""
    current = {
        "case_id": run.case_id,
        "version": __version__,
        "input_sha256": dict(run.input_sha256),
        "unverified_constants": unverified_constants(run.config, run.folder),
    }
    manifest.model_copy(update=current).write(run.folder)


def _tell(run: Run, event: StageEvent) -> None:
    write_log(run.folder, event)
    run.listener(event)


@contextmanager
def _told_when_it_ends_early(run: Run, name: str, began: float) -> Iterator[None]:
    """Tell of a stage that fails or is interrupted; a folder without any stage stays empty."""
    try:
        yield
    except BaseException as error:
        event = StageEvent(
            stage=name,
            state="failed" if isinstance(error, Exception) else "interrupted",
            seconds=round(time.perf_counter() - began, 3),
            error=type(error).__name__,
        )
        if (run.folder / layout.LOG).exists():
            write_log(run.folder, event)
        run.listener(event)
        raise


def _peak_memory_MB() -> float:
    everyone = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    kibibytes = max(resource.getrusage(who).ru_maxrss for who in everyone)
    return round(kibibytes * 1024 / 1e6, 1)
