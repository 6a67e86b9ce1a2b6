"""Stages on disk whose run fails, is interrupted or is killed: never trusted half-way."""

import json
import tomllib
from pathlib import Path
from typing import Any

import pytest

from femur_fea.errors import InputError
from femur_risk.pipeline import layout
from femur_risk.pipeline.cache import cached, remake
from femur_risk.pipeline.run import Run


@pytest.mark.parametrize("failure", [KeyboardInterrupt, InputError, MemoryError])
def test_a_stage_that_fails_leaves_the_artefacts_as_they_were_and_the_log_says_so(
    chain: Any, make_stage: Any, failure: type[BaseException]
) -> None:
    chain.carry_out()
    before = chain.contents()
    log = before.pop("log.jsonl")

    def make(_: Run, place: Path) -> None:
        (place / "half.txt").write_text("half")
        raise _instance(failure)

    with pytest.raises(failure):
        remake(chain.run, make_stage("first", make=make))
    after = chain.contents()
    entry = json.loads(after.pop("log.jsonl").removeprefix(log))
    assert after == before
    state = "interrupted" if failure is KeyboardInterrupt else "failed"
    assert (entry["stage"], entry["state"]) == ("first", state)
    assert entry["error"] == failure.__name__


def test_a_first_stage_that_fails_leaves_an_empty_folder(chain: Any, make_stage: Any) -> None:
    def make(_run: Run, _place: Path) -> None:
        raise _instance(InputError)

    with pytest.raises(InputError):
        cached(chain.run, make_stage("first", make=make))
    assert list(chain.run.folder.iterdir()) == []


def _instance(failure: type[BaseException]) -> BaseException:
    if issubclass(failure, InputError):
        return failure(found="a", expected="b", remedy="c")
    return failure()


class Killed(BaseException):
    """Stands for a process that ends on the spot."""


def _kill(*_: object, **__: object) -> None:
    raise Killed


def test_a_kill_between_the_files_of_a_stage_and_its_record_leaves_nothing_that_is_trusted(
    chain: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    chain.carry_out()
    other = chain.with_settings(mesh={"edge_length_mm": 2.0})
    with monkeypatch.context() as patch:
        patch.setattr("femur_risk.pipeline.manifest.Manifest.with_stage", _kill)
        with pytest.raises(Killed):
            chain.carry_out(other)
    assert chain.stages_on_disk() == {"first"}, "its files are there, without a record"
    assert chain.records() == {}
    # the next run has other settings and another goal: what no record names must not survive
    chain.run.folder.joinpath("first", "c.txt").write_text("of the stage that was killed")
    assert chain.carry_out(goal="first") == ["first"]
    named = chain.records()["first"]["artefacts"]
    assert {f"first/{p.name}" for p in (chain.run.folder / "first").iterdir()} == set(named)


def test_files_of_a_stage_beyond_the_goal_without_a_record_are_removed(chain: Any) -> None:
    (chain.run.folder / "fourth").mkdir()
    (chain.run.folder / "fourth" / "a.txt").write_text("left by a kill")
    chain.carry_out(goal="second")
    assert not (chain.run.folder / "fourth").exists()


@pytest.mark.parametrize("removals", [1, 2, 3])
def test_a_kill_while_stages_are_discarded_leaves_none_that_rests_on_one_that_is_gone(
    chain: Any, monkeypatch: pytest.MonkeyPatch, removals: int
) -> None:
    from femur_risk.pipeline import folder

    chain.carry_out(chain.with_lesion())
    left = [removals]

    def remove(*arguments: Any) -> None:
        if left[0] == 0:
            raise Killed
        left[0] -= 1
        folder.remove_unnamed(*arguments)

    other = chain.with_settings(mesh={"edge_length_mm": 2.0})
    with monkeypatch.context() as patch:
        patch.setattr("femur_risk.pipeline.cache.remove_unnamed", remove)
        with pytest.raises(Killed):
            chain.carry_out(other, goal="first")
    order = ["first", "second", "third", "fourth", "twin"]
    assert chain.stages_on_disk() == set(order[: len(order) - removals])
    settings = tomllib.loads((chain.run.folder / layout.SETTINGS).read_text())
    assert settings["mesh"]["edge_length_mm"] == 3.0, "which made what is still there"
    chain.carry_out(other, goal="first")
    assert chain.stages_on_disk() == {"first"}


def test_settings_beside_the_artefacts_are_those_they_were_made_with(
    chain: Any, make_stage: Any
) -> None:
    chain.carry_out()
    changed = chain.with_settings(mesh={"edge_length_mm": 2.0})

    def fail(_run: Run, _place: Path) -> None:
        raise _instance(InputError)

    with pytest.raises(InputError):
        cached(changed, make_stage("first", settings=lambda _: {"n": 9}, make=fail))
    assert "edge_length_mm = 3.0" in (chain.run.folder / layout.SETTINGS).read_text()
