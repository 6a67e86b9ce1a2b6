"""Stages on disk: made once, never trusted half-way."""

import json
import warnings
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from femur_fea.errors import ConfigError, FemurFEAWarning, InputError
from femur_risk.config import RunConfig
from femur_risk.pipeline.cache import Run, cached, discard, finish, trusted_stages
from femur_risk.pipeline.folder import exclusive_folder
from femur_risk.pipeline.manifest import MANIFEST, StageRecord, read_manifest

if TYPE_CHECKING:
    from femur_risk.pipeline.events import StageEvent


class Chain:
    """Three stages that copy numbers on; `second` and `third` rest on `first`."""

    def __init__(self, folder: Path) -> None:
        self.events: list[StageEvent] = []
        self.run = Run(
            case_id="case",
            folder=folder,
            config=RunConfig(),
            inputs={"ct": Path("/ward/Mustermann.nii")},
            input_sha256={},
            listener=self.events.append,
        )

    def carry_out(self, number: int = 1) -> list[str]:
        """Run all stages and return the names of those that were made."""
        self.events.clear()
        first = self._stage("first", number)
        self._stage("second", 2, first)
        self._stage("third", 3, first)
        finish(self.run)
        return [event.stage for event in self.events if event.state == "made"]

    def _stage(self, name: str, number: int, *upstream: StageRecord) -> StageRecord:
        def make(place: Path) -> None:
            (place / name).mkdir()
            (place / name / "a.txt").write_text(f"{number}")
            (place / name / "b.txt").write_text(f"{number}")

        return cached(self.run, name, settings={"n": number}, upstream=upstream, make=make)


@pytest.fixture
def chain(tmp_path: Path) -> Chain:
    return Chain(tmp_path)


def test_a_second_run_makes_nothing_again(chain: Chain) -> None:
    assert chain.carry_out() == ["first", "second", "third"]
    assert chain.carry_out() == []
    assert all(
        record.reused for record in read_manifest(chain.run.folder, case_id="").stages.values()
    )


def _delete(path: Path) -> None:
    path.unlink()


def _truncate(path: Path) -> None:
    path.write_text("")


def _flip(path: Path) -> None:
    path.write_text("7")


@pytest.mark.parametrize("damage", [_delete, _truncate, _flip])
def test_a_damaged_artefact_is_made_again_and_no_other(
    chain: Chain, damage: Callable[[Path], None]
) -> None:
    chain.carry_out()
    damage(chain.run.folder / "second" / "b.txt")
    assert chain.carry_out() == ["second"]


def test_what_rests_on_a_damaged_artefact_is_made_again_too(chain: Chain) -> None:
    chain.carry_out()
    _flip(chain.run.folder / "first" / "a.txt")
    assert chain.carry_out() == ["first", "second", "third"]


def test_a_changed_setting_makes_its_stage_and_what_follows_again(chain: Chain) -> None:
    chain.carry_out(number=1)
    assert chain.carry_out(number=5) == ["first", "second", "third"]


def test_a_changed_version_makes_everything_again(
    chain: Chain, monkeypatch: pytest.MonkeyPatch
) -> None:
    chain.carry_out()
    monkeypatch.setattr("femur_risk.pipeline.cache.__version__", "99.0")
    assert chain.carry_out() == ["first", "second", "third"]


@pytest.mark.parametrize("content", ["", "{", '{"schema_version": 1}', "[]", '{"case_id": 3}'])
def test_a_manifest_that_cannot_be_read_is_not_trusted(chain: Chain, content: str) -> None:
    chain.carry_out()
    (chain.run.folder / MANIFEST).write_text(content)
    assert chain.carry_out() == ["first", "second", "third"]


@pytest.mark.parametrize("failure", [KeyboardInterrupt, InputError, MemoryError])
def test_a_stage_that_fails_leaves_the_folder_as_it_was(
    chain: Chain, failure: type[BaseException]
) -> None:
    chain.carry_out()
    before = _contents(chain.run.folder)

    def make(place: Path) -> None:
        (place / "half.txt").write_text("half")
        raise _instance(failure)

    with pytest.raises(failure):
        cached(chain.run, "first", settings={"n": 8}, make=make)
    assert _contents(chain.run.folder) == before


def _instance(failure: type[BaseException]) -> BaseException:
    if issubclass(failure, InputError):
        return failure(found="a", expected="b", remedy="c")
    return failure()


