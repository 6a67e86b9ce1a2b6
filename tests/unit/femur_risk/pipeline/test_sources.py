"""The sources of uncertainty of a run: their size, and what they change."""

import math
from typing import Any

import numpy as np
import pytest

from calibration import CalibrationCurve, average_line, fixed_line
from femur_fea.domain import ImageGrid
from femur_fea.loads import DIRECTION_SCATTER, LOAD_CASES, HipContact, turned
from femur_fea.materials import LAW_SCATTER, MATERIAL_LAWS, scatter_of_fit
from femur_risk.config import MappingConfig
from femur_risk.pipeline.sources import common_sources, load_sources, mask_source
from femur_risk.uncertainty import UncertainSource

GRID = ImageGrid(shape=(4, 4, 4), affine=np.diag([1.0, 1.0, 1.0, 1.0]))
LAW = "morgan_2003_femoral_neck"


def _named(name: str, curve: CalibrationCurve, law: str = LAW) -> UncertainSource:
    found = common_sources(curve.to_dict(), law, GRID, "tet10")
    return next(source for source in found if source.name == name)


def _line(**changes: Any) -> CalibrationCurve:
    values: dict[str, Any] = {
        "slope": 0.8e-3,
        "intercept": 0.01,
        "kind": "CaHA",
        "method": "phantom",
        "label": "phantom",
        "relative_uncertainty": None,
        "provenance": "user",
        "error_provenance": "user",
        "source": "a test",
    }
    return CalibrationCurve(**(values | changes))


@pytest.mark.parametrize("hu", [-50.0, 200.0, 1500.0])
def test_a_fitted_line_moves_density_by_its_standard_error_at_every_ct_number(hu: float) -> None:
    covariance = np.array([[4e-10, -1.2e-7], [-1.2e-7, 9e-5]])
    curve = _line(covariance=covariance)
    source = _named("calibration", curve)
    rho = curve.intercept + curve.slope * hu
    changes = []
    for direction in np.eye(2):
        effect = source.effect(direction)
        changes.append(effect["density_factor"] * rho + effect["density_offset"] - rho)
    at = np.array([hu, 1.0])
    # linear in both parameters: exact but for round-off
    assert sum(change**2 for change in changes) == pytest.approx(at @ covariance @ at, rel=1e-9)


def test_an_uncertain_scale_multiplies_density() -> None:
    line = fixed_line(0.8e-3, 0.0, "CaHA", relative_uncertainty=0.15)
    source = _named("calibration", line)
    assert source.sd == 0.15
    assert source.effect(np.array([2.0])) == pytest.approx({"density_factor": math.exp(0.3)})


def test_an_average_line_moves_density_at_zero_ct_number_too() -> None:
    source = _named("calibration", average_line(120.0))
    offsets = [source.effect(z)["density_offset"] for z in np.eye(2)]
    assert math.hypot(*offsets) == pytest.approx(0.03 / 12.0**0.5, rel=1e-9)


def test_a_line_whose_uncertainty_is_not_stated_moves_nothing_and_says_so() -> None:
    source = _named("calibration", fixed_line(0.8e-3, 0.0, "CaHA"))
    assert source.sd is None
    assert not source.is_active
    assert source.provenance == "not stated"


def test_a_line_that_is_exact_is_stated_and_moves_nothing() -> None:
    source = _named("calibration", fixed_line(0.8e-3, 0.0, "CaHA", relative_uncertainty=0.0))
    assert source.sd == 0.0
    assert not source.is_active
    assert source.provenance == "user"


def test_scatter_about_a_law_follows_from_its_r2_and_range() -> None:
    law, r2 = MATERIAL_LAWS[LAW], 0.85
    rng = np.random.default_rng(0)
    low, high = law.rho_range or (math.nan, math.nan)
    rho = np.exp(rng.uniform(math.log(low), math.log(high), 200_000))
    explained = np.log(law.value(rho))
    measured = explained + rng.normal(0.0, scatter_of_fit(law, r2), len(rho))
    found = np.corrcoef(explained, measured)[0, 1] ** 2
    assert found == pytest.approx(r2, abs=0.002)  # 200 000 specimens


def test_a_derived_scatter_is_marked_unverified_and_one_never_read_is_not_stated() -> None:
    assert {record.provenance for record in LAW_SCATTER.values()} == {"unverified"}
    unread = _named("density-modulus law", average_line(120.0), "keyak_1994")
    assert unread.sd is None
    assert unread.provenance == "not stated"


def test_masks_of_another_size_scatter_by_their_standard_deviation() -> None:
    source = mask_source(GRID, MappingConfig())
    shares = (np.arange(8000) + 0.5) / 8000.0
    values = source.quantile(shares)
    assert values.mean() == pytest.approx(0.0, abs=1e-12)
    assert values.std() == pytest.approx(1.0, rel=1e-12)
    layers = [source.effect(np.array([value]))["mask_layers"] for value in np.unique(values)]
    assert layers == pytest.approx([-1.0, 0.0, 1.0])


def test_a_restored_cortex_goes_with_its_mask_and_has_no_other_one() -> None:
    source = mask_source(GRID, MappingConfig(cortical_blur="restored"))
    assert (source.sd, source.provenance) == (None, "not stated")


def test_cubes_have_no_surface_to_move() -> None:
    found = common_sources(average_line(120.0).to_dict(), LAW, GRID, "hex8")
    surface = next(source for source in found if source.name.startswith("segmentation"))
    assert surface.sd is None


def test_directions_scatter_as_the_components_of_the_measured_forces() -> None:
    stance, scatter = LOAD_CASES["stance"], DIRECTION_SCATTER["stance"]
    assert isinstance(stance, HipContact)
    rng = np.random.default_rng(0)
    forces = np.asarray(stance.force_percent_BW) + rng.normal(size=(100_000, 3)) * [
        19.5,
        13.9,
        27.3,
    ]
    x, y, z = forces.T
    # first order against samples: the angles are some 5 degrees, their squares 1 % of a radian
    assert np.arctan2(x, -z).std() == pytest.approx(scatter.frontal, rel=0.03)
    assert np.arcsin(y / np.linalg.norm(forces, axis=1)).std() == pytest.approx(
        scatter.sagittal, rel=0.03
    )


def test_a_force_turns_by_the_angle_and_keeps_its_size() -> None:
    stance = LOAD_CASES["stance"]
    assert isinstance(stance, HipContact)
    before = np.asarray(stance.force_percent_BW)
    after = np.asarray(turned(stance, math.tan(0.1), 0.0).force_percent_BW)
    size = float(np.linalg.norm(before))
    assert np.linalg.norm(after) == pytest.approx(size, rel=1e-12)
    assert math.acos(float(before @ after) / size**2) == pytest.approx(0.1, rel=1e-9)
    # seen from the front it turns medially (-x), and its anterior part hardly changes
    assert after[0] < before[0]
    assert abs(after[1] - before[1]) < 0.01 * size


def test_a_load_of_which_nothing_was_read_is_listed_without_a_number() -> None:
    for source in load_sources("fall"):
        assert source.sd is None
        assert source.provenance == "not stated"
