"""The command line: one message, the right exit code, the right stream."""

import json
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest

from femur_risk.config import RunConfig, resolve_config

LATER = ("segment", "predict", "train")
NOW = (
    "demo",
    "run",
    "calibrate",
    "mesh",
    "solve",
    "report",
    "doctor",
    "config",
    "presets",
    "lesion",
    "batch",
    "simulate",
    "validate",
    "view",
)


def test_help_imports_no_heavy_library() -> None:
    heavy = "{'torch', 'dolfinx', 'gmsh', 'vtk', 'pyvista', 'SimpleITK', 'numpy', 'scipy', 'dask'}"
    code = f"import sys, femur_risk.cli.app; sys.exit(str({heavy} & set(sys.modules) or '') or 0)"
    subprocess.run([sys.executable, "-c", code], check=True)


def test_every_command_of_the_interface_is_listed(call: Any) -> None:
    listed = call("--help").out
    assert [name for name in (*NOW, *LATER) if f"  {name} " not in listed] == []


def test_the_version_is_printed(call: Any) -> None:
    answer = call("--version")
    assert (answer.code, answer.out.split()[0]) == (0, "femur-fea")


@pytest.mark.parametrize("name", LATER)
def test_a_command_of_a_later_version_says_so(call: Any, name: str) -> None:
    answer = call(name, "some.nii.gz", "--any", "thing")
    assert answer.code == 2
    assert answer.explains
    assert "not available in this version" in answer.err


def test_an_option_of_a_later_version_says_so(call: Any) -> None:
    answer = call("run", "--tier", "surrogate")
    assert answer.code == 2
    assert "not available in this version" in answer.err


@pytest.mark.parametrize(
    ("model", "preset", "having"),
    [("nonlinear", "bologna", "nijmegen"), ("linear", "nijmegen", "bologna")],
)
def test_a_model_that_contradicts_the_preset_is_refused_with_the_presets_that_have_it(
    call: Any, model: str, preset: str, having: str
) -> None:
    answer = call("run", "--model", model, "--preset", preset)
    assert (answer.code, answer.explains) == (2, True)
    assert f"the model of '{having}'" in answer.err


def test_an_export_to_an_unknown_program_is_refused_with_those_that_are_known(call: Any) -> None:
    answer = call("solve", "--export", "ccx,ansys")
    assert (answer.code, answer.explains) == (2, True)
    assert "'ansys'" in answer.err
    assert "'febio'" in answer.err


def test_a_run_without_a_ct_says_what_is_missing(call: Any) -> None:
    answer = call("run")
    assert (answer.code, answer.explains) == (2, True)
    assert "--ct" in answer.err


def test_a_path_that_does_not_exist_leaves_no_folder(call: Any, tmp_path: Path) -> None:
    answer = call(
        "run", "--ct", tmp_path / "no", "--femur", tmp_path / "no", "--out", tmp_path / "o"
    )
    assert (answer.code, answer.explains) == (2, True)
    assert list(tmp_path.iterdir()) == []


def test_a_new_configuration_is_one_that_passes_the_check(call: Any, tmp_path: Path) -> None:
    assert call("config", "new", tmp_path / "run.toml").code == 0
    checked = call("config", "check", tmp_path / "run.toml")
    assert checked.code == 0
    assert resolve_config(tomllib.loads(checked.out)) == RunConfig()


def test_a_new_configuration_overwrites_nothing(call: Any, tmp_path: Path) -> None:
    (tmp_path / "run.toml").write_text("mine")
    assert call("config", "new", tmp_path / "run.toml").code == 2
    assert (tmp_path / "run.toml").read_text() == "mine"


@pytest.mark.parametrize(
    "section",
    [
        '[preset]\nname = "Bologna"\n',
        '[loads]\nnames = ["stanc"]\n',
        '[preset]\nname = "nijmegen"\n',
        "[calibration]\ntube_voltage_kV = 140.0\n",
        '[calibration]\nmethod = "fixed"\nslope_g_per_cm3_per_HU = 0.8\n'
        'intercept_g_per_cm3 = 0.0\nphantom_density = "CaHA"\n',
    ],
)
def test_what_the_check_of_a_configuration_refuses_a_run_refuses_alike(
    call: Any, tmp_path: Path, section: str
) -> None:
    file = tmp_path / "run.toml"
    file.write_text(section)
    checked = call("config", "check", file)
    ran = call("run", "--config", file, "--ct", "a.nii", "--femur", "b.nii")
    assert (checked.code, checked.err) == (ran.code, ran.err)
    assert (checked.code, checked.explains) == (2, True)


