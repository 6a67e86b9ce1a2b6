"""The command `view`, apart from what its page shows."""

import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest


def refused(*arguments: object) -> str:
    """Return what a call says that is refused."""
    done = subprocess.run(
        [sys.executable, "-m", "femur_risk.cli", "view", *map(str, arguments)],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    return done.stderr


def test_a_folder_without_a_run_is_refused_without_its_name(tmp_path: Path) -> None:
    said = refused(tmp_path / "a-patients-name")
    assert "no manifest.json in the given folder" in said
    assert "a-patients-name" not in said


def test_a_run_that_was_not_solved_is_refused(bar_folder: Path, tmp_path: Path) -> None:
    unsolved = tmp_path / "run"
    shutil.copytree(bar_folder, unsolved, ignore=shutil.ignore_patterns("fe"))
    assert "a run without a solved load" in refused(unsolved)


@pytest.mark.parametrize("port", ["-1", "65536"])
def test_a_port_that_is_none_is_refused(bar_folder: Path, port: str) -> None:
    assert "--port" in refused(bar_folder, f"--port={port}")


def test_ctrl_c_ends_it_cleanly_and_nothing_that_it_said_names_the_folder(
    serve_run: Any, bar_folder: Path
) -> None:
    status, said = serve_run(bar_folder).end()
    assert status == 0
    assert said.endswith("ended\n")
    assert bar_folder.name not in said
    assert "Traceback" not in said
