"""What should be known before a density is trusted."""

import pytest

from calibration import (
    Calibration,
    Reference,
    average_line,
    fit_line,
    fixed_line,
    flags_of_fit,
    flags_of_line,
)


@pytest.mark.parametrize(("voltage", "found"), [(None, "unknown"), (100.0, "100 kV")])
def test_a_line_from_elsewhere_may_be_of_another_voltage_than_the_scan(
    voltage: float | None, found: str
) -> None:
    (flag,) = flags_of_line(fixed_line(0.0008, 0.0, "CaHA", relative_uncertainty=0.05), voltage)
    assert flag.name == "tube voltage"
    assert found in flag.found
    assert flag.severity == ("note" if voltage is None else "caution")
    # the largest effect on strength in Table 4 of the source
    assert (flag.effect.fraction, flag.effect.provenance) == (0.14, "published")
    assert "doi:10.1371/journal.pone.0265524" in flag.effect.source
    assert "up to 14%" in flag.sentence


def test_a_line_whose_error_is_not_stated_is_flagged() -> None:
    (flag,) = flags_of_line(fixed_line(0.0008, 0.0, "CaHA"), 120.0)
    assert (flag.name, flag.severity) == ("no stated error", "caution")


def test_a_line_of_the_usual_voltage_has_no_flag() -> None:
    assert flags_of_line(fixed_line(0.0008, 0.0, "CaHA", relative_uncertainty=0.05), 120.0) == ()


@pytest.mark.parametrize(("intercept", "flagged"), [(0.06, True), (-0.06, True), (0.04, False)])
def test_water_with_mineral_is_flagged(intercept: float, flagged: bool) -> None:
    flags = flags_of_line(fixed_line(0.0008, intercept, "CaHA", relative_uncertainty=0.05), 120.0)
    assert [flag.name for flag in flags] == ["intercept"] * flagged


def test_an_average_line_of_an_unknown_voltage_is_a_mean_over_voltages() -> None:
    *_, flag = flags_of_line(average_line(None), None)
    assert (flag.name, flag.severity) == ("tube voltage", "caution")
    assert "the mean over those from 80 to 140 kV" in flag.found


def test_an_average_line_is_no_calibration() -> None:
    (flag,) = flags_of_line(average_line(120.0), 120.0)
    assert flag.name == "no calibration"
    assert "15%" in flag.found
    assert "threshold" not in flag.effect.source  # there is none: every average line is flagged


def test_references_off_the_line_and_far_from_cortical_density_are_flagged() -> None:
    numbers = ((0.0, 0.0), (0.1, 150.0), (0.2, 250.0))
    references = [
        Reference(name="rod", rho=rho, rho_se=0.001, hu=hu, hu_se=1.0) for rho, hu in numbers
    ]
    curve = fit_line(
        references,
        kind="CaHA",
        method="phantom",
        label="phantom",
        provenance="user",
        error_provenance="user",
        source="a test",
    )
    assert [flag.name for flag in flags_of_fit(curve)] == ["misfit", "extrapolation"]
    written = Calibration(curve=curve, flags=flags_of_fit(curve)).to_dict()["flags"][0]
    assert written["text"] == flags_of_fit(curve)[0].sentence
    assert (written["severity"], written["effect"]) == ("caution", None)


@pytest.mark.parametrize(("slope", "flagged"), [(1.38e-3, True), (0.4e-3, True), (0.78e-3, False)])
def test_rods_on_a_line_that_no_usual_voltage_gives_are_flagged(
    slope: float, flagged: bool
) -> None:
    references = [
        Reference(name="rod", rho=rho, rho_se=0.001, hu=rho / slope, hu_se=1.0)
        for rho in (0.0, 0.2, 0.8)
    ]
    curve = fit_line(
        references,
        kind="CaHA",
        method="phantom",
        label="phantom",
        provenance="user",
        error_provenance="user",
        source="a test",
    )
    assert [(flag.name, flag.severity) for flag in flags_of_fit(curve)] == (
        [("slope", "caution")] * flagged
    )
