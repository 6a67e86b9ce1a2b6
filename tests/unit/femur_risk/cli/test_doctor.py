"""`doctor` and the hazards that it knows."""

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest


def _doctor(folder: Path, **environment: str) -> tuple[int, dict[str, dict[str, Any]]]:
    import os

    done = subprocess.run(
        [sys.executable, "-m", "femur_risk.cli", "doctor", "--json"],
        capture_output=True,
        text=True,
        cwd=folder,
        env={**os.environ, **environment},
        check=False,
    )
    checks = json.loads(done.stdout)["checks"] if done.stdout else []
    return done.returncode, {check["name"]: check for check in checks}


@pytest.fixture(scope="module")
def checks(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    code, found = _doctor(tmp_path_factory.mktemp("clean"))
    assert code == 0, found
    return found


@pytest.mark.parametrize(
    "name", ["Python", "packages", "C compiler", "DOLFINx", "gmsh", "off-screen rendering"]
)
def test_what_a_run_needs_is_tried_and_works_here(
    checks: dict[str, dict[str, Any]], name: str
) -> None:
    assert checks[name]["required"]
    assert checks[name]["passed"]


@pytest.mark.parametrize("name", ["MPI", "GPU", "memory", "disk", "working directory"])
def test_what_a_run_can_do_without_is_only_noted(
    checks: dict[str, dict[str, Any]], name: str
) -> None:
    assert not checks[name]["required"]


def test_every_check_that_can_fail_says_what_to_do(checks: dict[str, dict[str, Any]]) -> None:
    assert all(check["remedy"] for check in checks.values() if check["required"])


@pytest.mark.parametrize("name", ["viz", "calibration"])
def test_a_users_own_module_hides_ours_under_python_m_and_doctor_says_so(
    name: str, tmp_path: Path
) -> None:
    (tmp_path / f"{name}.py").write_text("")
    code, found = _doctor(tmp_path, CC="true")  # the other checks are not what this is about
    assert code == 2
    assert not found["packages"]["passed"]
    assert name in found["packages"]["found"]
    assert name in found["working directory"]["found"]


@pytest.mark.parametrize("name", ["viz", "calibration"])
def test_a_run_refuses_to_start_with_a_users_own_module(name: str, tmp_path: Path) -> None:
    (tmp_path / f"{name}.py").write_text("")
    done = subprocess.run(
        [sys.executable, "-m", "femur_risk.cli", "run", "--ct", "a", "--femur", "b"],
        capture_output=True,
        text=True,
        cwd=tmp_path,
        check=False,
    )
    assert done.returncode == 2
    assert f"{name} imported from another place" in done.stderr


def test_the_console_script_is_not_misled_by_a_users_own_viz(tmp_path: Path) -> None:
    (tmp_path / "viz.py").write_text("")
    script = shutil.which("femur-fea", path=str(Path(sys.executable).parent))
    assert script is not None
    done = subprocess.run(
        [script, "run", "--ct", "a", "--femur", "b"],
        capture_output=True,
        text=True,
        cwd=tmp_path,
        check=False,
    )
    assert "MissingInputError" in done.stderr


def test_a_missing_compiler_fails_the_check(tmp_path: Path) -> None:
    code, found = _doctor(tmp_path, CC="no-such-compiler")
    assert code == 2
    assert "no-such-compiler" in found["C compiler"]["found"]
