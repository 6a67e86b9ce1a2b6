"""Uncertainty of strength against closed forms, on a tube that is pulled."""

import math
from dataclasses import dataclass

import numpy as np
import pytest

from calibration import CalibrationCurve, CommonError
from femur_fea.domain import DensityField, ImageGrid, LabelMask, LoadCase
from femur_fea.loads.patch import traction_of
from femur_fea.materials import LAW_SCATTER
from femur_fea.presets import PRESETS
from femur_risk.config import MappingConfig
from femur_risk.pipeline.perturbation import Perturbation
from femur_risk.pipeline.perturbed import PerturbedFemur
from femur_risk.pipeline.samples import SampleStore
from femur_risk.pipeline.sources import common_sources, load_sources
from femur_risk.pipeline.study import UncertaintyStudy

THEME = "closed forms"
PRESET = PRESETS["bologna"]
OUTER, INNER, LENGTH = 14.0, 8.0, 90.0
SCALE_SD = 0.1
CURVE = CalibrationCurve(
    slope=0.8e-3,
    intercept=0.0,
    kind="CaHA",
    method="fixed",
    label="fixed line",
    relative_uncertainty=SCALE_SD,
    provenance="user",
    error_provenance="user",
    source="a test",
)


@dataclass(frozen=True, kw_only=True)
class Pull:
    """A pull along the tube; failure is looked for in its middle third."""

    name: str = "pull"
    description: str = "a pull"
    source: str = "a test"
    provenance: str = "published"

    def apply(self, mesh, _frame, *, fixed_length):
        z = mesh.points[:, 2]
        top = (z > -1e-6).astype(float)
        return LoadCase.on_fixed_points(
            name=self.name,
            traction=traction_of(mesh, top, np.array([0.0, 0.0, 1000.0])),
            fixed=z < z.min() + fixed_length,
            magnitude=1000.0,
            excluded=np.abs(z + LENGTH / 2.0) > LENGTH / 6.0,
        )


def _pulled(mesh, frame):
    """Return a function from a density to a tube of it whose strength can be asked for."""
    # the image ends where the tube does, so that its ends are cuts
    grid = ImageGrid(
        shape=(36, 36, 90),
        affine=np.array([[1.0, 0, 0, -17.5], [0, 1, 0, -17.5], [0, 0, 1, -89.5], [0, 0, 0, 1]]),
    )

    def build(rho):
        return PerturbedFemur(
            mesh=mesh,
            frame=frame,
            femur=LabelMask(grid=grid, inside=np.ones(grid.shape, dtype=bool)),
            equivalent=DensityField(grid=grid, rho=np.full(grid.shape, rho), kind="CaHA"),
            lesion=None,
            preset=PRESET,
            criterion=PRESET.failure.criterion,
            mapping=MappingConfig(edge_voxels=0),
            loads={"pull": (Pull(),)},
            scatter={},
            fixed_length=5.0,
            ranks=1,
        )

    return build


@pytest.fixture(scope="module")
def pulled(tube):
    """Return tubes whose section is that of circles within a per cent."""
    return _pulled(*tube(OUTER, INNER, LENGTH, n_across=2, n_along=24))


def _study(pulled, curve=CURVE):
    """Return a bone and a denser twin with scatter of the line, law and surface."""
    bone, twin = pulled(0.5), pulled(0.9)
    common = common_sources(curve.to_dict(), PRESET.law_name, bone.femur.grid, "tet10")
    return UncertaintyStudy(bodies=(bone, twin), sources={"pull": (*common, *load_sources("fall"))})


@pytest.fixture(scope="module")
def study(pulled):
    """Return bone and twin for closed forms."""
    return _study(pulled)


@pytest.fixture(scope="module")
def coarse(tube):
    """Return bone and twin that are solved in no time."""
    return _study(_pulled(*tube(OUTER, INNER, LENGTH, n_around=12, n_across=1, n_along=12)))


def _exponent(rho):
    """Return the derivative of log E by log equivalent density: of the law and the conversion."""
    conversion = PRESET.conversions[0]
    return PRESET.law.b * conversion.slope * rho / (conversion.slope * rho + conversion.intercept)


def test_strength_follows_density_by_the_exponent_of_the_chain(pulled, agree):
    body = pulled(0.5)
    low, high = body.log_strengths(
        [Perturbation(density_factor=0.99), Perturbation(density_factor=1.01)]
    )[:, 0]
    agree(
        "derivative of log strength by log density",
        found=(high - low) / math.log(1.01 / 0.99),
        expected=_exponent(0.5),
        rtol=1e-3,
        origin="difference of two solutions with an error of 1e-4 each; third order of the step",
        source="strength is the strain limit over strain, and strain goes with 1 / E: the exponent "
        "of the law times that of the conversion",
    )


def test_a_factor_of_the_modulus_is_one_of_strength_without_another_solution(pulled):
    rest, stiffer = pulled(0.5).log_strengths([Perturbation(), Perturbation(modulus_factor=1.3)])
    assert stiffer - rest == pytest.approx(math.log(1.3), rel=1e-12)


