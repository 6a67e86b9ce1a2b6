"""A report of two loads, and the page that is made of one."""

from collections.abc import Callable
from datetime import date
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest

from femur_fea.domain import Acquisition
from femur_risk.assessment import RiskCard, beside
from femur_risk.assessment.card import HorizonRisk, Reason, Share, WhatIf
from femur_risk.comparators import RULES
from femur_risk.report import (
    ENGLISH,
    CalibrationSummary,
    LoadOutcome,
    MeshSummary,
    MethodStep,
    ReportContent,
    ReportFigure,
    ScanSummary,
    ShapeSummary,
    SolverSummary,
    compose_document,
    find_words,
    write_html,
)

type Build = Callable[[ReportContent, Path], "Page"]


class Page(HTMLParser):
    """Elements, their attributes and the text of a page."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.pieces: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.pieces.append(data)

    def count(self, tag: str) -> int:
        return sum(name == tag for name, _ in self.elements)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.pieces).split())


SOLVER = SolverSummary(
    element="tet10",
    n_dofs=152301,
    method="multigrid",
    iterations=23,
    relative_residual=3e-9,
    energy_error=8e-7,
    ranks=2,
    newton_iterations=None,
    seconds=4.2,
)


def _outcome(load: str, strength: float, healed: float | None) -> LoadOutcome:
    return LoadOutcome(
        load=load,
        criterion="surface_strain",
        unit="N",
        strength=strength,
        strength_BW=strength / (72.0 * 9.81),
        activity_BW=None,
        first_yield=None,
        stiffness=3210.0,
        stiffness_unit="N/mm",
        healed_strength=healed,
        strength_loss_fraction=None if healed is None else 1.0 - strength / healed,
        strain_fold_ratio=None,
        strain_fold_threshold=None,
        weakest_point_mm=(-91.2, -120.4, -870.0),
        weakest_region="neck",
        weakest_mode="tension",
        solver=SOLVER,
    )


def _build(content: ReportContent, folder: Path) -> Page:
    path = folder / "report.html"
    write_html(compose_document(content, find_words(ENGLISH)), path)
    return Page(path.read_text(encoding="utf-8"))


def card() -> RiskCard:
    """Return the card of a virtual patient whose risk is intermediate."""
    rule = RULES["mirels"].judge(9.0, 11.0, unknown=("pain",))
    activities = {"walking": 0.01, "stumble": 0.10, "fall": 0.01}
    horizons = tuple(
        HorizonRisk(
            months=months,
            probability=0.12,
            interval_90=(0.0004, 0.35),
            median=0.03,
            above_interval=0.6,
            activities=activities,
        )
        for months in (1.0, 3.0, 6.0, 12.0)
    )
    return RiskCard(
        case_id="virtual-001",
        simulated=True,
        model="bologna-0.1.0-00000000",
        calibrated_to_outcomes=False,
        calibrated=None,
        assessable=True,
        not_assessable=(),
        risk_class="intermediate",
        class_interval=("low", "high"),
        intermediate_from=0.05,
        high_from=0.33,
        horizons=horizons,
        strengths=(),
        model_error_sd_of_ln=0.17,
        restriction="none",
        days_borne=1.0,
        chance_to_have_borne=0.97,
        what_if=(WhatIf(name="walking_only", probability=0.1, strength_factors=None),),
        rules=beside([rule, RULES["strain_fold_ratio"].cannot_judge("strains")], "intermediate"),
        reasons=(
            Reason(
                kind="activity",
                name="stumble",
                text="83 % of it",
                probability_without=0.02,
                strength_effect=None,
            ),
        ),
        uncertainty=(Share(name="chance", share=1.0),),
        flags=(),
        assumed=("3700 steps a day",),
        unverified=("activity stumble",),
    )


@pytest.fixture
def outcome() -> Callable[..., LoadOutcome]:
    """Make the outcome of a load from its name, strength and that of the twin, N."""
    return _outcome


@pytest.fixture
def build() -> Build:
    """Write a report into a folder and read its page."""
    return _build


@pytest.fixture
def png(tmp_path: Path) -> Path:
    from matplotlib.image import imsave

    path = tmp_path / "site.png"
    imsave(path, np.zeros((20, 800, 3)))
    return path


@pytest.fixture
def content(png: Path) -> ReportContent:
    return ReportContent(
        case_id="demo-0007",
        side="right",
        run_date=date(2026, 11, 23),
        software_version="0.1.0",
        preset="bologna",
        model="linear",
        tier="fe",
        simulated=False,
        mass_kg=72.0,
        standard_error_N=814.0,
        loads=(_outcome("stance", 5234.0, 7340.0), _outcome("fall", 2410.0, 2780.0)),
        rigidity=(),
        risk=card(),
        scan=ScanSummary(
            spacing_mm=(0.78, 0.78, 1.0),
            acquisition=Acquisition(
                tube_voltage_kV=120.0, exposure_mAs=87.0, scanner_model="SOMATOM Force"
            ),
        ),
        calibration=CalibrationSummary(
            method="average",
            label="uncalibrated",
            density_uncertainty_fraction=0.15,
            slope_g_per_cm3_per_HU=0.0008,
            intercept_g_per_cm3=-0.004,
            density_kind="CaHA",
            source="A paper",
            clamped_voxels=1000,
            total_voxels=50000,
            edge_voxels=1,
            edge_fraction=0.087,
            floor_MPa=10.0,
            floor_fraction=0.0123,
            extrapolated_fraction=0.31,
        ),
        mesh=MeshSummary(
            kind="tet10",
            n_cells=56474,
            n_points=12218,
            edge_length_mm=3.0,
            fallback=None,
            smallest_inverse_condition=0.214,
            smallest_dihedral_angle_deg=14.2,
            largest_dihedral_angle_deg=151.0,
            volume_error_fraction=-0.0042,
            n_surface_triangles=8210,
            surface_area_mm2=31234.0,
        ),
        shape=ShapeSummary(
            shaft="65 mm of shaft below the lesser trochanter",
            shaft_reference="shaft",
            head_radius_mm=24.3,
            neck_shaft_angle_deg=127.0,
            lesion_volume_mm3=5575.0,
        ),
        figures=(ReportFigure(png=png, caption="The weakest site"),),
        warnings=("The shaft is short.",),
        unverified=("Load direction of stance",),
        methods=(MethodStep(step="Modulus", description="E = 6850 rho^1.49", source="Morgan"),),
        versions={"gmsh": "4.15"},
    )
