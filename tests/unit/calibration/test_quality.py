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
    flags_of_scan,
)
from femur_fea.domain import Acquisition


def names(acquisition: Acquisition, *, line_is_of_scan: bool) -> list[str]:
    return [flag.name for flag in flags_of_scan(acquisition, line_is_of_scan=line_is_of_scan)]


@pytest.mark.parametrize(
    ("voltage", "expected"),
    [(120.0, []), (None, ["tube_voltage_unknown"]), (100.0, ["tube_voltage_unusual"])],
)
def test_a_line_from_elsewhere_may_be_of_another_voltage_than_the_scan(
    voltage: float | None, expected: list[str]
) -> None:
    assert names(Acquisition(tube_voltage_kV=voltage), line_is_of_scan=False) == expected
    assert names(Acquisition(tube_voltage_kV=voltage), line_is_of_scan=True) == []


@pytest.mark.parametrize("line_is_of_scan", [True, False])
def test_a_contrast_agent_is_flagged_for_every_method(line_is_of_scan: bool) -> None:
    acquisition = Acquisition(tube_voltage_kV=120.0, contrast_agent=True)
    assert names(acquisition, line_is_of_scan=line_is_of_scan) == ["contrast_agent"]


def test_an_average_line_is_no_calibration() -> None:
    (flag,) = flags_of_line(average_line(120.0))
    assert "15 %" in flag.text
    assert flags_of_line(fixed_line(0.0008, 0.0, "CaHA")) == ()


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
        source="a test",
    )
    assert [flag.name for flag in flags_of_fit(curve)] == ["misfit", "extrapolation"]
    assert Calibration(curve=curve, flags=flags_of_fit(curve)).to_dict()["flags"][0]["text"]