def test_a_thicker_wall_carries_more_by_its_section(pulled, agree):
    low, high = pulled(0.5).log_strengths(
        [Perturbation(surface_shift=-0.2), Perturbation(surface_shift=0.2)]
    )[:, 0]
    agree(
        "derivative of log strength by a shift of the surface",
        found=(high - low) / 0.4,
        expected=2.0 / (OUTER - INNER),
        unit="1/mm",
        rtol=0.03,
        origin="a polygon of 24 sides moves by 0.9914 of its corners' shift; finite patches",
        source="section pi (outer^2 - inner^2), both surfaces moved into the void",
    )


def test_the_interval_is_that_of_the_closed_form(study, agree):
    found = study.first_order()["pull"]
    parts = {
        "calibration": _exponent(0.5) * SCALE_SD,
        "density-modulus law": LAW_SCATTER[PRESET.law_name].sd,
        "segmentation, below a voxel": 2.0 / (OUTER - INNER) / math.sqrt(12.0),
    }
    variance = {name: part**2 for name, part in parts.items()}
    agree(
        "standard deviation of log strength from three sources",
        found=found.strength.sd,
        expected=math.sqrt(sum(variance.values())),
        rtol=0.02,
        origin="3 % of the part of the surface, and second order of a step of 10 % in density",
        source="sum of squares of exponent times scatter of density, scatter of the law, and the "
        "relative change of section of a shift of 1 / sqrt(12) voxel",
    )
    assert sum(found.strength.shares.values()) == pytest.approx(1.0, abs=1e-12)
    for name, share in found.strength.shares.items():
        assert share == pytest.approx(variance[name] / sum(variance.values()), abs=0.02)


def test_the_part_of_the_line_is_that_of_lines_that_are_drawn_one_by_one(tube):
    error = CommonError(scale=0.16, offset=0.014, provenance="unverified", source="a test")
    curve = CURVE.with_common_error(error)
    coarse = _pulled(*tube(OUTER, INNER, LENGTH, n_around=12, n_across=1, n_along=12))
    found = _study(coarse, curve).first_order()["pull"].strength
    rng = np.random.default_rng(0)
    lines = rng.multivariate_normal((curve.slope, curve.intercept), curve.covariance, 100_000)
    conversion = PRESET.conversions[0]
    ash = conversion.slope * (lines @ [0.5 / curve.slope, 1.0]) + conversion.intercept
    low, high = np.quantile(PRESET.law.b * np.log(ash), [0.05, 0.95])
    # third order of a scatter of 16 %, and 0.5 % of the quantiles of 100 000 lines
    assert found.sd * math.sqrt(found.shares["calibration"]) == pytest.approx(
        (high - low) / (2.0 * 1.645), rel=0.03
    )


def test_bone_and_twin_are_changed_alike_so_that_the_loss_spreads_less(study, agree):
    found = study.first_order()["pull"]
    agree(
        "standard deviation of the log ratio of two densities with a common scale",
        found=found.ratio.sd,
        expected=(_exponent(0.9) - _exponent(0.5)) * SCALE_SD,
        atol=1e-3,
        origin="second order of a step of 10 % in density, and solutions to 1e-4",
        source="difference of the exponents: law and section cancel",
    )
    assert found.ratio.shares["density-modulus law"] == pytest.approx(0.0, abs=1e-9)


def test_samples_agree_with_first_order_on_a_nearly_linear_bone(coarse, tmp_path):
    store = SampleStore(path=tmp_path / "samples/samples.jsonl", fingerprint="a")
    found = coarse.sampled(60, 0, store)["pull"].strength
    expected = coarse.first_order()["pull"].strength
    # three standard errors of 60 samples, as they state them
    assert abs(math.log(found.low / expected.low)) < 3.0 * found.sampling_error[0]
    assert abs(math.log(found.high / expected.high)) < 3.0 * found.sampling_error[1]
    # chance correlations of 60 samples are 1 / sqrt(60); a share is about a third
    assert found.shares == pytest.approx(expected.shares, abs=0.15)
    assert found.explained > 0.98


def test_an_interrupted_draw_goes_on_and_ends_as_an_undisturbed_one(coarse, tmp_path):
    class Interrupted(Exception):
        pass

    @dataclass(frozen=True, kw_only=True)
    class Fragile(SampleStore):
        """Stop behind the eighth sample, as a run that is killed does."""

        def append(self, index, sample):
            super().append(index, sample)
            if index == 7:
                raise Interrupted

    whole = SampleStore(path=tmp_path / "whole/samples.jsonl", fingerprint="a")
    undisturbed = coarse.sampled(20, 5, whole)
    broken = Fragile(path=tmp_path / "broken/samples.jsonl", fingerprint="a")
    with pytest.raises(Interrupted):
        coarse.sampled(20, 5, broken)
    kept = broken.open()
    assert len(kept) == 8
    resumed = coarse.sampled(20, 5, SampleStore(path=broken.path, fingerprint="a"))
    ended = broken.open()
    assert {index: ended[index] for index in range(8)} == kept
    # what is solved again differs by the error of the solver, 1e-4 in energy
    for index, sample in whole.open().items():
        assert ended[index] == [pytest.approx(logs, abs=1e-4) for logs in sample]
    for part in ("sd", "low", "high"):
        expected = getattr(undisturbed["pull"].strength, part)
        assert getattr(resumed["pull"].strength, part) == pytest.approx(expected, rel=1e-3)