def _contents(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_a_stage_killed_while_its_files_appear_is_made_again(chain: Chain) -> None:
    """Files are moved one by one, after the record of the old ones is gone."""
    chain.carry_out()
    discard(chain.run, "second")
    (chain.run.folder / "second").mkdir()
    (chain.run.folder / "second" / "a.txt").write_text("2")
    assert chain.carry_out() == ["second"]


def test_artefacts_that_a_stage_no_longer_writes_are_gone(chain: Chain) -> None:
    chain.carry_out()

    def make(place: Path) -> None:
        (place / "other.txt").write_text("1")

    cached(chain.run, "second", settings={}, make=make)
    assert not (chain.run.folder / "second").exists()


def test_settings_beside_the_artefacts_are_those_they_were_made_with(chain: Chain) -> None:
    chain.carry_out()
    other = RunConfig.model_validate({"mesh": {"edge_length_mm": 2.0}})
    changed = replace(chain.run, config=other)

    def fail(place: Path) -> None:
        raise InputError(found="a", expected="b", remedy=str(place.exists()))

    with pytest.raises(InputError):
        cached(changed, "first", settings={"n": 9}, make=fail)
    assert "edge_length_mm = 3.0" in (chain.run.folder / "run.toml").read_text()


def test_warnings_are_kept_with_the_stage_and_shown_again_when_it_is_reused(chain: Chain) -> None:
    def make(place: Path) -> None:
        (place / "w.txt").write_text("w")
        warnings.warn("thick slices", FemurFEAWarning, stacklevel=1)

    for state in ("made", "reused"):
        cached(chain.run, "warned", settings={}, make=make)
        assert (chain.events[-1].state, chain.events[-1].warnings) == (state, ("thick slices",))
    manifest = json.loads((chain.run.folder / MANIFEST).read_text())
    assert manifest["warnings"] == ["thick slices"]


def test_other_warnings_are_handed_on(chain: Chain) -> None:
    def make(place: Path) -> None:
        (place / "w.txt").write_text("w")
        warnings.warn("old call", DeprecationWarning, stacklevel=1)

    with pytest.raises(DeprecationWarning, match="old call"):
        cached(chain.run, "warned", settings={}, make=make)


def test_the_name_of_an_input_file_reaches_no_artefact(chain: Chain) -> None:
    def make(place: Path) -> None:
        (place / "w.txt").write_text("w")
        warnings.warn("'Mustermann.nii' looks cut off", FemurFEAWarning, stacklevel=1)

    record = cached(chain.run, "warned", settings={}, make=make)
    finish(chain.run)
    assert record.warnings == ("<ct> looks cut off",)
    written = b"".join(_contents(chain.run.folder).values())
    assert b"Mustermann" not in written
    assert b"/ward" not in written


def test_every_stage_has_time_and_memory(chain: Chain) -> None:
    chain.carry_out()
    for record in trusted_stages(chain.run).values():
        assert record.seconds >= 0.0
        assert record.peak_memory_MB > 1.0


def test_a_damaged_stage_is_not_among_the_trusted(chain: Chain) -> None:
    chain.carry_out()
    _flip(chain.run.folder / "third" / "a.txt")
    assert set(trusted_stages(chain.run)) == {"first", "second"}


def test_every_line_of_the_log_is_json(chain: Chain) -> None:
    chain.carry_out()
    chain.carry_out()
    lines = (chain.run.folder / "log.jsonl").read_text().splitlines()
    states = [json.loads(line)["state"] for line in lines]
    assert states == ["made"] * 3 + ["reused"] * 3


def test_two_runs_do_not_share_a_folder(tmp_path: Path) -> None:
    with (
        exclusive_folder(tmp_path / "case"),
        pytest.raises(InputError, match="another run"),
        exclusive_folder(tmp_path / "case"),
    ):
        pass


def test_a_run_that_leaves_nothing_leaves_no_folder(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt), exclusive_folder(tmp_path / "runs" / "case"):
        raise KeyboardInterrupt
    assert list(tmp_path.iterdir()) == []


def test_the_remains_of_a_killed_run_are_removed(tmp_path: Path) -> None:
    (tmp_path / "case" / ".staging-x").mkdir(parents=True)
    with exclusive_folder(tmp_path / "case") as folder:
        assert list(folder.iterdir()) == []


def test_a_file_in_place_of_the_folder_is_the_users_to_move(tmp_path: Path) -> None:
    (tmp_path / "runs").write_text("")
    with pytest.raises(ConfigError, match="cannot be made"), exclusive_folder(tmp_path / "runs/c"):
        pass
