"""Stages on disk: made once, and again where anything has changed."""

import json
import tomllib
import warnings
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from femur_fea.errors import FemurFEAWarning, InputError
from femur_risk.pipeline import layout
from femur_risk.pipeline.cache import cached, finish, remake
from femur_risk.pipeline.manifest import read_manifest
from femur_risk.pipeline.run import Run

ALL = ["first", "second", "third", "fourth"]


def test_a_second_run_makes_nothing_again(chain: Any) -> None:
    assert chain.carry_out() == ALL
    assert chain.carry_out() == []
    assert all(record["reused"] for record in chain.records().values())


def test_a_stage_beyond_the_goal_was_not_made_by_the_last_run(chain: Any) -> None:
    chain.carry_out()
    chain.carry_out(goal="first")
    assert [name for name, r in chain.records().items() if not r["reused"]] == []


def _delete(path: Path) -> None:
    path.unlink()


def _truncate(path: Path) -> None:
    path.write_text("")


def _flip(path: Path) -> None:
    path.write_text("7")


@pytest.mark.parametrize("damage", [_delete, _truncate, _flip])
def test_a_damaged_artefact_is_made_again_and_no_other(
    chain: Any, damage: Callable[[Path], None]
) -> None:
    chain.carry_out()
    damage(chain.run.folder / "second" / "b.txt")
    assert chain.carry_out() == ["second"]


def test_what_rests_on_a_damaged_artefact_is_made_again_too(chain: Any) -> None:
    chain.carry_out()
    _flip(chain.run.folder / "first" / "a.txt")
    assert chain.carry_out() == ALL


def test_a_changed_setting_makes_its_stage_and_what_follows_again(chain: Any) -> None:
    chain.carry_out()
    assert chain.carry_out(chain.with_settings(input={"mass_kg": 80.0})) == ["fourth"]
    changed = chain.with_settings(input={"mass_kg": 80.0}, mesh={"edge_length_mm": 2.0})
    assert chain.carry_out(changed) == ALL


@pytest.mark.parametrize("goal", ["first", "second", "third"])
def test_a_partial_run_with_other_settings_leaves_nothing_of_the_old_ones(
    chain: Any, goal: str
) -> None:
    chain.carry_out()
    other = chain.with_settings(mesh={"edge_length_mm": 2.0})
    made = chain.carry_out(other, goal=goal)
    assert chain.stages_on_disk() == set(chain.records()) == set(made)
    settings = tomllib.loads((chain.run.folder / layout.SETTINGS).read_text())
    assert settings["mesh"]["edge_length_mm"] == 2.0


def test_a_partial_run_discards_what_a_setting_beyond_its_goal_has_changed(chain: Any) -> None:
    chain.carry_out()
    chain.carry_out(chain.with_settings(input={"mass_kg": 80.0}), goal="second")
    assert chain.stages_on_disk() == {"first", "second", "third"}


def test_a_partial_run_with_the_same_settings_leaves_what_follows(chain: Any) -> None:
    chain.carry_out()
    chain.carry_out(goal="first")
    assert chain.stages_on_disk() == set(ALL)


def test_a_run_without_lesion_leaves_no_stage_of_one(chain: Any) -> None:
    chain.carry_out(chain.with_lesion())
    assert "twin" in chain.stages_on_disk()
    chain.carry_out()
    assert chain.stages_on_disk() == set(chain.records()) == set(ALL)


