"""`doctor` and the hazards that it knows."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest


def _doctor(folder: Path, **environment: str) -> tuple[int, dict[str, dict[str, Any]]]:
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
    "name",
    [
        "Python",
        "packages",
        "C compiler",
        "compiled stiffness",
        "DOLFINx",
        "gmsh",
        "off-screen rendering",
    ],
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


def test_ranks_that_meet_were_started(checks: dict[str, dict[str, Any]]) -> None:
    assert checks["MPI"]["passed"]
    assert checks["MPI"]["found"] == "mpiexec starts ranks that meet: 2"


def test_an_mpiexec_of_another_mpi_is_found_out_by_ranks_that_do_not_meet(tmp_path: Path) -> None:
    """Its ranks know nothing of each other: each is alone, as this script starts them."""
    scripts = {"mpiexec": 'shift 2\n"$@" & "$@"; wait', "python": f'exec {sys.executable} "$@"'}
    for name, script in scripts.items():
        (tmp_path / name).write_text(f"#!/bin/sh\n{script}\n")
        (tmp_path / name).chmod(0o755)
    code = (
        f"import sys; sys.executable = {str(tmp_path / 'python')!r}\n"
        "from femur_fea.errors import SolverError\n"
        "from femur_fea.solver.probe import try_started_ranks\n"
        "try:\n    try_started_ranks()\nexcept SolverError as error:\n    print(error.found)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.stdout == "1 MPI ranks where 2 were asked for\n", done.stderr


def test_the_mpiexec_beside_python_comes_before_one_on_the_path(tmp_path: Path) -> None:
    other = tmp_path / "mpiexec"
    other.write_text("#!/bin/sh\nexit 1\n")
    other.chmod(0o755)
    code = "from femur_fea.solver.launcher import find_mpiexec; print(find_mpiexec())"
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PATH": f"{tmp_path}{os.pathsep}{os.environ['PATH']}"},
    )
    assert Path(done.stdout.strip()) == Path(sys.executable).with_name("mpiexec")


@pytest.mark.parametrize(
    ("script", "told"),
    [
        # a compiler that is too old for the processor, and one that does nothing
        (
            'case "$*" in *-march=native*) echo no such flag >&2; exit 1;; *) exec cc "$@";; esac',
            "no such flag",
        ),
        ("exit 0", "makes nothing"),
    ],
)
def test_a_compiler_that_does_not_compile_for_this_processor_is_told(
    tmp_path: Path, script: str, told: str
) -> None:
    (tmp_path / "compiler").write_text(f"#!/bin/sh\n{script}\n")
    (tmp_path / "compiler").chmod(0o755)
    told_by = _tried_stiffness(CC=str(tmp_path / "compiler"))
    assert told in told_by
    assert "-march=native" in told_by


def test_a_cache_that_cannot_be_written_to_is_told() -> None:
    assert "XDG_CACHE_HOME" in _tried_stiffness(XDG_CACHE_HOME="/proc")


def _tried_stiffness(**environment: str) -> str:
    code = (
        "from femur_fea.errors import MissingDependencyError\n"
        "from femur_fea.solver.probe import try_compiled_stiffness\n"
        "try:\n    try_compiled_stiffness()\n"
        "except MissingDependencyError as error:\n    print(error)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, **environment},
    )
    return done.stdout


def test_a_missing_compiler_fails_the_check(tmp_path: Path) -> None:
    code, found = _doctor(tmp_path, CC="no-such-compiler")
    assert code == 2
    assert "no-such-compiler" in found["C compiler"]["found"]
