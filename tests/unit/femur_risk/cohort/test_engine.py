"""The engine of cohorts on this machine: nothing is lost, nothing repeated, nobody stopped."""

import threading
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from femur_risk.cohort import Limits, Outcome, Progress, alone_in
from femur_risk.errors import FolderInUseError

type CarriedOut = Callable[..., dict[str, Outcome]]

GOOD = {f"case-{k}": "well" for k in range(5)}


def _begun(folder: Path) -> list[str]:
    return sorted((folder / "begun.txt").read_text().split())


def test_rows_are_the_same_whatever_the_number_of_workers(
    carried_out: CarriedOut, tmp_path: Path
) -> None:
    (tmp_path / "one").mkdir()
    (tmp_path / "three").mkdir()
    one = carried_out(GOOD, workers=1, folder=tmp_path / "one")
    three = carried_out(GOOD, workers=3, folder=tmp_path / "three")
    assert {name: outcome.values for name, outcome in one.items()} == {
        name: outcome.values for name, outcome in three.items()
    }
    assert len({str(outcome.values) for outcome in one.values()}) == len(GOOD)


def test_no_case_that_goes_wrong_stops_the_others(carried_out: CarriedOut) -> None:
    ways = {"a": "refused", "b": "crash", "c": "key", "d": "slow", "e": "fat", **GOOD}
    ended = carried_out(ways, limits=Limits(memory_MB=700.0, seconds=8.0))
    kinds = {name: each.failure.kind for name, each in ended.items() if each.failure}
    assert kinds == {
        "a": "ImageError",
        "b": "CaseDiedError",
        "c": "KeyError",
        "d": "TimeLimitError",
        "e": "MemoryLimitError",
    }
    assert all(ended[name].values for name in GOOD)


def test_a_refused_case_says_what_was_found_what_was_expected_and_what_to_do(
    carried_out: CarriedOut,
) -> None:
    failure = carried_out({"a": "refused"})["a"].failure
    assert failure is not None
    assert (failure.found, failure.expected, failure.remedy) == (
        "half an image",
        "a whole one",
        "copy it again",
    )
    assert not failure.is_bug


@pytest.mark.parametrize("way", ["key", "bug"])
def test_a_bug_tells_its_place_and_no_name_that_its_message_holds(
    carried_out: CarriedOut, way: str
) -> None:
    failure = carried_out({"a": way})["a"].failure
    assert failure is not None
    assert failure.is_bug
    assert "line" in failure.found
    assert "jane" not in str(failure)


def test_a_process_that_is_killed_is_tried_again(carried_out: CarriedOut) -> None:
    ended = carried_out({"a": "killed_once", **GOOD})
    assert ended["a"].failure is None
    assert ended["a"].effort.attempts == 2


def test_a_case_that_crashes_is_given_up_after_three_times(
    carried_out: CarriedOut, tmp_path: Path
) -> None:
    assert carried_out({"a": "crash"})["a"].effort.attempts == 3
    assert _begun(tmp_path) == ["a", "a", "a"]


def test_a_second_call_repeats_nothing_that_is_finished(
    carried_out: CarriedOut, tmp_path: Path
) -> None:
    ways = {"refused": "refused", **GOOD}
    first = carried_out(ways)
    told: list[Progress] = []
    second = carried_out({**ways, "new": "well"}, told=told)
    assert {name: second[name] for name in ways} == first
    assert _begun(tmp_path) == sorted([*ways, "new"])
    assert [progress.done for progress in told] == [len(ways), len(ways) + 1]
    assert told[0].kept == len(ways)


def test_a_case_is_worked_on_again_when_what_it_rests_on_has_changed(
    carried_out: CarriedOut, tmp_path: Path
) -> None:
    carried_out({"a": "well"})
    carried_out({"a": "well"}, basis="another")
    assert _begun(tmp_path) == ["a", "a"]


@pytest.mark.parametrize("damage", ["", "{", '{"case_id": "a"}', '{"case_id": "b", "basis": 1}'])
def test_a_damaged_record_is_no_finished_case(
    carried_out: CarriedOut, tmp_path: Path, damage: str
) -> None:
    carried_out({"a": "well"})
    (tmp_path / "journal/a.json").write_text(damage)
    assert carried_out({"a": "well"})["a"].values
    assert _begun(tmp_path) == ["a", "a"]


def test_a_case_that_a_limit_ended_is_tried_again_under_another_limit_only(
    carried_out: CarriedOut, tmp_path: Path
) -> None:
    narrow, wide = Limits(seconds=0.5), Limits(seconds=0.6)
    for limits, times in ((narrow, 1), (narrow, 1), (wide, 2)):
        ended = carried_out({"a": "slow"}, limits=limits)
        assert ended["a"].failure is not None
        assert len(_begun(tmp_path)) == times


def test_memory_is_that_of_the_case_alone(carried_out: CarriedOut) -> None:
    ended = carried_out({"a": "fat", "b": "well"}, workers=1, limits=Limits(memory_MB=700.0))
    assert ended["a"].effort.peak_memory_MB > 700.0
    assert 20.0 < ended["b"].effort.peak_memory_MB < 500.0


def test_two_cohorts_do_not_write_into_one_folder(tmp_path: Path) -> None:
    with alone_in(tmp_path), pytest.raises(FolderInUseError), alone_in(tmp_path):
        pass
    with alone_in(tmp_path):  # it is free again
        pass


def listening_ports() -> set[int]:
    """Return the ports on which this process waits for connections."""
    connections = psutil.Process().net_connections("tcp")
    return {each.laddr.port for each in connections if each.status == "LISTEN"}


def test_no_process_and_no_port_is_left(carried_out: CarriedOut) -> None:
    before = {child.pid for child in psutil.Process().children(recursive=True)}
    open_before = listening_ports()
    carried_out(GOOD)
    after = {child.pid for child in psutil.Process().children(recursive=True)}
    assert after <= before
    assert listening_ports() <= open_before
    assert not [thread for thread in threading.enumerate() if "Dask-Default" in thread.name]
