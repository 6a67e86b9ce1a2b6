"""The folder of a run: one process at a time, and nothing in it but what a run puts there."""

from pathlib import Path

import pytest

from femur_fea.errors import ConfigError, InputError
from femur_risk.pipeline.folder import exclusive_folder, staging


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
    (tmp_path / "case" / ".partial-1-run.toml").write_text("half")
    with exclusive_folder(tmp_path / "case") as folder:
        assert list(folder.iterdir()) == []


def _refused(folder: Path) -> str:
    """Return the message with which a folder is refused, which never holds its path."""
    with pytest.raises(ConfigError) as caught, exclusive_folder(folder), staging(folder):
        pass
    assert "Doe" not in str(caught.value)
    return str(caught.value)


def test_a_file_in_place_of_the_folder_is_the_users_to_move(tmp_path: Path) -> None:
    (tmp_path / "Doe").write_text("")
    assert "the case folder below --out cannot be used" in _refused(tmp_path / "Doe" / "case")


def test_a_folder_that_cannot_be_written_into_is_told() -> None:
    # the system's own file system takes no folder of anybody
    message = _refused(Path("/sys/kernel"))
    assert "the case folder below --out cannot be used" in message


@pytest.mark.parametrize("name", ["manifest.json", "run.toml", "log.jsonl", "strength.json"])
def test_a_folder_in_place_of_a_file_is_told(name: str, tmp_path: Path) -> None:
    (tmp_path / "Doe" / name).mkdir(parents=True)
    assert f"'{name}' in the case folder is a folder" in _refused(tmp_path / "Doe")


@pytest.mark.parametrize("name", ["segmentation", "calibration", "mesh", "fe", "report"])
def test_a_file_in_place_of_a_stages_folder_is_told(name: str, tmp_path: Path) -> None:
    (tmp_path / "Doe").mkdir()
    (tmp_path / "Doe" / name).write_text("")
    assert f"'{name}' in the case folder is a file" in _refused(tmp_path / "Doe")


@pytest.mark.parametrize("name", ["fe", "fe/stance", "strength.json", "report/figures"])
def test_a_link_to_another_place_is_not_followed(name: str, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    link = tmp_path / "Doe" / name
    link.parent.mkdir(parents=True)
    link.symlink_to(elsewhere)
    assert f"'{name}' in the case folder is a link" in _refused(tmp_path / "Doe")
