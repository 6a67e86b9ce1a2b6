"""docs/artefacts.md against the JSON files of the demonstration, both ways."""

from pathlib import Path
from typing import Any

from femur_fea.io import read_json
from femur_risk.assessment import RiskCard
from femur_risk.comparators import RULES


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


def test_the_result_holds_every_key_that_is_explained(demo: Path, artefacts: Any) -> None:
    """Keys of a unit are all there, null in the other one; two exist in their unit alone."""
    strength = read_json(demo / "virtual-4547/strength.json")
    moments = ("interval_standard_error_Nm",)
    absent = artefacts.absent("strength.json", strength)
    assert [key for key in absent if not key.endswith(moments)] == []
