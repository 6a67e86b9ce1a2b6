"""What the charts say, read from their SVG."""

import xml.etree.ElementTree as ET
from pathlib import Path

import numpy as np
import pytest

from femur_fea.errors import OutOfRangeError
from viz.charts import (
    CohortCase,
    draw_gauge,
    draw_rigidity,
    draw_rules,
    draw_strength_by_weight,
    draw_tornado,
    draw_waterfall,
)
from viz.charts.chart import open_chart

RULE = {
    "title": "<script>$x$</script>",
    "value": [9.0, 11.0],
    "unit": "points",
    "threshold": 9.0,
    "at_risk": "above",
    "verdict": "undecided",
    "agreement": "no verdict",
    "provenance": "unverified",
}


def words(path: Path) -> list[str]:
    """Return the texts of an SVG in the order in which they were drawn."""
    root = ET.parse(path).getroot()  # we wrote it
    return [
        "".join(each.itertext()).strip() for each in root.iter("{http://www.w3.org/2000/svg}text")
    ]


def test_the_section_that_lost_most_is_named_with_what_it_has_left(tmp_path: Path) -> None:
    position = np.arange(0.0, 50.0, 10.0)
    twin = np.full(5, 4e6)
    left = np.array([1.0, 0.9, 0.55, 0.8, 0.1])
    whole = np.array([1.0, 1.0, 1.0, 1.0, 0.0])  # the last one is not seen whole
    columns = {"position_mm": position, "complete": whole}
    for name, ratio in (("EA_N", "EA"), ("EI_small_N_mm2", "EI"), ("GJ_N_mm2", "GJ")):
        columns |= {name: left * twin, f"healed_{name}": twin, f"{ratio}_ratio": left}
    draw_rigidity(tmp_path / "a.svg", {"shaft": columns}, title="CTRA")
    assert words(tmp_path / "a.svg").count("least: 55 % of the twin's, at 20 mm") == 3


def test_the_gauge_states_every_probability_and_the_classes(tmp_path: Path) -> None:
    draw_gauge(
        tmp_path / "a.svg",
        [(1.0, 0.02, (0.0, 0.1)), (6.0, 0.14, (0.01, 0.9))],
        limits=(0.05, 0.33),
        class_months=6.0,
        title="Risk",
    )
    said = words(tmp_path / "a.svg")
    assert {"low", "intermediate", "high", "2 %", "14 %", "1 month", "6 months"} <= set(said)


def test_a_rule_is_told_with_range_threshold_and_doubt_and_its_name_stays_text(
    tmp_path: Path,
) -> None:
    draw_rules(tmp_path / "a.svg", [RULE], title="Rules")
    said = words(tmp_path / "a.svg")
    assert {"<script>$x$</script>", "9 to 11", "from 9*"} <= set(said)
    assert any("undecided" in each for each in said)
    assert "<script>" not in (tmp_path / "a.svg").read_text(encoding="utf-8")


def test_the_widest_source_stands_above_and_one_without_an_error_below(tmp_path: Path) -> None:
    draw_tornado(
        tmp_path / "a.svg",
        [("narrow", 0.2), ("wide", 0.8), ("unstated", 0.0)],
        strength=4000.0,
        sd_of_ln=0.2,
        interval=(2900.0, 5500.0),
        unit="N",
        title="Tornado",
    )
    said = words(tmp_path / "a.svg")
    assert said.index("wide") < said.index("narrow")
    assert any(each.endswith("states its error: unstated") for each in said)
    assert "80 % of the variance" in said


def test_femora_are_counted_on_either_side_of_the_threshold(tmp_path: Path) -> None:
    strengths = (4000.0, 5999.0, 6001.0, float("nan"))
    cases = [
        CohortCase(case_id=f"c{k}", body_weight=800.0, strength=value, loss=float("nan"))
        for k, value in enumerate(strengths)
    ]
    path = tmp_path / "a.svg"
    assert draw_strength_by_weight(path, cases, threshold=7.5, title="Cohort") == 3
    assert {"below 7.5 body weights: 2", "7.5 body weights or more: 1"} <= set(words(path))
    with pytest.raises(OutOfRangeError, match="loss of strength"):
        draw_waterfall(path, cases, title="Losses")


def test_the_largest_loss_stands_first(tmp_path: Path) -> None:
    cases = [
        CohortCase(case_id=name, body_weight=800.0, strength=4000.0, loss=loss)
        for name, loss in (("small", 0.1), ("large", 0.6), ("unknown", float("nan")))
    ]
    assert draw_waterfall(tmp_path / "a.svg", cases, title="Losses") == 2
    said = words(tmp_path / "a.svg")
    assert said.index("large") < said.index("small")
    assert "unknown" not in said


def test_the_same_chart_gives_the_same_file(tmp_path: Path) -> None:
    for name in ("a.svg", "b.svg"):
        draw_rules(tmp_path / name, [RULE], title="Rules")
    assert (tmp_path / "a.svg").read_bytes() == (tmp_path / "b.svg").read_bytes()


@pytest.mark.parametrize("inches", [4.0, 7.0, 10.0])
def test_a_title_is_within_the_picture_however_long_it_is(inches: float) -> None:
    title = "Slices through the weakest site, stance at 1,000 N; fails at 3,752 N (simulated)"
    figure = open_chart(title, size=(inches, 5.0))
    axes = figure.subplots()
    figure.canvas.draw()
    (drawn,) = [text for text in figure.texts if text.get_text() == title]
    words, page = drawn.get_window_extent(), figure.bbox
    assert page.x0 <= words.x0
    assert words.x1 <= page.x1
    assert words.y1 <= page.y1
    assert axes.get_tightbbox().y1 <= words.y0
