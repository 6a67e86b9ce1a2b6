"""docs/artefacts.md against the JSON files of the demonstration, both ways."""

from pathlib import Path
from typing import Any

from femur_fea.io import read_json


def test_every_key_that_a_run_writes_is_explained(demo: Path, artefacts: Any) -> None:
    assert artefacts.unexplained(demo / "virtual-0") == []


def test_a_key_that_nobody_explained_is_found(artefacts: Any, tmp_path: Path) -> None:
    (tmp_path / "strength.json").write_text('{"loads": {"stance": {"strength_kN": 5.1}}}')
    assert artefacts.unexplained(tmp_path) == ["strength.json: loads.stance.strength_kN"]


def test_the_result_holds_every_key_that_is_explained(demo: Path, artefacts: Any) -> None:
    """Keys of a unit are all there, null in the other one; two exist in their unit alone."""
    strength = read_json(demo / "virtual-0/strength.json")
    moments = ("interval_standard_error_Nm",)
    absent = artefacts.absent("strength.json", strength)
    assert [key for key in absent if not key.endswith(moments)] == []
