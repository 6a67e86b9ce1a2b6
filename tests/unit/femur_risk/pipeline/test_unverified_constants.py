"""Which constants that nobody checked a run rests on."""

import json
from pathlib import Path

import pytest

from femur_risk.config import RunConfig
from femur_risk.pipeline import layout
from femur_risk.pipeline.choices import unverified_constants


@pytest.mark.parametrize(
    ("provenance", "named"), [("unverified", True), ("published", False), ("user", False)]
)
def test_a_calibration_that_nobody_checked_is_among_the_unverified_constants(
    provenance: str, named: bool, tmp_path: Path
) -> None:
    write_curve(tmp_path, provenance, "user")
    found = unverified_constants(RunConfig(), tmp_path)
    assert ("calibration average" in found) is named
    assert "standard errors of calibration average" not in found


def test_errors_of_a_calibration_that_nobody_checked_are_named_beside_its_known_line(
    tmp_path: Path,
) -> None:
    write_curve(tmp_path, "user", "unverified")
    found = unverified_constants(RunConfig(), tmp_path)
    assert "standard errors of calibration average" in found
    assert "calibration average" not in found


def write_curve(folder: Path, provenance: str, error_provenance: str) -> None:
    content = {
        "method": "average",
        "provenance": provenance,
        "error_provenance": error_provenance,
    }
    (folder / layout.CURVE).parent.mkdir()
    (folder / layout.CURVE).write_text(json.dumps(content))


def test_standard_deviations_that_nobody_checked_are_named_once_and_others_are_not(
    tmp_path: Path,
) -> None:
    sources = [
        {"name": "calibration", "provenance": "unverified"},  # is named as a calibration
        {"name": "the law", "provenance": "unverified"},
        {"name": "the angle", "provenance": "published"},
        {"name": "the point", "provenance": "not stated"},
    ]
    content = {"loads": {name: {"sources": sources} for name in ("stance", "fall")}}
    (tmp_path / layout.UNCERTAINTY).parent.mkdir()
    (tmp_path / layout.UNCERTAINTY).write_text(json.dumps(content))
    before = unverified_constants(RunConfig(), tmp_path / "nothing here")
    found = unverified_constants(RunConfig(), tmp_path)
    assert found == (*before, "scatter (the law)")


def test_a_load_that_nobody_checked_is_named_only_where_it_is_chosen(tmp_path: Path) -> None:
    both = RunConfig.model_validate({"loads": {"names": ["stance", "fall"]}})
    stance = RunConfig.model_validate({"loads": {"names": ["stance"]}})
    assert "load fall" in unverified_constants(both, tmp_path)
    assert "load fall" not in unverified_constants(stance, tmp_path)


def test_the_constants_of_a_cortex_with_a_direction_are_named_as_unverified(tmp_path: Path) -> None:
    directed = RunConfig.model_validate({"mapping": {"cortex": "transversely_isotropic"}})
    name = "cortex reilly_burstein_1975"
    assert name in unverified_constants(directed, tmp_path)
    assert name not in unverified_constants(RunConfig(), tmp_path)
