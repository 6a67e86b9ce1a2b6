"""What the report says of scan, calibration and figures, and that it stays a page of its own."""

import base64
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from femur_fea.errors import InputError, MissingInputError
from femur_risk.report import (
    ENGLISH,
    MethodStep,
    ReportContent,
    ReportFigure,
    SourceShare,
    compose_document,
    find_words,
    write_html,
)

type Build = Callable[[ReportContent, Path], Any]  # the page, as elements and text

HOSTILE = "<script>alert('x')</script>\"><img src=http://evil.example/a.png> {{ 7 * 7 }}"


@pytest.mark.parametrize(
    ("agent", "said"), [(None, "not stated"), (True, "given"), (False, "not given")]
)
def test_the_report_says_how_the_scan_was_made(
    build: Build, content: ReportContent, tmp_path: Path, agent: bool | None, said: str
) -> None:
    facts = replace(content.scan.acquisition, contrast_agent=agent, gantry_tilt_deg=12.0)
    scan = replace(content.scan, acquisition=facts)
    text = build(replace(content, scan=scan), tmp_path).text
    assert "Tube voltage 120 kV Exposure 87 mAs" in text
    assert "Gantry tilt 12 degrees" in text
    assert f"Contrast agent {said}" in text
    assert "Scanner SOMATOM Force" in text


def test_what_the_numbers_are_worth_stands_beside_them(
    build: Build, content: ReportContent, tmp_path: Path
) -> None:
    text = build(content, tmp_path).text
    assert "Calibration: uncalibrated; standard uncertainty of density 15 %" in text
    assert "a standard error of 814 N against experiments" in text


def test_an_interval_stands_beside_its_strength_with_the_share_of_every_source(
    build: Build, content: ReportContent, tmp_path: Path
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
    assert (
        "Stance point of application not stated not stated not stated not stated nothing is read"
        in text
    )
    assert "standard uncertainty of density 15 %, in the 90 % intervals" in text


def test_a_virtual_patient_is_called_simulated(
    build: Build, content: ReportContent, tmp_path: Path
) -> None:
    assert "Simulated: a virtual patient." not in build(content, tmp_path).text
    assert "Simulated: a virtual patient." in build(replace(content, simulated=True), tmp_path).text


def test_an_uncertainty_that_is_not_stated_is_not_said_to_be_none(
    build: Build, content: ReportContent, tmp_path: Path
) -> None:
    unknown = replace(content.calibration, density_uncertainty_fraction=None)
    text = build(replace(content, calibration=unknown), tmp_path).text
    assert "Density uncertainty (1 SD) not stated" in text


def test_a_law_without_a_range_is_said_to_have_none(
    build: Build, content: ReportContent, tmp_path: Path
) -> None:
    unknown = replace(content.calibration, extrapolated_fraction=None)
    text = build(replace(content, calibration=unknown), tmp_path).text
    assert "outside the density range of the law not known" in text


def test_hostile_strings_stay_text(
    build: Build, content: ReportContent, png: Path, tmp_path: Path
) -> None:
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


def test_the_report_fetches_nothing(build: Build, content: ReportContent, tmp_path: Path) -> None:
    page = build(content, tmp_path)
    assert page.count("script") == page.count("link") == page.count("iframe") == 0
    sources = [attrs[key] for _, attrs in page.elements for key in ("src", "href") if key in attrs]
    assert sources
    assert all(source.startswith("data:image/png;base64,") for source in sources)
    policy = [a["content"] for _, a in page.elements if a.get("http-equiv")]
    assert policy == ["default-src 'none'; img-src data:; style-src 'unsafe-inline'"]


def test_the_embedded_picture_is_the_file(
    build: Build, content: ReportContent, png: Path, tmp_path: Path
) -> None:
    page = build(content, tmp_path)
    (attributes,) = [attrs for name, attrs in page.elements if name == "img"]
    encoded = attributes["src"].removeprefix("data:image/png;base64,")
    assert base64.b64decode(encoded) == png.read_bytes()
    assert attributes["alt"] == "The weakest site"
    assert attributes["style"] == "width: 50.0%", "800 of 1600 pixels"


def test_an_uncalibrated_density_catches_the_eye(
    build: Build, content: ReportContent, tmp_path: Path
) -> None:
    alarms = [
        attrs for _, attrs in build(content, tmp_path).elements if attrs.get("class") == "alarm"
    ]
    assert len(alarms) == 1
    calibrated = replace(content.calibration, label="phantom", method="phantom")
    page = build(replace(content, calibration=calibrated), tmp_path)
    assert not [attrs for _, attrs in page.elements if attrs.get("class") == "alarm"]


def test_the_report_says_how_far_to_trust_its_inputs(
    build: Build, content: ReportContent, tmp_path: Path
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
        "Shaft seen 65 mm of shaft below the lesser trochanter",
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
        write_html(
            compose_document(replace(content, figures=(lost,)), find_words(ENGLISH)),
            tmp_path / "report.html",
        )
    assert not (tmp_path / "report.html").exists()


def test_a_report_without_a_load_is_refused(content: ReportContent) -> None:
    with pytest.raises(InputError, match="without a load"):
        replace(content, loads=())
