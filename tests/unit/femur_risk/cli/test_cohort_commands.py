"""Options of batch and simulate that cannot be used: refused before anything is written."""

from pathlib import Path
from typing import Any

import pytest

HEAD = "case_id,ct,femur\n"


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "COHORT.csv"
    path.write_text(f"{HEAD}a,ct.nii,femur.nii\n")
    return path


@pytest.mark.parametrize(
    ("words", "found"),
    [
        (("--workers", "0"), "--workers = '0'"),
        (("--workers", "two"), "--workers = 'two'"),
        (("--workers", "2", "--scheduler", "tcp://x:1"), "--workers beside --scheduler"),
        (("--memory-limit-mb", "-5"), "--memory-limit-mb = '-5'"),
        (("--time-limit-s", "nan"), "--time-limit-s = 'nan'"),
        (("--preset", "bolonga"), "--preset"),
        (("--edge-length-mm", "0"), "--edge-length-mm"),
        (("--tier", "surrogate"), "not available in this version"),
        (("--ct", "scan.nii"), "no such option: --ct"),
        (("--ranks", "2"), "no such option: --ranks"),
    ],
)
def test_an_option_of_a_batch_that_cannot_be_used_is_refused(
    call: Any, table: Path, tmp_path: Path, words: tuple[str, ...], found: str
) -> None:
    answer = call("batch", table, "--out", tmp_path / "out", *words)
    assert (answer.code, answer.explains) == (2, True)
    assert found.lower() in answer.err.lower()
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("config", "found"),
    [
        ('[input]\nct = "scan.nii"\n', "input.ct"),
        ("[solver]\nranks = 2\n", "several ranks"),
    ],
)
def test_settings_of_one_case_are_none_of_a_cohort(
    call: Any, table: Path, tmp_path: Path, config: str, found: str
) -> None:
    file = tmp_path / "run.toml"
    file.write_text(config)
    answer = call("batch", table, "--out", tmp_path / "out", "--config", file)
    assert (answer.code, answer.explains) == (2, True)
    assert found in answer.err


def test_a_table_at_fault_is_refused(call: Any, tmp_path: Path) -> None:
    table = tmp_path / "COHORT.csv"
    table.write_text(f"{HEAD}../jane,ct.nii,femur.nii\n")
    answer = call("batch", table, "--out", tmp_path / "out")
    assert (answer.code, answer.explains) == (2, True)
    assert "jane" not in answer.err
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("words", [("--n", "0"), ("--n", "3", "--seed", "-1"), ("--n", "1e3")])
def test_a_virtual_cohort_of_no_number_is_refused(
    call: Any, tmp_path: Path, words: tuple[str, ...]
) -> None:
    answer = call("simulate", *words, "--out", tmp_path / "out")
    assert (answer.code, answer.explains) == (2, True)
    assert not (tmp_path / "out").exists()
