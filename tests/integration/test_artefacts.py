"""docs/artefacts.md against the JSON files of the demonstration, both ways."""

from pathlib import Path
from typing import Any

from femur_fea.io import read_json, write_json
from femur_risk.assessment import RiskCard
from femur_risk.cohort.columns import result_columns, values_of
from femur_risk.comparators import RULES
from femur_risk.pipeline import layout


def test_every_key_that_a_run_writes_is_explained(demo: Path, artefacts: Any) -> None:
    assert artefacts.unexplained(demo / "virtual-4547") == []


def test_a_key_that_nobody_explained_is_found(artefacts: Any, tmp_path: Path) -> None:
    (tmp_path / "strength.json").write_text('{"loads": {"stance": {"strength_kN": 5.1}}}')
    assert artefacts.unexplained(tmp_path) == ["strength.json: loads.stance.strength_kN"]


def test_the_risk_of_a_run_is_a_whole_card(demo: Path) -> None:
    content = read_json(demo / "virtual-4547/risk.json")
    card = RiskCard.model_validate({k: v for k, v in content.items() if k != "schema_version"})
    assert card.assessable
    assert card.simulated
    assert [horizon.months for horizon in card.horizons] == [1.0, 3.0, 6.0, 12.0]
    assert {rule.name for rule in card.rules} == set(RULES)
    grown = next(each for each in card.what_if if each.name == "lesion 10 % larger")
    # a little weaker, or not in a fall: far less than the lesion itself takes
    assert all(0.9 < factor < 1.005 for factor in (grown.strength_factors or {}).values())


def test_a_row_of_a_cohort_holds_the_card_or_why_there_is_none(demo: Path, tmp_path: Path) -> None:
    (case,) = (path.parent for path in demo.glob("*/risk.json"))
    columns = [each for each in result_columns(("stance",)) if each.file == layout.RISK]
    card = read_json(case / layout.RISK)
    row = values_of(case, columns)
    now = card["horizons"][2]
    assert row["fracture_probability_6_months"] == now["probability"]
    assert row["fracture_probability_6_months_median"] == now["median"]
    assert row["risk_class"] == card["risk_class"]
    assert row["risk_model"] == card["model"]
    assert row["risk_not_assessable"] is None
    assert row["calibrated_probability_6_months"] is None
    without = {"assessable": False, "not_assessable": ["no mass", "no interval"], "horizons": []}
    write_json(tmp_path / layout.RISK, card | without | {"risk_class": None})
    row = values_of(tmp_path, columns)
    assert row["risk_not_assessable"] == "no mass; no interval"
    assert row["fracture_probability_6_months"] is None
    assert row["mirels_verdict"] == card["rules"][0]["verdict"]


def test_the_result_holds_every_key_that_is_explained(demo: Path, artefacts: Any) -> None:
    """Keys of a unit are all there, null in the other one; two exist in their unit alone."""
    strength = read_json(demo / "virtual-4547/strength.json")
    moments = ("interval_standard_error_Nm",)
    absent = artefacts.absent("strength.json", strength)
    assert [key for key in absent if not key.endswith(moments)] == []