def test_a_result_that_standard_output_does_not_take_is_told(tmp_path: Path) -> None:
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "femur_risk.cli", "presets", "--json"],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            cwd=tmp_path,
        )
    assert done.returncode == 2
    assert "found     the result on the standard output could not be written" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_label_of_a_lesion_that_is_not_given_is_refused(call: Any) -> None:
    answer = call("run", "--ct", "a.nii", "--femur", "b.nii", "--lesion-label", "2")
    assert (answer.code, answer.explains) == (2, True)
    assert "--lesion" in answer.err


def test_an_input_that_cannot_be_read_is_called_by_its_role(call: Any, tmp_path: Path) -> None:
    # reading it at 0 fails with an error of the system whatever the user's rights are
    (tmp_path / "Doe.nii").symlink_to("/proc/self/mem")
    answer = call("run", "--ct", tmp_path / "Doe.nii", "--femur", tmp_path / "Doe.nii")
    assert (answer.code, answer.explains) == (2, True)
    assert "the CT cannot be read" in answer.err
    assert "Doe" not in answer.err


def test_a_case_folder_that_cannot_be_written_into_is_told(call: Any, tmp_path: Path) -> None:
    (tmp_path / "scan.nii").write_text("content does not matter yet")
    scan = ("--ct", tmp_path / "scan.nii", "--femur", tmp_path / "scan.nii")
    answer = call("run", *scan, "--out", "/sys", "--case-id", "kernel")
    assert (answer.code, answer.explains) == (2, True)
    assert "the case folder below --out cannot be used" in answer.err


def test_a_wrong_key_is_refused_with_the_nearest(call: Any, tmp_path: Path) -> None:
    (tmp_path / "run.toml").write_text("[mesh]\nedge_lenght_mm = 3.0\n")
    answer = call("config", "check", tmp_path / "run.toml")
    assert (answer.code, answer.explains) == (2, True)
    assert "'edge_length_mm'" in answer.err


def test_presets_come_with_sources_and_mark_what_was_not_verified(call: Any) -> None:
    parts = json.loads(call("presets", "--json").out)["presets"]["bologna"]["parts"]
    assert all(part["source"] for part in parts)
    unverified = {part["name"] for part in parts if not part["verified"]}
    shown = call("presets").out
    assert ("[not verified]" in shown) == bool(unverified)


def test_presets_and_a_checked_configuration_tell_the_edges_of_the_mesh(
    call: Any, tmp_path: Path
) -> None:
    preset = json.loads(call("presets", "--json").out)["presets"]["nijmegen"]
    assert f"{preset['edge_length_mm']:g} mm" in call("presets").out
    (tmp_path / "run.toml").write_text(
        '[preset]\nname = "nijmegen"\n[calibration]\nmethod = "phantom"\n'
        '[calibration.phantom]\nname = "mindways_model_3_ct"\n'
    )
    checked = call("config", "check", tmp_path / "run.toml")
    assert f"mesh.edge_length_mm = {preset['edge_length_mm']:g}" in checked.out
    assert "edge_length_mm" not in tomllib.loads(checked.out)["mesh"]


def test_a_bug_keeps_its_traceback_and_ends_with_one(tmp_path: Path) -> None:
    code = (
        "import sys, femur_risk.pipeline as p\n"
        "def broken(*a, **k): raise RuntimeError('a bug')\n"
        "p.describe_presets = broken\n"
        "sys.argv = ['femur-fea', 'presets']\n"
        "from femur_risk.cli import main; main()"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, cwd=tmp_path
    )
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1] == "RuntimeError: a bug"


def test_a_full_disk_is_the_environments_fault(tmp_path: Path) -> None:
    """A limit on file size stands for the disk: the writer meets the same kind of error."""
    code = (
        "import resource, sys\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (100, 100))\n"
        "sys.argv = ['femur-fea', 'config', 'new', 'a.toml']\n"
        "from femur_risk.cli import main; main()"
    )
    done = subprocess.run(
        [sys.executable, "-B", "-c", code], capture_output=True, text=True, cwd=tmp_path
    )
    assert done.returncode == 2, done.stderr
    assert "DiskSpaceError" in done.stderr
    assert list(tmp_path.iterdir()) == []
