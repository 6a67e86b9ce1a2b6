"""What the report says, read back from its HTML."""

import base64
from dataclasses import replace
from datetime import date
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest

from femur_fea.domain import Acquisition
from femur_fea.errors import InputError, MissingInputError
from femur_risk.report import (
    CalibrationSummary,
    LoadOutcome,
    MeshSummary,
    MethodStep,
    ReportContent,
    ReportFigure,
    RigiditySummary,
    ScanSummary,
    ShapeSummary,
    SolverSummary,
    SourceShare,
    build_report,
)

HOSTILE = "<script>alert('x')</script>\"><img src=http://evil.example/a.png> {{ 7 * 7 }}"


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


def outcome(load: str, strength: float, healed: float | None) -> LoadOutcome:
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
        loads=(outcome("stance", 5234.0, 7340.0), outcome("fall", 2410.0, 2780.0)),
        rigidity=(),
        scan=ScanSummary(
            spacing_mm=(0.78, 0.78, 1.0),
            acquisition=Acquisition(
                tube_voltage_kV=120.0, exposure_mAs=87.0, scanner_model="SOMATOM Force"
            ),
        ),
        calibration=CalibrationSummary(
            method="average line",
            label="uncalibrated",
            density_uncertainty_fraction=0.15,
            slope_g_per_cm3_per_HU=0.0008,
            intercept_g_per_cm3=-0.004,
            density_kind="CaHA",
            source="A paper",
            flags=(),
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
            shaft_length_mm=104.0,
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


def build(content: ReportContent, folder: Path) -> Page:
    path = folder / "report.html"
    build_report(content, path)
    return Page(path.read_text(encoding="utf-8"))


def test_the_report_says_strength_loss_and_weakest_site_of_every_load(
    content: ReportContent, tmp_path: Path
) -> None:
    text = build(content, tmp_path).text
    assert "Stance 5,230 N 7.41 3,210 N/mm 7,340 N 28.7 % neck, tension -91, -120, -870" in text
    assert "Sideways fall 2,410 N 3.41 3,210 N/mm 2,780 N 13.3 %" in text


def test_every_load_has_its_own_sentence_for_their_forces_do_not_compare(
    content: ReportContent, tmp_path: Path
) -> None:
    text = build(content, tmp_path).text
    assert (
        "Sideways fall: the right femur carries 2,410 N (3.41 times body weight), 13.3 % less "
        "than its lesion-free twin; it fails first in the neck region, in tension."
    ) in text
    assert "Stance: the right femur carries 5,230 N" in text


@pytest.mark.parametrize(
    ("agent", "said"), [(None, "not stated"), (True, "given"), (False, "not given")]
)
def test_the_report_says_how_the_scan_was_made(
    content: ReportContent, tmp_path: Path, agent: bool | None, said: str
) -> None:
    facts = replace(content.scan.acquisition, contrast_agent=agent, gantry_tilt_deg=12.0)
    scan = replace(content.scan, acquisition=facts)
    text = build(replace(content, scan=scan), tmp_path).text
    assert "Tube voltage 120 kV Exposure 87 mAs" in text
    assert "Gantry tilt 12 degrees" in text
    assert f"Contrast agent {said}" in text
    assert "Scanner SOMATOM Force" in text


def test_a_moment_is_told_in_newton_metres_and_not_in_body_weights(
    content: ReportContent, tmp_path: Path
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


def test_a_family_names_its_weakest_direction(content: ReportContent, tmp_path: Path) -> None:
    fall = replace(outcome("fall_grid", 2000.0, None), weakest_direction="fall_ad30_ir10")
    text = build(replace(content, loads=(fall,)), tmp_path).text
    told = "Sideways fall in 28 directions, weakest in fall_ad30_ir10: the right femur"
    assert told in text


def test_strength_stands_beside_what_the_activity_takes(
    content: ReportContent, tmp_path: Path
) -> None:
    stumble = replace(outcome("stumble", 5000.0, None), activity_BW=8.7)
    text = build(replace(content, loads=(stumble,)), tmp_path).text
    assert "(7.08 times body weight; the activity takes 8.7)" in text


def test_first_yield_and_strain_fold_have_columns_and_the_threshold_a_note(
    content: ReportContent, tmp_path: Path
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
    assert "28.7 % 1.62 neck" in text
    assert "its published threshold is 1.48." in text


def test_rigidity_is_told_by_part_with_what_the_lesion_leaves_of_it(
    content: ReportContent, tmp_path: Path
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


def test_what_the_numbers_are_worth_stands_beside_them(
    content: ReportContent, tmp_path: Path
) -> None:
    text = build(content, tmp_path).text
    assert "Calibration: uncalibrated; standard uncertainty of density 15 %" in text
    assert "a standard error of 814 N against experiments" in text


def test_an_interval_stands_beside_its_strength_with_the_share_of_every_source(
    content: ReportContent, tmp_path: Path
) -> None:
    sources = (
        SourceShare(
            name="density-modulus law",
            sd=0.19,
            unit="of ln E",
            share=0.8,
            share_of_loss=0.0,
            provenance="unverified",
            source="specimens",
        ),
        SourceShare(
            name="point of application",
            sd=None,
            unit="mm",
            share=0.0,
            share_of_loss=0.0,
            provenance="not stated",
            source="nothing is read",
        ),
    )
    stance = replace(
        content.loads[0],
        interval_90=(4100.0, 6700.0),
        loss_interval_90=(0.25, 0.33),
        sources=sources,
    )
    text = build(replace(content, loads=(stance,)), tmp_path).text
    assert "4,100 to 6,700 N" in text
    assert "90 % interval of the loss against the lesion-free twin 25 % to 33 %" in text
    assert "Stance density-modulus law 0.19 of ln E 80 % 0 % unverified specimens" in text
    assert "Stance point of application not stated 0 % 0 % not stated nothing is read" in text
    assert "standard uncertainty of density 15 %, in the 90 % intervals" in text


def test_a_virtual_patient_is_called_simulated(content: ReportContent, tmp_path: Path) -> None:
    assert "Simulated: a virtual patient." not in build(content, tmp_path).text
    assert "Simulated: a virtual patient." in build(replace(content, simulated=True), tmp_path).text


def test_a_single_load_without_lesion_or_mass_makes_a_shorter_report(
    content: ReportContent, tmp_path: Path
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


def test_the_twin_has_one_name_throughout(content: ReportContent, tmp_path: Path) -> None:
    text = build(content, tmp_path).text.lower()
    assert text.count("lesion-free twin") >= 3
    assert "healed" not in text


def test_an_uncertainty_that_is_not_stated_is_not_said_to_be_none(
    content: ReportContent, tmp_path: Path
) -> None:
    unknown = replace(content.calibration, density_uncertainty_fraction=None)
    text = build(replace(content, calibration=unknown), tmp_path).text
    assert "Density uncertainty (1 SD) not stated" in text


def test_a_bone_that_yields_is_told_in_words_of_yield(
    content: ReportContent, tmp_path: Path
) -> None:
    solver = replace(
        SOLVER, n_dofs=25281, iterations=468, energy_error=None, newton_iterations=34, seconds=11.9
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
    content: ReportContent, tmp_path: Path, criterion: str, meaning: str
) -> None:
    load = replace(content.loads[0], criterion=criterion)
    text = build(replace(content, model="nonlinear", loads=(load,)), tmp_path).text
    assert meaning in text
    assert text.count("Strength (") == 1


def test_every_solve_of_bone_and_twin_has_a_row(content: ReportContent, tmp_path: Path) -> None:
    both = replace(content.loads[0], healed_solver=replace(SOLVER, iterations=24))
    text = build(replace(content, loads=(both,)), tmp_path).text
    assert "Stance tet10 152,301 multigrid 23 3.0e-09 8.0e-07 2 4.2" in text
    assert "Stance, lesion-free twin tet10 152,301 multigrid 24 3.0e-09 8.0e-07 2 4.2" in text


def test_the_force_of_a_plate_stands_beside_the_strength(
    content: ReportContent, tmp_path: Path
) -> None:
    fall = replace(content.loads[1], plate_force_N=2890.0)
    text = build(replace(content, loads=(fall,)), tmp_path).text
    assert "the plate under the trochanter then presses with 2,890 N" in text


@pytest.mark.parametrize("loss", [-1e-7, -4e-4, 4e-4])
def test_a_loss_that_round_off_makes_is_zero_without_a_sign(
    content: ReportContent, tmp_path: Path, loss: float
) -> None:
    load = replace(content.loads[0], strength_loss_fraction=loss)
    text = build(replace(content, loads=(load,)), tmp_path).text
    assert " 0 % neck" in text
    assert "-0" not in text.split("neck, tension")[0].split("Load Strength")[1]


def test_a_law_without_a_range_is_said_to_have_none(content: ReportContent, tmp_path: Path) -> None:
    unknown = replace(content.calibration, extrapolated_fraction=None)
    text = build(replace(content, calibration=unknown), tmp_path).text
    assert "outside the density range of the law not known" in text


def test_a_lesion_free_twin_that_is_weaker_is_said_to_be_so(
    content: ReportContent, tmp_path: Path
) -> None:
    blastic = replace(content, loads=(outcome("stance", 5500.0, 5000.0),))
    assert "10 % more than its lesion-free twin" in build(blastic, tmp_path).text


def test_hostile_strings_stay_text(content: ReportContent, png: Path, tmp_path: Path) -> None:
    hostile = replace(
        content,
        case_id=HOSTILE,
        preset=HOSTILE,
        warnings=(HOSTILE,),
        unverified=(HOSTILE,),
        figures=(ReportFigure(png=png, caption=HOSTILE),),
        methods=(MethodStep(step=HOSTILE, description=HOSTILE, source=HOSTILE),),
        versions={HOSTILE: HOSTILE},
        loads=(replace(content.loads[0], weakest_region=HOSTILE, load=HOSTILE),),
    )
    page = build(hostile, tmp_path)
    assert page.count("script") == 0
    assert page.count("img") == 1
    assert page.text.count("{{ 7 * 7 }}") >= 8
    assert "49 " not in page.text


def test_the_report_fetches_nothing(content: ReportContent, tmp_path: Path) -> None:
    page = build(content, tmp_path)
    assert page.count("script") == page.count("link") == page.count("iframe") == 0
    sources = [attrs[key] for _, attrs in page.elements for key in ("src", "href") if key in attrs]
    assert sources
    assert all(source.startswith("data:image/png;base64,") for source in sources)
    policy = [a["content"] for _, a in page.elements if a.get("http-equiv")]
    assert policy == ["default-src 'none'; img-src data:; style-src 'unsafe-inline'"]


def test_the_embedded_picture_is_the_file(
    content: ReportContent, png: Path, tmp_path: Path
) -> None:
    page = build(content, tmp_path)
    (attributes,) = [attrs for name, attrs in page.elements if name == "img"]
    encoded = attributes["src"].removeprefix("data:image/png;base64,")
    assert base64.b64decode(encoded) == png.read_bytes()
    assert attributes["alt"] == "The weakest site"
    assert attributes["style"] == "width: 50.0%", "800 of 1600 pixels"


def test_an_uncalibrated_density_catches_the_eye(content: ReportContent, tmp_path: Path) -> None:
    alarms = [
        attrs for _, attrs in build(content, tmp_path).elements if attrs.get("class") == "alarm"
    ]
    assert len(alarms) == 1
    calibrated = replace(content.calibration, label="phantom")
    page = build(replace(content, calibration=calibrated), tmp_path)
    assert not [attrs for _, attrs in page.elements if attrs.get("class") == "alarm"]


def test_each_flag_of_the_calibration_stands_in_the_report(
    content: ReportContent, tmp_path: Path
) -> None:
    flags = ("The tube voltage is unknown.", "A rod is absent.")
    page = build(replace(content, calibration=replace(content.calibration, flags=flags)), tmp_path)
    assert all(flag in page.text for flag in flags)


def test_the_report_says_how_far_to_trust_its_inputs(
    content: ReportContent, tmp_path: Path
) -> None:
    text = build(content, tmp_path).text
    for fact in (
        "Density uncertainty (1 SD) 15 %",
        "1,000 of 50,000 (2 %)",
        "8.7 % (edge of 1 voxel)",
        "1.23 % (floor 10 MPa)",
        "56,474 tet10",
        "0.8 mg/cm3 per HU, -4 mg/cm3 at 0 HU (CaHA)",
        "Bone outside the density range of the law 31 %",
        "Surface 8,210 triangles, 312 cm2",
        "Dihedral angles 14 to 151 degrees",
        "Worst cell, inverse condition (1 is ideal) 0.214",
        "Volume, mesh against mask -0.42 %",
        "Shaft length seen 104 mm",
        "Lesion volume 5.58 cm3",
        "Stance tet10 152,301 multigrid 23 3.0e-09 8.0e-07 2 4.2",
        "that were not checked against their source: Load direction of stance.",
        "The shaft is short.",
        "Load direction of stance",
        "Modulus E = 6850 rho^1.49 Morgan",
        "gmsh 4.15",
        "2026-11-23",
        "Research use only: not a medical device",
    ):
        assert fact in text


def test_a_figure_that_was_not_drawn_leaves_no_report(
    content: ReportContent, tmp_path: Path
) -> None:
    lost = ReportFigure(png=tmp_path / "lost.png", caption="Lost")
    with pytest.raises(MissingInputError, match=r"lost\.png"):
        build_report(replace(content, figures=(lost,)), tmp_path / "report.html")
    assert not (tmp_path / "report.html").exists()


def test_a_report_without_a_load_is_refused(content: ReportContent) -> None:
    with pytest.raises(InputError, match="without a load"):
        replace(content, loads=())
