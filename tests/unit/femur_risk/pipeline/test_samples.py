"""Samples that outlive the run that draws them."""

from pathlib import Path

from femur_risk.pipeline.samples import SampleStore

FIRST, SECOND = [[1.0, 2.5]], [[0.1, -3.0]]


def _store(folder: Path, fingerprint: str = "a") -> SampleStore:
    return SampleStore(path=folder / "uncertainty/samples.jsonl", fingerprint=fingerprint)


def test_samples_are_there_when_the_file_is_opened_again(tmp_path: Path) -> None:
    store = _store(tmp_path)
    assert store.open() == {}
    store.append(0, FIRST)
    store.append(3, SECOND)
    assert _store(tmp_path).open() == {0: FIRST, 3: SECOND}


def test_a_sample_that_is_half_written_is_not_taken_and_the_next_one_is_whole(
    tmp_path: Path,
) -> None:
    store = _store(tmp_path)
    store.open()
    store.append(0, FIRST)
    store.append(1, SECOND)
    store.path.write_bytes(store.path.read_bytes()[:-7])
    assert store.open() == {0: FIRST}
    store.append(1, SECOND)
    assert store.open() == {0: FIRST, 1: SECOND}


def test_samples_of_other_settings_are_left_behind(tmp_path: Path) -> None:
    store = _store(tmp_path)
    store.open()
    store.append(0, FIRST)
    assert _store(tmp_path, "b").open() == {}
