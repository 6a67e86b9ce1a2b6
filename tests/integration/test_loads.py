"""Moments, a cup and families of directions through the pipeline, on the virtual patient."""

import csv
import subprocess
from pathlib import Path
from typing import Any

import pytest

from femur_fea.io import read_json
from femur_fea.loads import LOAD_FAMILIES

LOADS = ("stance_cup", "torsion_internal", "bending_grid", "fall_grid")


@pytest.fixture(scope="module")
def done(demo, femur_fea, tmp_path_factory) -> tuple[Path, subprocess.CompletedProcess[str]]:
    out = tmp_path_factory.mktemp("loads")
    inputs = demo / "virtual-4547-input"
    masks = [f"--{name}={inputs / name}.nii.gz" for name in ("ct", "femur", "lesion")]
    process = femur_fea(
        "run", *masks, "--loads", ",".join(LOADS), "--edge-length-mm", 6, "--mass-kg", 70,
        "--case-id", "loads", "--uncertainty", "off", "--out", out,
    )  # fmt: skip
    assert process.returncode == 0, process.stderr
    return out / "loads", process


@pytest.fixture(scope="module")
def case(done) -> Path:
    return done[0]


@pytest.fixture(scope="module")
def loads(case: Path) -> dict[str, Any]:
    return read_json(case / "strength.json")["loads"]


def test_strength_is_told_in_the_unit_of_the_load(loads: dict[str, Any]) -> None:
    for name, found in loads.items():
        is_moment = name in ("torsion_internal", "bending_grid")
        assert found["quantity"] == ("moment" if is_moment else "force")
        assert (found["strength_N"] is None) == is_moment
        assert (found["strength_Nm"] is None) != is_moment
        assert (found["stiffness_Nm_per_rad"] is None) != is_moment
        assert (found["strength_BW"] is None) == is_moment


def test_a_family_has_the_strength_of_its_weakest_direction(case: Path, loads) -> None:
    for name, key, count in (
        ("fall_grid", "strength_N", 28),
        ("bending_grid", "strength_Nm", 8),
    ):
        directions = loads[name]["directions"]
        assert len(directions) == count
        assert loads[name][key] == min(directions.values())
        result = read_json(case / "fe" / name / "result.json")
        assert directions[result["load"]] == loads[name][key]
    assert loads["stance_cup"]["directions"] is None


def test_a_fall_is_weakest_within_the_range_of_published_strengths(loads) -> None:
    # 55 pairs of femora of 79 years: 3.9 kN with a standard deviation of 1.7 (Eckstein 2004)
    assert 1000.0 < loads["fall_grid"]["strength_N"] < 9000.0


def test_the_shaft_bears_moments_of_the_size_that_was_measured(loads) -> None:
    # four-point bending of human femora: 100 N m with a standard deviation of 39, synthetic ones
    # 161 (BioMed Eng OnLine 12:70); the virtual shaft is stiffer
    assert 50.0 < loads["bending_grid"]["strength_Nm"] < 400.0
    assert 50.0 < loads["torsion_internal"]["strength_Nm"] < 400.0


def test_the_curve_of_a_moment_is_told_in_its_units(case: Path, loads) -> None:
    with (case / "fe/torsion_internal/curve.csv").open() as stream:
        rest, failure = ({k: float(v) for k, v in row.items()} for row in csv.DictReader(stream))
    assert rest == {"rotation_rad": 0.0, "moment_Nm": 0.0}
    found = loads["torsion_internal"]
    assert failure["moment_Nm"] == found["strength_Nm"]
    slope = failure["moment_Nm"] / failure["rotation_rad"]
    assert slope == pytest.approx(found["stiffness_Nm_per_rad"], rel=1e-12)


def test_a_cup_that_drives_the_head_reports_its_force(case: Path, loads) -> None:
    result = read_json(case / "fe/stance_cup/result.json")
    assert result["reference_force_N"] > 0.0
    # one millimetre of way: work and force have one number
    assert result["external_work_N_mm"] == pytest.approx(result["reference_force_N"], rel=1e-9)
    assert loads["stance_cup"]["activity_BW"] == pytest.approx(2.599, abs=1e-3)


