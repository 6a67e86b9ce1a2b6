"""A nonlinear preset on the scan of the demonstration, through the command line."""

from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from femur_fea.io import read_json, read_mesh

# coarse, so that it takes half a minute: the facts below hold on any mesh
EDGE_LENGTH_MM = "6"
SETTINGS = """
[calibration]
method = "fixed"
slope_g_per_cm3_per_HU = 0.0008
intercept_g_per_cm3 = 0.0
phantom_density = "K2HPO4"

[preset]
name = "nijmegen"
"""


@pytest.fixture(scope="module")
def case(femur_fea: Any, demo: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("nonlinear")
    (out / "run.toml").write_text(SETTINGS)
    images = demo / "virtual-4547-input"
    done = femur_fea(
        "run",
        *("--ct", images / "ct.nii.gz"),
        *("--femur", images / "femur.nii.gz"),
        *("--lesion", images / "lesion.nii.gz"),
        *("--config", out / "run.toml", "--edge-length-mm", EDGE_LENGTH_MM),
        *("--export", "ccx", "--export", "febio"),
        *("--out", out, "--case-id", "yielding"),
    )
    assert done.returncode == 0, done.stderr
    return out / "yielding"


@pytest.fixture(params=["axial", "axial@healed"])
def solved(case: Path, request: pytest.FixtureRequest) -> Path:
    """Folder of one load, of the bone as it is and of its lesion-free twin."""
    return case / "fe" / str(request.param)


def _curve(solved: Path) -> Any:
    return np.genfromtxt(solved / "curve.csv", delimiter=",", names=True)


def test_a_bone_without_softening_never_loses_force(solved: Path) -> None:
    force = _curve(solved)["force_N"]
    # Newton's method leaves a force within 1e-8 of the exact one; a margin of 100 on top
    assert np.all(np.diff(force) >= -1e-6 * force.max())


def test_the_curve_bends_and_never_straightens(solved: Path) -> None:
    curve = _curve(solved)
    slope = np.diff(curve["force_N"]) / np.diff(curve["displacement_mm"])
    assert all(later <= earlier * (1.0 + 1e-6) for earlier, later in pairwise(slope))
    assert read_json(solved / "result.json")["curve_end"] == "plateau"
    assert slope[-1] < 0.02 * slope[0]


def test_strength_lies_between_first_yield_and_the_largest_force(solved: Path) -> None:
    result = read_json(solved / "result.json")
    assert result["first_yield_N"] <= result["strength_N"] <= _curve(solved)["force_N"].max()


def test_the_first_slope_of_the_curve_is_the_stiffness(solved: Path) -> None:
    curve, result = _curve(solved), read_json(solved / "result.json")
    slope = curve["force_N"][1] / curve["displacement_mm"][1]
    assert slope == pytest.approx(result["stiffness_N_per_mm"], rel=1e-12)  # round-off


def test_the_work_of_the_force_is_stored_or_dissipated(solved: Path) -> None:
    result = read_json(solved / "result.json")
    energy = result["stored_energy_N_mm"] + result["dissipated_energy_N_mm"]
    # the trapezoidal rule between some ten steps of a curve that bends
    assert energy == pytest.approx(result["external_work_N_mm"], rel=0.02)


def test_the_fields_are_those_at_the_strength(solved: Path) -> None:
    result, curve = read_json(solved / "result.json"), _curve(solved)
    assert result["fields_force_N"] == pytest.approx(result["strength_N"], rel=1e-12)  # round-off
    at = np.interp(result["fields_displacement_mm"], curve["displacement_mm"], curve["force_N"])
    assert at == pytest.approx(result["strength_N"], rel=1e-9)  # forces within 1e-8 of exact ones
    assert result["fields_force_N"] < result["last_force_N"]


def test_the_curve_of_bone_and_twin_is_drawn(case: Path) -> None:
    assert (case / "report/figures/axial_curve.png").is_file()
    html = (case / "report/report.html").read_text(encoding="utf-8")
    assert "The curve of the lesion-free twin ends where it has become flat." in html


def test_plastic_strain_is_where_the_bone_is_said_to_be_weakest(solved: Path) -> None:
    mesh_file = read_mesh(solved / "field.vtu", kind="tet10", side="right")
    site = read_json(solved / "result.json")["weakest_site"]["point_mm"]
    nearest = int(np.argmin(np.linalg.norm(mesh_file.mesh.centroids - site, axis=1)))
    assert mesh_file.cell_data["plastic_strain"][nearest] > 0.0


def test_the_lesion_weakens_the_femur(case: Path) -> None:
    found = read_json(case / "strength.json")["loads"]["axial"]
    assert 0.0 < found["strength_N"] < found["healed_strength_N"]


def test_the_result_has_the_same_keys_as_that_of_a_linear_model(case: Path, demo: Path) -> None:
    nonlinear = read_json(case / "strength.json")
    linear = read_json(demo / "virtual-4547/strength.json")
    assert list(nonlinear) == list(linear)
    found, expected = nonlinear["loads"]["axial"], linear["loads"]["stance"]
    assert list(found) == list(expected)
    assert list(found["solver"]) == list(expected["solver"])
    assert found["solver"]["iterations"] == _curve(case / "fe/axial")["krylov_iterations"].sum()


def test_the_report_speaks_of_yield_and_not_of_a_strain_limit(case: Path) -> None:
    html = (case / "report/report.html").read_text()
    assert "Strength (plateau force)" in html
    assert "plastic strain" in html
    assert "strain limit" not in html
    assert "Strain over its limit" not in html


def test_the_models_for_other_programs_bear_the_force_of_the_load(solved: Path) -> None:
    magnitude = read_json(solved / "result.json")["reference_force_N"]
    lines = (solved / "model.inp").read_text().splitlines()
    first = lines.index("*CLOAD") + 1
    rows = [line.split(",") for line in lines[first : lines.index("*NODE FILE")]]
    resultant = np.zeros(3)
    for _, axis, force in rows:
        resultant[int(axis) - 1] += float(force)
    # patches of the load scale their traction to the force; the file holds 13 digits of it
    assert np.linalg.norm(resultant) == pytest.approx(magnitude, rel=1e-6)
    stated = next(line for line in lines if "Resultant" in line).split(":")[1].split()[:3]
    np.testing.assert_allclose([float(x) for x in stated], resultant, rtol=1e-5)  # 6 digits
    assert stated == _resultant_of_febio(solved / "model.feb")


def _resultant_of_febio(path: Path) -> list[str]:
    line = next(line for line in path.read_text().splitlines() if "Resultant" in line)
    return line.split(":")[1].split()[:3]


def test_every_key_of_its_json_files_is_explained(case: Path, artefacts: Any) -> None:
    assert artefacts.unexplained(case) == []
