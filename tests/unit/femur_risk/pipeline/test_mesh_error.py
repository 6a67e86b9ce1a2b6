"""What is said of the error of a mesh depends on its cells, their edges and the preset."""

import warnings

import pytest

from femur_fea.domain import ElementKind
from femur_fea.errors import FemurFEAWarning
from femur_fea.presets import PRESETS
from femur_risk.pipeline.mesh_error import describe_mesh_error, is_coarse, warn_of_mesh_error


def _told(element: ElementKind, edge_length: float, preset: str) -> list[str]:
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always", FemurFEAWarning)
        warn_of_mesh_error(element, edge_length, PRESETS[preset])
    return [str(warning.message) for warning in caught]


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


@pytest.mark.parametrize("edge_length", [1.5, 3.0])
def test_cubes_are_told_whatever_their_edge(edge_length: float) -> None:
    (text,) = _told("hex8", edge_length, "bologna")
    assert text.startswith("cubes (hex8)")


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