def test_what_a_lesion_costs_is_not_judged_under_a_load_that_does_not_load_it(
    case: Path, loads, done
) -> None:
    html = (case / "report/report.html").read_text(encoding="utf-8")
    for name in ("torsion_internal", "bending_grid"):
        assert loads[name]["lesion_hidden_fraction"] == 1.0
        assert f"{name}: what the lesion costs cannot be judged: 100" in done[1].stdout
    assert html.count("the lesion costs cannot be judged") == 2


def test_a_lesion_that_a_load_does_not_load_is_warned_of(case: Path) -> None:
    warnings = read_json(case / "manifest.json")["stages"]["fe"]["warnings"]
    for name in ("torsion_internal", "bending_grid"):
        assert any(f"'{name}', or where it does not load the bone" in text for text in warnings)
    assert sum("of the lesion lies" in text for text in warnings) <= len(LOADS)


def test_the_report_tells_directions_moments_and_rigidity(case: Path) -> None:
    html = (case / "report/report.html").read_text(encoding="utf-8")
    assert "Sideways fall in 28 directions, weakest in fall_ad" in html
    assert "Internal torsion of the shaft: the right femur carries" in html
    assert "m/rad" in html
    assert "Rigidity of sections" in html


def test_the_summary_on_the_terminal_has_the_units(done) -> None:
    assert " N m " in done[1].stdout


def test_the_summary_on_the_terminal_names_what_nobody_checked(case: Path, done) -> None:
    named = read_json(case / "strength.json")["unverified"]
    assert "load torsion_internal" in named
    assert f"not checked against their source: {', '.join(named)}." in done[1].stdout


def test_a_loss_that_round_off_makes_has_no_sign_on_the_terminal(done) -> None:
    # the lesion of the demonstration lies above what torsion loads
    assert "-0\xa0%" not in done[1].stdout


def test_one_name_of_the_weakest_direction_stands_in_result_terminal_and_report(
    case: Path, loads, done
) -> None:
    html = (case / "report/report.html").read_text(encoding="utf-8")
    for family in ("fall_grid", "bending_grid"):
        weakest = loads[family]["weakest_direction"]
        directions = loads[family]["directions"]
        assert weakest == min(directions, key=directions.get)
        assert f"{family}: {weakest}" in done[1].stdout
        words = LOAD_FAMILIES[family].describe_direction(weakest)
        assert f"weakest in {weakest} ({words}):" in html
        assert f"{family}, weakest in {weakest}: {words}" in done[1].stdout
        assert f"under {weakest}, the weakest direction of {family} at" in html


@pytest.mark.parametrize("load", ["fall_grid", "torsion_internal", "stance_cup"])
def test_a_nonlinear_model_refuses_loads_that_it_cannot_follow(
    demo, femur_fea, tmp_path: Path, load: str
) -> None:
    inputs = demo / "virtual-4547-input"
    process = femur_fea(
        "run", "--ct", inputs / "ct.nii.gz", "--femur", inputs / "femur.nii.gz",
        "--loads", load, "--preset", "nijmegen", "--out", tmp_path,
    )  # fmt: skip
    assert process.returncode != 0
    assert f"the load '{load}' for the nonlinear model" in process.stderr


def test_an_unknown_load_is_refused_with_the_nearest_name(demo, femur_fea, tmp_path: Path) -> None:
    inputs = demo / "virtual-4547-input"
    process = femur_fea(
        "run", "--ct", inputs / "ct.nii.gz", "--femur", inputs / "femur.nii.gz",
        "--loads", "torsion_internl", "--out", tmp_path,
    )  # fmt: skip
    assert process.returncode != 0
    assert "did you mean 'torsion_internal'" in process.stderr


def test_every_key_of_its_json_files_is_explained(case: Path, artefacts: Any) -> None:
    assert artefacts.unexplained(case) == []
