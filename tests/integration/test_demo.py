"""The demonstration: from a virtual patient to strength and report, through the command line."""

import csv
import json
import math
import re
import shutil
import subprocess
import tomllib
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from femur_fea.errors import FemurFEAWarning
from femur_fea.io import read_frame, read_image, read_json, read_mesh, write_json
from femur_risk.config import load_config
from femur_risk.pipeline import layout
from femur_risk.pipeline.run import Run
from femur_risk.pipeline.stages import STAGES
from femur_risk.pipeline.strength import STRENGTH

ARTEFACTS = """run.toml manifest.json log.jsonl strength.json risk.json
segmentation/ct.nii.gz segmentation/femur.nii.gz segmentation/lesion.nii.gz
segmentation/quality.json calibration/curve.json calibration/curve.png
calibration/density.nii.gz
mesh/bone.vtu mesh/frame.json mesh/quality.json rigidity/rigidity.json
rigidity/sections.csv report/report.html report/report.pdf""".split()  # noqa: SIM905
LOADS = ("stance", "fall")


@pytest.fixture
def case(demo: Path) -> Path:
    return demo / "virtual-4547"


@pytest.fixture
def strength(case: Path) -> dict[str, Any]:
    return read_json(case / "strength.json")


def test_every_artefact_of_the_contract_is_there(case: Path) -> None:
    loads = [f"fe/{load}{twin}" for load in LOADS for twin in ("", "@healed")]
    fields = [
        f"{load}/{name}" for load in loads for name in ("field.vtu", "curve.csv", "result.json")
    ]
    missing = [name for name in (*ARTEFACTS, *fields) if not (case / name).is_file()]
    assert missing == []


def test_nothing_else_is_left_behind(case: Path) -> None:
    known = {"segmentation", "calibration", "mesh", "fe", "rigidity", "uncertainty", "report"}
    known |= {name for name in ARTEFACTS if "/" not in name}
    assert {path.name for path in case.iterdir()} == known


def test_the_result_of_a_virtual_patient_is_labelled_simulated(strength: dict[str, Any]) -> None:
    assert strength["simulated"] is True


def test_constants_that_nobody_checked_stand_in_result_and_report(
    case: Path, strength: dict[str, Any]
) -> None:
    named = strength["unverified"]
    assert named == read_json(case / "manifest.json")["unverified_constants"]
    assert "load fall" in named
    assert "scatter (density-modulus law)" in named
    assert ", ".join(named) in (case / "report/report.html").read_text(encoding="utf-8")


def test_the_fields_say_at_which_load_they_are_and_what_is_judged(case: Path) -> None:
    for load in ("stance", "fall"):
        fields = read_mesh(case / f"fe/{load}/field.vtu", kind="tet10", side="right").cell_data
        assert set(fields["fields_force_N"]) == {1000.0}
        assert 0.0 < fields["judged"].mean() < 1.0
        # the surface that the criterion looks at belongs to cells that are judged
        looked_at = np.isfinite(fields["risk_factor"])
        assert fields["judged"][looked_at].mean() > 0.9


def test_a_fall_tells_the_force_of_its_plate(strength: dict[str, Any]) -> None:
    fall = strength["loads"]["fall"]
    # docs/theory.md: 1.15 +- 0.03 times the force on the head
    assert fall["plate_force_N"] / fall["strength_N"] == pytest.approx(1.15, abs=0.08)
    assert strength["loads"]["stance"]["plate_force_N"] is None


def test_json_on_stdout_is_the_result_alone(
    demo_output: tuple[Path, subprocess.CompletedProcess[str]], strength: dict[str, Any]
) -> None:
    _, done = demo_output
    assert json.loads(done.stdout) == strength


def test_each_stage_is_one_line_where_there_is_no_terminal(
    demo_output: tuple[Path, subprocess.CompletedProcess[str]], case: Path
) -> None:
    stages = list(read_json(case / "manifest.json")["stages"])
    lines = [line.split()[0] for line in demo_output[1].stderr.splitlines()]
    assert [name for name in lines if name in stages] == stages


def test_the_lesion_weakens_the_femur_under_every_load(strength: dict[str, Any]) -> None:
    for found in strength["loads"].values():
        assert 0.0 < found["strength_N"] < found["healed_strength_N"]
        expected = 1.0 - found["strength_N"] / found["healed_strength_N"]
        assert found["strength_loss_fraction"] == pytest.approx(expected, rel=1e-12)