def test_a_changed_version_makes_everything_again(
    chain: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    chain.carry_out()
    monkeypatch.setattr("femur_risk.pipeline.stage.__version__", "99.0")
    assert chain.carry_out() == ALL


def test_another_version_of_a_library_that_computes_makes_its_stages_again(
    chain: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    chain.carry_out()
    monkeypatch.setattr("femur_risk.pipeline.versions._version_of", lambda _: "99.0")
    assert chain.carry_out() == ALL


def test_versions_are_those_with_which_a_stage_was_made_and_not_those_of_its_reuse(
    chain: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    chain.carry_out()
    monkeypatch.setattr("femur_risk.pipeline.versions.platform.python_version", lambda: "9.9")
    _flip(chain.run.folder / "second" / "a.txt")
    assert chain.carry_out() == ["second"]
    python = {n: r["versions"]["python"] for n, r in chain.records().items()}
    assert [name for name, version in python.items() if version == "9.9"] == ["second"]
    manifest = read_manifest(chain.run.folder, case_id="case")
    assert set(manifest.versions["python"].split(", ")) == set(python.values())


@pytest.mark.parametrize("content", ["", "{", '{"schema_version": 1}', "[]", '{"case_id": 3}'])
def test_a_manifest_that_cannot_be_read_is_not_trusted(chain: Any, content: str) -> None:
    chain.carry_out()
    (chain.run.folder / layout.MANIFEST).write_text(content)
    assert chain.carry_out(goal="second") == ["first", "second"]
    assert chain.stages_on_disk() == {"first", "second"}


@pytest.mark.parametrize(
    "path", ["/etc/passwd", "../outside.txt", "first/../../outside.txt", "first/.."]
)
def test_a_manifest_that_names_a_file_outside_is_refused_and_nothing_is_removed(
    chain: Any, path: str
) -> None:
    chain.carry_out()
    file = chain.run.folder / layout.MANIFEST
    content = json.loads(file.read_text())
    content["stages"]["first"]["artefacts"] = {path: "0"}
    file.write_text(json.dumps(content))
    before = chain.contents()
    with pytest.raises(InputError, match="outside the run's folder"):
        chain.carry_out(chain.with_settings(mesh={"edge_length_mm": 2.0}))
    assert chain.contents() == before


def test_a_users_own_file_beside_the_artefacts_stays(chain: Any) -> None:
    chain.carry_out()
    own = chain.run.folder / "first" / "notes.md"
    own.write_text("mine")
    chain.carry_out(chain.with_settings(mesh={"edge_length_mm": 2.0}))
    assert own.read_text() == "mine"


def test_artefacts_that_a_stage_no_longer_writes_are_gone(chain: Any, make_stage: Any) -> None:
    chain.carry_out()

    def make(_: Run, place: Path) -> None:
        (place / "second").mkdir()
        (place / "second" / "c.txt").write_text("1")

    remake(chain.run, make_stage("second", "first", make=make))
    assert [path.name for path in (chain.run.folder / "second").iterdir()] == ["c.txt"]


def test_settings_are_there_as_soon_as_the_first_artefact_made_with_them(chain: Any) -> None:
    chain.carry_out()
    changed = chain.with_settings(mesh={"edge_length_mm": 2.0})
    cached(changed, changed.chain[0])  # and no further: the run ends here
    assert "edge_length_mm = 2.0" in (chain.run.folder / layout.SETTINGS).read_text()


def test_warnings_are_kept_with_the_stage_and_shown_again_when_it_is_reused(
    chain: Any, make_stage: Any
) -> None:
    def make(_: Run, place: Path) -> None:
        (place / "w.txt").write_text("w")
        warnings.warn("thick slices", FemurFEAWarning, stacklevel=1)

    warned = make_stage("warned", make=make)
    run = replace(chain.run, chain=(warned,))
    for state in ("made", "reused"):
        cached(run, warned)
        assert (chain.events[-1].state, chain.events[-1].warnings) == (state, ("thick slices",))
    finish(run, made=[])
    manifest = json.loads((run.folder / layout.MANIFEST).read_text())
    assert manifest["warnings"] == ["thick slices"]


def test_other_warnings_are_handed_on(chain: Any, make_stage: Any) -> None:
    def make(_: Run, place: Path) -> None:
        (place / "w.txt").write_text("w")
        warnings.warn("old call", DeprecationWarning, stacklevel=1)

    with pytest.raises(DeprecationWarning, match="old call"):
        remake(chain.run, make_stage("first", make=make))


def test_every_stage_has_time_and_memory(chain: Any) -> None:
    chain.carry_out()
    for record in chain.records().values():
        assert record["seconds"] >= 0.0
        assert record["peak_memory_MB"] > 1.0


def test_every_line_of_the_log_is_json(chain: Any) -> None:
    chain.carry_out()
    chain.carry_out()
    lines = (chain.run.folder / layout.LOG).read_text().splitlines()
    states = [json.loads(line)["state"] for line in lines]
    assert states == ["made"] * 4 + ["reused"] * 4
