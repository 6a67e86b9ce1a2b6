"""Every preset has a default mesh whose error was measured."""

import json
from pathlib import Path

import pytest

from femur_fea.presets import PRESETS

ROUNDED = 0.0501  # percent: errors are stated to a tenth, and standard deviations as well
SEVERAL = 3  # meshes of nearly one edge length, of which a standard deviation says something
RESULTS = Path(__file__).resolve().parents[2] / "benchmarks/results"
NEAR = 0.1001  # of an edge length: cubes so alike are told as one
LARGEST_ERROR_PERCENT = 3.0  # of strength: the aim that the edge lengths were chosen by


def _measured(name, study="mesh.json"):
    rows = json.loads((RESULTS / study).read_text(encoding="utf-8"))["strengths"]
    return [row for row in rows if row["preset"] == name]


@pytest.mark.parametrize("name", sorted(PRESETS))
def test_the_default_mesh_of_a_preset_was_measured_and_is_fine_enough(name):
    edge, measured = PRESETS[name].edge_length_mm, _measured(name)
    assert {row["load"] for row in measured} >= {*PRESETS[name].load_names}
    for row in measured:
        assert row["default_mm"] == edge
        assert abs(row["error_percent"][f"{edge:g} mm"]) < LARGEST_ERROR_PERCENT
        assert abs(row["near_default"]["mean_error_percent"]) < LARGEST_ERROR_PERCENT


@pytest.mark.parametrize("name", sorted(PRESETS))
def test_the_errors_that_a_preset_states_are_those_of_the_study(name):
    stated, measured = PRESETS[name].mesh_errors, _measured(name)
    assert stated[0].edge_length_mm == PRESETS[name].edge_length_mm
    for each in stated:
        errors = [row["error_percent"][f"{each.edge_length_mm:g} mm"] for row in measured]
        assert each.percent == pytest.approx((min(errors), max(errors)), abs=ROUNDED)


@pytest.mark.parametrize("name", sorted(PRESETS))
def test_a_preset_states_how_meshes_near_its_own_scatter_where_several_were_measured(name):
    near = [row["near_default"] for row in _measured(name)]
    several = [each["sd_percent"] for each in near if each["n_meshes"] >= SEVERAL]
    stated = PRESETS[name].mesh_errors[0].sd_percent
    assert stated == (pytest.approx(max(several), abs=ROUNDED) if several else None)


@pytest.mark.parametrize("name", sorted(PRESETS))
def test_the_errors_that_a_preset_states_of_cubes_are_those_of_the_study(name):
    stated, measured = PRESETS[name].cube_errors, _measured(name, "mesh_hex8.json")
    edges = [each.edge_length_mm for each in stated]
    assert edges == sorted(edges)
    assert bool(stated) == bool(measured)
    for each in stated:
        near = [
            (row["error_percent"][heading], _loss_points(name, row, heading, measured))
            for row in measured
            for heading in row["error_percent"]
            if abs(float(heading.split()[0]) / each.edge_length_mm - 1.0) < NEAR
        ]
        errors, points = zip(*near, strict=True)
        assert each.percent == pytest.approx((min(errors), max(errors)), abs=ROUNDED)
        assert each.loss_points == pytest.approx(max(points), abs=0.51)


def _loss_points(name, row, heading, cubes):
    """Return the error of the strength loss under one load, percentage points."""
    load = row["load"].removesuffix("@healed")
    found, true = (
        1.0 - values[load] / values[f"{load}@healed"]
        for values in (
            {each["load"]: each["strength_N"][heading] for each in cubes},
            {each["load"]: each["extrapolated_N"] for each in _measured(name)},
        )
    )
    return 100.0 * abs(found - true)