def test_strength_over_body_weight_is_strength_over_mass_times_gravity(
    case: Path, strength: dict[str, Any]
) -> None:
    mass = tomllib.loads((case / "run.toml").read_text())["input"]["mass_kg"]
    for found in strength["loads"].values():
        assert found["strength_BW"] == pytest.approx(
            found["strength_N"] / (mass * 9.80665), rel=1e-12
        )


def test_the_weakest_site_lies_on_the_bone(case: Path, strength: dict[str, Any]) -> None:
    frame = read_frame(case / "mesh/frame.json")
    mesh = read_mesh(case / "mesh/bone.vtu", kind="tet10", side=frame.side).mesh
    for found in strength["loads"].values():
        apart = np.linalg.norm(mesh.facet_centroids - found["weakest_site"]["point_mm"], axis=1)
        assert apart.min() < 1e-6  # mm: it is the centroid of a boundary triangle


@pytest.mark.parametrize("load", LOADS)
def test_the_curve_of_a_linear_model_is_a_line_up_to_failure(
    case: Path, strength: dict[str, Any], load: str
) -> None:
    with (case / "fe" / load / "curve.csv").open() as stream:
        rest, failure = ({k: float(v) for k, v in row.items()} for row in csv.DictReader(stream))
    found = strength["loads"][load]
    assert rest == {"displacement_mm": 0.0, "force_N": 0.0}
    assert failure["force_N"] == found["strength_N"]
    slope = failure["force_N"] / failure["displacement_mm"]
    assert slope == pytest.approx(found["stiffness_N_per_mm"], rel=1e-12)


@pytest.mark.parametrize("load", LOADS)
def test_the_largest_risk_factor_in_the_fields_is_the_one_that_sets_the_strength(
    case: Path, load: str
) -> None:
    result = read_json(case / "fe" / load / "result.json")
    fields = read_mesh(case / "fe" / load / "field.vtu", kind="tet10", side="right").cell_data
    highest = float(np.nanmax(fields["risk_factor"]))
    assert result["reference_force_N"] / highest == pytest.approx(result["strength_N"], rel=1e-9)


def test_in_stance_the_support_takes_up_the_whole_force(case: Path) -> None:
    result = read_json(case / "fe/stance/result.json")
    force = math.hypot(*result["reaction_force_N"])
    # the solver's relative residual is 1e-8 in an energy norm, at most 100 times that in forces
    assert force == pytest.approx(result["reference_force_N"], rel=1e-6)


def test_the_method_of_the_twin_is_named(case: Path) -> None:
    for load in LOADS:
        assert read_json(case / "fe" / f"{load}@healed" / "result.json")["material"]["healing"]
        assert read_json(case / "fe" / load / "result.json")["material"]["healing"] is None


def test_the_density_image_is_the_calibration_line_of_the_ct(case: Path) -> None:
    curve = read_json(case / "calibration/curve.json")
    _, hu = read_image(case / "segmentation/ct.nii.gz")
    _, rho = read_image(case / "calibration/density.nii.gz")
    line = curve["slope_g_per_cm3_per_HU"] * hu + curve["intercept_g_per_cm3"]
    np.testing.assert_allclose(rho, line, atol=1e-6)  # single precision of values near 1


def test_every_json_has_a_schema_version(case: Path) -> None:
    for path in case.rglob("*.json"):
        assert read_json(path)["schema_version"] == 1, path.name


def test_no_artefact_holds_a_path_of_this_computer(case: Path, demo: Path) -> None:
    private = [str(demo).encode(), str(Path.home()).encode() + b"/"]
    for path in case.rglob("*"):
        if path.is_file():
            assert not any(text in path.read_bytes() for text in private), path.name


def test_the_manifest_says_what_the_run_was_made_from_and_with(case: Path) -> None:
    manifest = read_json(case / "manifest.json")
    assert set(manifest["input_sha256"]) == {"ct", "femur", "lesion"}
    assert {"python", "femur-fea", "dolfinx-solver-real", "gmsh"} <= set(manifest["versions"])
    assert all(stage["seconds"] >= 0.0 for stage in manifest["stages"].values())
    assert all(stage["peak_memory_MB"] > 0.0 for stage in manifest["stages"].values())


