"""What is said of the error of a mesh depends on its cells, their edges and the preset."""

from itertools import pairwise

import pytest

from femur_fea.domain import ElementKind
from femur_fea.presets import PRESETS
from femur_risk.pipeline.mesh_error import describe_mesh_error, is_coarse, mesh_warnings


def _told(element: ElementKind, edge_length: float, preset: str) -> list[str]:
    return list(mesh_warnings(element, edge_length, PRESETS[preset]))


@pytest.mark.parametrize("name", sorted(PRESETS))
def test_the_default_mesh_of_a_preset_is_not_warned_of(name: str) -> None:
    assert _told("tet10", PRESETS[name].edge_length_mm, name) == []


@pytest.mark.parametrize(
    ("name", "edge_length", "expected"),
    [
        ("bologna", 4.0, False),
        ("bologna", 4.1, True),
        ("nijmegen", 2.9, False),
        ("nijmegen", 3.0, True),
        ("keaveny_open", 3.3, False),
        ("keaveny_open", 4.0, True),
    ],
)
def test_edges_a_third_longer_than_those_of_the_preset_are_coarse(
    name: str, edge_length: float, expected: bool
) -> None:
    assert is_coarse(edge_length, PRESETS[name]) is expected
    assert bool(_told("tet10", edge_length, name)) is expected


@pytest.mark.parametrize("name", sorted(PRESETS))
def test_cubes_are_told_with_what_was_measured_of_such_cubes(name: str) -> None:
    for each in PRESETS[name].cube_errors:
        (text,) = _told("hex8", each.edge_length_mm, name)
        assert text.startswith("cubes (hex8)")
        assert f"{each} with {each.edge_length_mm:g} mm" in text


def test_cubes_between_those_that_were_measured_are_told_with_both() -> None:
    for finer, coarser in pairwise(PRESETS["bologna"].cube_errors):
        edge = 0.5 * (finer.edge_length_mm + coarser.edge_length_mm)
        (text,) = _told("hex8", edge, "bologna")
        assert f"{finer} with" in text
        assert f"{coarser} with" in text


@pytest.mark.parametrize("name", sorted(PRESETS))
def test_no_bound_is_told_of_cubes_coarser_than_any_that_were_measured(name: str) -> None:
    largest = max((each.edge_length_mm for each in PRESETS[name].cube_errors), default=1.0)
    (text,) = _told("hex8", largest + 0.5, name)
    assert "was not measured" in text
    assert "nothing bounds it" in text
    assert "%" not in text


@pytest.mark.parametrize("name", sorted(PRESETS))
def test_the_error_of_the_default_mesh_is_told_as_measured(name: str) -> None:
    preset = PRESETS[name]
    told = describe_mesh_error("tet10", preset.edge_length_mm, preset)
    assert preset.edge_length_reason in str(told["statement"])
    assert told["source"] == "benchmarks/results/mesh.json"


@pytest.mark.parametrize(("element", "edge_length"), [("tet10", 6.0), ("hex8", 3.0), ("tet4", 3.0)])
def test_the_error_of_another_mesh_is_not_told(element: ElementKind, edge_length: float) -> None:
    told = describe_mesh_error(element, edge_length, PRESETS["bologna"])
    assert (told["statement"], told["source"]) == ("not measured for this mesh", None)
