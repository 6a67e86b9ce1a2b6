"""Where a model is used beyond what it holds for, the run says so with the measured figure."""

from dataclasses import replace

import numpy as np
import pytest

from femur_fea.domain import BoneMesh, FemoralFrame, LoadCase
from femur_fea.errors import FemurFEAWarning
from femur_fea.materials import MATERIAL_LAWS
from femur_risk.pipeline.model_limits import (
    warn_of_extrapolation,
    warn_of_large_strains,
    warn_of_site_at_edge,
)

NAME = "morgan_2003_femoral_neck"
LAW = MATERIAL_LAWS[NAME]


def four_cells() -> BoneMesh:
    base = np.array([[0.0, 0, 0], [1, 0, 0], [0, 1, 0], [0, 0, 1]])
    points = np.concatenate([base + np.array([0.0, 0, 5 * k]) for k in range(4)])
    return BoneMesh(points=points, cells=np.arange(16).reshape(4, 4), kind="tet10", side="left")


def densities(*values: float) -> np.ndarray:
    return np.repeat(np.array(values)[:, None], 4, axis=1)


def test_bone_outside_the_densities_of_its_law_is_told_with_its_share() -> None:
    with pytest.warns(FemurFEAWarning) as told:
        warn_of_extrapolation(four_cells(), densities(0.1, 0.5, 1.2, 1.5), LAW, name=NAME)
    (text,) = [str(warning.message) for warning in told]
    assert text.startswith("75 % of the bone lies outside the apparent densities")
    assert "0.26 to 0.75 g/cm3 (25 % is lighter, 50 % denser)" in text


@pytest.mark.parametrize("rho_range", [(0.26, 0.75), None])
def test_bone_within_them_or_a_law_without_a_stated_range_is_not_warned_of(
    rho_range: tuple[float, float] | None,
    recwarn: pytest.WarningsRecorder,
) -> None:
    rho = densities(0.5, 0.5, 0.5, 0.5 if rho_range else 2.0)
    warn_of_extrapolation(four_cells(), rho, replace(LAW, rho_range=rho_range), name=NAME)
    assert not recwarn.list


@pytest.mark.parametrize(
    ("in_judged", "meaning"), [(0.03, "so far only tumour"), (0.3, "so far beyond its yield")]
)
def test_large_plastic_strains_are_told_with_those_of_the_bone_that_is_judged(
    in_judged: float, meaning: str
) -> None:
    strain, judged = np.array([0.4, in_judged]), np.array([False, True])
    with pytest.warns(FemurFEAWarning, match=meaning) as told:
        warn_of_large_strains("axial", strain, judged, largest=0.44, bone="femur")
    text = str(told[0].message)
    assert text.startswith("plastic strain of the femur under 'axial' reaches 0.44")
    assert f"{in_judged:.2f} where failure is looked for" in text


def test_small_plastic_strains_are_not_warned_of(recwarn: pytest.WarningsRecorder) -> None:
    warn_of_large_strains("axial", np.zeros(2), np.ones(2, bool), largest=0.05, bone="femur")
    assert not recwarn.list


def held_at_its_foot(mesh: BoneMesh) -> tuple[LoadCase, FemoralFrame]:
    """Return a load on the highest cell, held at the lowest, and a head of 8 mm radius."""
    fixed = mesh.points[:, 2] < 2.0
    gripped = mesh.points[:, 2] > 14.0
    load = LoadCase.on_fixed_points(
        name="stance",
        traction=np.ones((len(mesh.points), 3)),
        fixed=fixed,
        magnitude=1.0,
        excluded=fixed | gripped,
    )
    frame = FemoralFrame(
        origin=np.array([0.0, 0.0, 20.0]),
        axes=np.diag([-1.0, 1.0, 1.0]),
        side="left",
        head_radius=8.0,
        neck_axis=np.array([0.0, 0.0, 1.0]),
        shaft_point=np.zeros(3),
        neck_shaft_angle=2.2,
        shaft_length=10.0,
        shaft_reference="shaft",
    )
    return load, frame


def test_a_weakest_site_beside_the_support_is_told_with_its_distance_and_load() -> None:
    mesh = four_cells()
    load, frame = held_at_its_foot(mesh)
    # 6 mm above the highest held point
    with pytest.warns(FemurFEAWarning, match="femur under 'stance' lies 6 mm from the support"):
        warn_of_site_at_edge("stance", load, mesh, frame, np.array([0.0, 0.0, 7.0]), bone="femur")


def test_a_weakest_site_at_a_grip_is_told_as_at_the_edge_of_what_is_judged() -> None:
    mesh = four_cells()
    load, frame = held_at_its_foot(mesh)
    # 3 mm below the lowest gripped point
    with pytest.warns(FemurFEAWarning, match="'torsion' lies 3 mm from where failure is not"):
        warn_of_site_at_edge("torsion", load, mesh, frame, np.array([0.0, 0, 12.0]), bone="femur")


def test_a_weakest_site_far_from_support_and_load_is_not_warned_of(
    recwarn: pytest.WarningsRecorder,
) -> None:
    mesh = four_cells()
    load, frame = held_at_its_foot(mesh)
    warn_of_site_at_edge("stance", load, mesh, frame, np.array([0.0, 30.0, 9.5]), bone="femur")
    assert not recwarn.list
