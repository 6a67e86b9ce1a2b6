"""Figures without a bone: what a run and a cohort say in numbers, as PNG or, by suffix, SVG."""

from viz.charts.cohort import CohortCase, draw_strength_by_weight, draw_waterfall
from viz.charts.gauge import draw_gauge
from viz.charts.rigidity import draw_rigidity
from viz.charts.rules import draw_rules
from viz.charts.tornado import draw_tornado

__all__ = [
    "CohortCase",
    "draw_gauge",
    "draw_rigidity",
    "draw_rules",
    "draw_strength_by_weight",
    "draw_tornado",
    "draw_waterfall",
]
