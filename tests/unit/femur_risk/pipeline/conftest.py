"""A chain of small stages, with the settings and files of a real one."""

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from femur_risk.config import RunConfig
from femur_risk.pipeline import layout
from femur_risk.pipeline.cache import cached, finish
from femur_risk.pipeline.run import Run
from femur_risk.pipeline.stage import Stage

if TYPE_CHECKING:
    from femur_risk.pipeline.events import StageEvent


_EDGE = {"mesh": {"edge_length_mm": 3.0}}


class Chain:
    """Stages that write numbers: `second` and `third` rest on `first`, `fourth` on `third`.

    `first` depends on the edge length, `fourth` on the body mass, and `twin` exists with a lesion
    only.
    """

    def __init__(self, folder: Path) -> None:
        self.events: list[StageEvent] = []
        first = stage("first", settings=lambda run: {"n": run.config.mesh.edge_length_mm})
        fourth = stage("fourth", "third", settings=lambda run: {"mass": run.config.input.mass_kg})
        twin = replace(stage("twin", "first"), needs_lesion=True)
        self.run = Run(
            case_id="case",
            folder=folder,
            config=RunConfig.model_validate(_EDGE),
            inputs={},
            input_sha256={"ct": "0"},
            listener=self.events.append,
            ranks="auto",
            chain=(first, stage("second", "first"), stage("third", "first"), fourth, twin),
        )

    def carry_out(self, run: Run | None = None, *, goal: str = "twin") -> list[str]:
        """Carry out all stages up to a goal and return the names of those that were made."""
        run = run or self.run
        names = [each.name for each in run.chain]
        wanted = names[: names.index(goal) + 1]
        records = [cached(run, each) for each in run.stages if each.name in wanted]
        made = [record.name for record in records if not record.reused]
        finish(run, made=made)
        return made

    def stages_on_disk(self) -> set[str]:
        """Return the folders of stages that lie on disk."""
        return {path.name for path in self.run.folder.iterdir() if path.is_dir()}

    def records(self) -> dict[str, dict[str, Any]]:
        """Return what the manifest says of each stage."""
        manifest = json.loads((self.run.folder / layout.MANIFEST).read_text())
        stages: dict[str, dict[str, Any]] = manifest["stages"]
        return stages

    def contents(self) -> dict[str, bytes]:
        """Return the bytes of every file of the run's folder, by its path in it."""
        return {
            path.relative_to(self.run.folder).as_posix(): path.read_bytes()
            for path in self.run.folder.rglob("*")
            if path.is_file()
        }

    def with_settings(self, **sections: dict[str, Any]) -> Run:
        """Return the run with another configuration."""
        return replace(self.run, config=RunConfig.model_validate(_EDGE | sections))

    def with_lesion(self) -> Run:
        """Return the run with another input, which `twin` needs."""
        return replace(self.run, input_sha256={"ct": "0", "lesion": "1"})


def stage(name: str, *upstream: str, settings: Any = lambda _: {}, make: Any = None) -> Stage:
    """Return a stage that writes two files into a folder of its name."""

    def write(_: Run, place: Path) -> None:
        (place / name).mkdir()
        (place / name / "a.txt").write_text(name)
        (place / name / "b.txt").write_text(name)

    return Stage(
        name=name,
        upstream=upstream,
        owns=re.compile(rf"{name}/[a-z]\.txt"),
        libraries=("numpy",),
        settings=settings,
        make=make or write,
    )


@pytest.fixture
def chain(tmp_path: Path) -> Chain:
    return Chain(tmp_path)


@pytest.fixture
def make_stage() -> Any:
    return stage
