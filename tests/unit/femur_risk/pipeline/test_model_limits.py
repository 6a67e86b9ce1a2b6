"""Where a model is used beyond what it holds for, the run says so with the measured figure."""

import warnings
from dataclasses import replace

import numpy as np
import pytest

from femur_fea.domain import BoneMesh
from femur_fea.errors import FemurFEAWarning
from femur_fea.materials import MATERIAL_LAWS
from femur_risk.pipeline.model_limits import warn_of_extrapolation, warn_of_large_strains

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
) -> None:
    rho = densities(0.5, 0.5, 0.5, 0.5 if rho_range else 2.0)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        warn_of_extrapolation(four_cells(), rho, replace(LAW, rho_range=rho_range), name=NAME)


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


def test_small_plastic_strains_are_not_warned_of() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        warn_of_large_strains("axial", np.zeros(2), np.ones(2, bool), largest=0.05, bone="femur")