def test_the_report_stands_alone_and_says_what_it_is_for(case: Path) -> None:
    html = (case / "report/report.html").read_text()
    assert "virtual-4547" in html
    assert "research" in html.lower()
    assert "http://" not in html.replace("http://www.w3.org", "")
    assert (
        len(list((case / "report/figures").glob("*.png"))) == 2 * len(LOADS) + 1
    )  # strain and stress, stiffness


def test_first_yield_comes_before_failure(strength: dict[str, Any]) -> None:
    for found in strength["loads"].values():
        assert 0.0 < found["first_yield_N"] <= found["strength_N"]


def test_the_lesion_raises_the_strain_near_it(strength: dict[str, Any]) -> None:
    for found in strength["loads"].values():
        fold = found["strain_fold_ratio"]
        assert fold["largest"] == max(fold["tension"], fold["compression"]) > 1.0
        assert fold["published_threshold"] == 1.48


def test_strength_against_the_activity_is_that_of_ten_instrumented_hips(
    strength: dict[str, Any],
) -> None:
    # OrthoLoad one-legged stance: resultant of the mean vector, 259.9 % of body weight
    assert strength["loads"]["stance"]["activity_BW"] == pytest.approx(2.599, abs=1e-3)
    assert strength["loads"]["fall"]["activity_BW"] is None


def test_the_smallest_ratio_of_rigidity_is_that_of_a_section_of_the_table(
    case: Path, strength: dict[str, Any]
) -> None:
    with (case / "rigidity/sections.csv").open() as stream:
        rows = list(csv.DictReader(stream))
    for part, summary in strength["rigidity"].items():
        whole = [row for row in rows if row["part"] == part and row["complete"] == "1"]
        for key in ("EA", "EI", "GJ"):
            ratios = [float(row[f"{key}_ratio"]) for row in whole if row[f"{key}_ratio"] != "nan"]
            assert summary["smallest_ratio"][key]["value"] == pytest.approx(min(ratios), rel=1e-12)
        assert summary["smallest_EA_N"] == min(float(row["EA_N"]) for row in whole)


def test_the_lesion_in_the_neck_takes_rigidity_from_the_neck_and_not_from_the_shaft_below(
    case: Path,
) -> None:
    with (case / "rigidity/sections.csv").open() as stream:
        rows = [row for row in csv.DictReader(stream) if row["complete"] == "1"]
    neck = [float(row["EI_ratio"]) for row in rows if row["part"] == "neck"]
    assert np.nanmin(neck) < 0.8
    lesser_trochanter = 40.0  # mm below the crossing: 1.6 head radii
    shaft = [
        float(row["EI_ratio"])
        for row in rows
        if row["part"] == "shaft" and float(row["position_mm"]) > lesser_trochanter
    ]
    np.testing.assert_allclose(shaft, 1.0, atol=1e-9)


def test_the_readme_shows_every_warning_and_unverified_constant_of_the_demo(
    case: Path, strength: dict[str, Any]
) -> None:
    readme = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
    shown = _without_numbers(readme.split("## What the demo does")[1].split("## Your own data")[0])
    warnings = read_json(case / "manifest.json")["warnings"]
    # on another mesh, so with other numbers, and with another weakest site
    same = [text for text in warnings if not text.startswith("the weakest site")]
    assert same != []
    for text in same:
        assert f"warning: {_without_numbers(text)}" in shown
    named = ", ".join(strength["unverified"])
    assert f"not checked against their source: {_without_numbers(named)}." in shown


def _without_numbers(text: str) -> str:
    return re.sub(r"\d+([.]\d+)?", "#", " ".join(text.split()))


def test_a_bone_that_is_stronger_with_its_lesion_is_warned_of(case: Path, tmp_path: Path) -> None:
    folder = tmp_path / case.name
    shutil.copytree(case, folder)
    weak = folder / layout.result_file(layout.twin_name("fall", healed=True))
    result = read_json(weak)
    write_json(weak, result | {"strength_N": 0.5 * result["strength_N"]})
    run = Run(
        case_id=case.name,
        folder=folder,
        config=load_config(folder / "run.toml"),
        inputs={},
        input_sha256={"lesion": "known"},
        listener=lambda _: None,
        ranks=1,
        chain=STAGES,
    )
    with pytest.warns(FemurFEAWarning, match=r"under 'fall' the bone comes out \d+% stronger"):
        STRENGTH.make(run, tmp_path)
