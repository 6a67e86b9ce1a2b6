"""What the report says of the strength under each load."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from femur_risk.report import (
    LoadOutcome,
    ReportContent,
    RigiditySummary,
)

type Build = Callable[[ReportContent, Path], Any]  # the page, as elements and text


def test_the_report_says_strength_loss_and_weakest_site_of_every_load(
    build: Build, content: ReportContent, tmp_path: Path
) -> None:
    text = build(content, tmp_path).text
    assert "Stance 5,230 N 7.41 3,210 N/mm 7,340 N 29 % neck, tension -91, -120, -870" in text
    assert "Sideways fall 2,410 N 3.41 3,210 N/mm 2,780 N 13 %" in text


def test_every_load_has_its_own_sentence_for_their_forces_do_not_compare(
    build: Build, content: ReportContent, tmp_path: Path
) -> None:
    text = build(content, tmp_path).text
    assert (
        "Sideways fall: the right femur carries 2,410 N (3.41 times body weight), 13 % less "
        "than its lesion-free twin; it fails first in the neck region, in tension."
    ) in text
    assert "Stance: the right femur carries 5,230 N" in text


def test_a_moment_is_told_in_newton_metres_and_not_in_body_weights(
    build: Build, outcome: Callable[..., LoadOutcome], content: ReportContent, tmp_path: Path
) -> None:
    twisted = replace(
        outcome("torsion_internal", 180.0, 200.0),
        unit="N m",
        strength_BW=None,
        stiffness=2800.0,
        stiffness_unit="N m/rad",
    )
    text = build(replace(content, loads=(twisted,)), tmp_path).text
    assert "Internal torsion of the shaft: the right femur carries 180 N m, 10 % less" in text
    assert "180 N m 2,800 N m/rad 200 N m 10 %" in text
    assert "times body weight" not in text


def test_a_family_names_its_weakest_direction(
    build: Build, outcome: Callable[..., LoadOutcome], content: ReportContent, tmp_path: Path
) -> None:
    fall = replace(
        outcome("fall_grid", 2000.0, None),
        n_directions=28,
        weakest_direction="fall_ad30_ir10",
        weakest_direction_words="30 degrees adduction, 10 degrees internal rotation",
    )
    text = build(replace(content, loads=(fall,)), tmp_path).text
    told = (
        "Sideways fall in 28 directions, weakest in fall_ad30_ir10 (30 degrees adduction, "
        "10 degrees internal rotation): the right femur"
    )
    assert told in text


def test_strength_stands_beside_what_the_activity_takes(
    build: Build, outcome: Callable[..., LoadOutcome], content: ReportContent, tmp_path: Path
) -> None:
    stumble = replace(outcome("stumble", 5000.0, None), activity_BW=8.7)
    text = build(replace(content, loads=(stumble,)), tmp_path).text
    assert "(7.08 times body weight; the activity takes 8.7)" in text


def test_first_yield_and_strain_fold_have_columns_and_the_threshold_a_note(
    build: Build, content: ReportContent, tmp_path: Path
) -> None:
    judged = replace(
        content.loads[0],
        first_yield=4400.0,
        strain_fold_ratio=1.62,
        strain_fold_threshold=1.48,
    )
    text = build(replace(content, loads=(judged,)), tmp_path).text
    assert "First yield" in text
    assert "4,400 N" in text
    assert "29 % 1.62 neck" in text
    assert "its published threshold is 1.48." in text


def test_rigidity_is_told_by_part_with_what_the_lesion_leaves_of_it(
    build: Build, content: ReportContent, tmp_path: Path
) -> None:
    neck = RigiditySummary(
        part="neck",
        smallest_EA_N=2.3e6,
        smallest_EI_N_mm2=1.47e8,
        smallest_GJ_N_mm2=1.52e8,
        EA_ratio=0.638,
        EI_ratio=0.51,
        GJ_ratio=0.686,
    )
    shaft = replace(neck, part="shaft", EA_ratio=None, EI_ratio=None, GJ_ratio=None)
    text = build(replace(content, rigidity=(neck, shaft)), tmp_path).text
    assert "Neck, bending (EI) smallest 147 N m2; at least 51 % of the lesion-free twin's" in text
    assert "Shaft, axial (EA) smallest 2.3 MN Shaft" in text


def test_a_single_load_without_lesion_or_mass_makes_a_shorter_report(
    build: Build, outcome: Callable[..., LoadOutcome], content: ReportContent, tmp_path: Path
) -> None:
    bare = replace(
        content,
        loads=(replace(outcome("stance", 5234.0, None), strength_BW=None),),
        mass_kg=None,
        shape=replace(content.shape, lesion_volume_mm3=None),
        figures=(),
        warnings=(),
        unverified=(),
    )
    page = build(bare, tmp_path)
    assert "Stance: the right femur carries 5,230 N; it fails first in the neck" in page.text
    assert "Load Strength Stiffness Weakest site Place (LPS, mm) Stance" in page.text
    assert "No lesion was given" in page.text
    assert "Body mass was not given" in page.text
    assert "The run gave no warning." in page.text
    assert page.count("img") == 0
    for absent in ("None", "Figures", "Warnings", "Lesion volume", "Constants not checked"):
        assert absent not in page.text


def test_the_twin_has_one_name_throughout(
    build: Build, content: ReportContent, tmp_path: Path
) -> None:
    text = build(content, tmp_path).text.lower()
    assert text.count("lesion-free twin") >= 3
    assert "healed" not in text


def test_a_bone_that_yields_is_told_in_words_of_yield(
    build: Build, content: ReportContent, tmp_path: Path
) -> None:
    solver = replace(
        content.loads[0].solver,
        n_dofs=25281,
        iterations=468,
        energy_error=None,
        newton_iterations=34,
        seconds=11.9,
    )
    load = replace(
        content.loads[0],
        criterion="plateau force",
        curve_end="plateau",
        healed_curve_end="maximum displacement",
        solver=solver,
    )
    yielding = replace(
        content, model="nonlinear", beyond_yield="Bone beyond yield: it flows", loads=(load,)
    )
    text = build(yielding, tmp_path).text
    assert "Stance tet10 25,281 multigrid 34 468 3.0e-09 2 11.9" in text
    assert "Energy error" not in text
    assert "it yields most in the" in text
    assert "has fallen to 2 % of the elastic one" in text
    assert "Bone beyond yield: it flows." in text
    assert (
        "Stance, curve of force against displacement: that of the bone ends where it has become "
        "flat; that of the lesion-free twin ends at the largest displacement"
    ) in text
    assert "first met" not in text


@pytest.mark.parametrize(
    ("criterion", "meaning"),
    [
        ("peak force", "the largest force on the femoral head"),
        ("plateau force", "so that it has no peak"),
        ("force at the largest displacement", "the bone may carry more"),
    ],
)
def test_what_the_peak_of_a_curve_means_is_told_of_the_criterion_that_was_met_alone(
    build: Build, content: ReportContent, tmp_path: Path, criterion: str, meaning: str
) -> None:
    load = replace(content.loads[0], criterion=criterion)
    text = build(replace(content, model="nonlinear", loads=(load,)), tmp_path).text
    assert meaning in text
    assert text.count("Strength (") == 1


def test_every_solve_of_bone_and_twin_has_a_row(
    build: Build, content: ReportContent, tmp_path: Path
) -> None:
    both = replace(content.loads[0], healed_solver=replace(content.loads[0].solver, iterations=24))
    text = build(replace(content, loads=(both,)), tmp_path).text
    assert "Stance tet10 152,301 multigrid 23 3.0e-09 8.0e-07 2 4.2" in text
    assert "Stance, lesion-free twin tet10 152,301 multigrid 24 3.0e-09 8.0e-07 2 4.2" in text


def test_the_force_of_a_plate_stands_beside_the_strength(
    build: Build, content: ReportContent, tmp_path: Path
) -> None:
    fall = replace(content.loads[1], plate_force_N=2890.0)
    text = build(replace(content, loads=(fall,)), tmp_path).text
    assert "the plate under the trochanter then presses with 2,890 N" in text


@pytest.mark.parametrize("loss", [-1e-7, -4e-4, 4e-4])
def test_a_loss_that_round_off_makes_is_zero_without_a_sign(
    build: Build, content: ReportContent, tmp_path: Path, loss: float
) -> None:
    load = replace(content.loads[0], strength_loss_fraction=loss)
    text = build(replace(content, loads=(load,)), tmp_path).text
    assert " 0 %, within error neck" in text
    assert "-0" not in text.split("neck, tension")[0].split("Load Strength")[1]


def test_a_lesion_free_twin_that_is_weaker_is_said_to_be_so(
    build: Build, outcome: Callable[..., LoadOutcome], content: ReportContent, tmp_path: Path
) -> None:
    blastic = replace(content, loads=(outcome("stance", 5500.0, 5000.0),))
    assert "10 % more than its lesion-free twin" in build(blastic, tmp_path).text


@pytest.mark.parametrize(
    ("hidden", "told"),
    [
        (1.0, "; what the lesion costs cannot be judged: 100 % of it lies under the load or next"),
        (
            0.2,
            ", as much as its lesion-free twin; this cannot be told from no loss (below 10 % it is "
            "within the error of the lesion-free twin; 20 % of the lesion is not judged); it fails",
        ),
        (
            0.0,
            ", as much as its lesion-free twin; this cannot be told from no loss (below 10 % it is "
            "within the error of the lesion-free twin); it fails",
        ),
    ],
)
def test_a_loss_of_nothing_is_told_with_what_of_the_lesion_was_looked_at(
    build: Build, content: ReportContent, tmp_path: Path, hidden: float, told: str
) -> None:
    load = replace(content.loads[0], strength_loss_fraction=1e-4, lesion_hidden_fraction=hidden)
    text = build(replace(content, loads=(load,)), tmp_path).text
    assert told in text
    assert ("7,340 N not judged neck" in text) == (hidden == 1.0)


@pytest.mark.parametrize("loss", [-0.094, -0.02, 0.0, 0.05, 0.094])
def test_a_loss_within_the_error_of_the_twin_is_told_as_that(
    build: Build, content: ReportContent, tmp_path: Path, loss: float
) -> None:
    load = replace(content.loads[0], strength_loss_fraction=loss)
    text = build(replace(content, loads=(load,)), tmp_path).text
    assert "this cannot be told from no loss (below 10 %" in text
    assert " %, within error neck" in text


@pytest.mark.parametrize(
    ("interval", "doubtful"), [((-0.02, 0.31), True), ((0.01, 0.31), False), (None, False)]
)
def test_a_loss_whose_interval_holds_zero_is_told_as_that(
    build: Build,
    content: ReportContent,
    tmp_path: Path,
    interval: tuple[float, float] | None,
    doubtful: bool,
) -> None:
    load = replace(content.loads[0], strength_loss_fraction=0.15, loss_interval_90=interval)
    text = build(replace(content, loads=(load,)), tmp_path).text
    told = (
        "15 % less than its lesion-free twin; this cannot be told from no loss (its 90 % interval"
    )
    assert (told in text) == doubtful
    assert ("within error" in text) == doubtful


def test_strengths_from_a_scan_that_shows_too_little_shaft_are_told_as_rough(
    build: Build, content: ReportContent, tmp_path: Path
) -> None:
    words = "no shaft: the bone ends 41 mm above the lesser trochanter"
    shape = replace(content.shape, shaft_reference="scanner", shaft=words)
    text = build(replace(content, shape=shape), tmp_path).text
    assert "Stance: the right femur carries roughly 5,230 N" in text
    assert f"Rough values: the scan shows {words}. " in text
    assert f"Shaft seen {words}" in text
    assert "roughly" not in build(content, tmp_path).text
