"""Every preset has a default mesh whose error was measured."""

import json
from pathlib import Path

import pytest

from femur_fea.presets import PRESETS

STUDY = Path(__file__).resolve().parents[2] / "benchmarks/results/mesh.json"
LARGEST_ERROR_PERCENT = 3.0  # of strength: the aim that the edge lengths were chosen by


@pytest.mark.parametrize("name", sorted(PRESETS))
def test_the_default_mesh_of_a_preset_was_measured_and_is_fine_enough(name):
    edge = PRESETS[name].edge_length_mm
    measured = [
        row
        for row in json.loads(STUDY.read_text(encoding="utf-8"))["strengths"]
        if row["preset"] == name
    ]
    assert {row["load"] for row in measured} >= {*PRESETS[name].load_names}
    for row in measured:
        assert row["default_mm"] == edge
        assert abs(row["error_percent"][f"{edge:g} mm"]) < LARGEST_ERROR_PERCENT
        assert abs(row["near_default"]["mean_error_percent"]) < LARGEST_ERROR_PERCENT
