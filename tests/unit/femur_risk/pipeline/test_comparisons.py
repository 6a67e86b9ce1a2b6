"""Strength over body weight takes the load that its authors took, where there is one."""

from pathlib import Path
from typing import Any

import pytest

from femur_fea.io import write_json
from femur_risk.comparators import Comparison
from femur_risk.config import RunConfig
from femur_risk.pipeline import layout
from femur_risk.pipeline.comparisons import compare_rules
from femur_risk.pipeline.run import Run
from femur_risk.pipeline.stages import STAGES


def over_weight(folder: Path, preset: str, loads: dict[str, float | None]) -> Comparison:
    content: dict[str, Any] = {
        "preset": preset,
        "loads": {name: {"strength_BW": value} for name, value in loads.items()},
    }
    write_json(folder / layout.STRENGTH, content)
    run = Run(
        case_id="case",
        folder=folder,
        config=RunConfig(),
        inputs={},
        input_sha256={},
        listener=lambda _: None,
        ranks=1,
        chain=STAGES,
    )
    return next(each for each in compare_rules(run) if each.rule == "strength_over_weight")


def test_the_model_and_load_of_its_authors_leave_nothing_unknown(tmp_path: Path) -> None:
    found = over_weight(tmp_path, "nijmegen", {"axial": 7.4})
    assert (found.verdict, found.value, found.unknown) == ("at risk", (7.4, 7.4), ())


def test_an_axial_load_comes_before_stance(tmp_path: Path) -> None:
    found = over_weight(tmp_path, "bologna", {"stance": 5.0, "fall": 3.0, "axial": 8.0})
    assert (found.verdict, found.value) == ("not at risk", (8.0, 8.0))
    assert found.unknown == ("its own model: preset nijmegen",)


def test_stance_stands_for_it_and_says_what_would_give_it(tmp_path: Path) -> None:
    found = over_weight(tmp_path, "bologna", {"stance": 5.0, "fall": 3.0})
    assert found.value == (5.0, 5.0)
    assert "--loads with axial" in found.unknown[1]


@pytest.mark.parametrize("loads", [{"fall": 3.0}, {"axial": None}])
def test_without_load_or_mass_it_is_not_assessable(
    tmp_path: Path, loads: dict[str, float | None]
) -> None:
    found = over_weight(tmp_path, "nijmegen", loads)
    assert (found.verdict, found.value) == ("not assessable", None)
