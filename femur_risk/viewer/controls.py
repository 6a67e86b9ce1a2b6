"""What is chosen with, and what was read at a point."""

from typing import Any

from femur_risk.viewer.choice import AXES, MOST_DEFORMED

__all__ = ["lay_out_controls"]

_COMPACT = {"density": "compact", "hide_details": True}


def lay_out_controls(html: Any, vuetify3: Any) -> None:
    """Build the controls within what is open, from the widgets of trame."""
    with html.Div(v_for="(id, k) in case_ids", key="k"):
        html.Div("{{ id }}", classes="text-h6", style="overflow-wrap:anywhere")
        html.Div(
            "{{ sides[k] }} femur{{ sides[k] === 'left' ? ', drawn as a right one' : '' }}; "
            "research use only",
            classes="text-caption",
        )
    for name, items, label in (
        ("load", "loads", "Load"),
        ("subject", "subjects", "Bone"),
        ("field", "fields", "Field"),
        ("cut_axis", f"['none', {', '.join(map(repr, AXES))}]", "Cut across"),
    ):
        vuetify3.VSelect(v_model=(name,), items=(items,), label=label, classes="mt-2", **_COMPACT)
    axis = f"{list(AXES)}.indexOf(cut_axis)"
    _slider(
        html,
        vuetify3,
        "cut_position",
        "cut at {{ cut_position }} mm",
        v_if="cut_axis !== 'none'",
        min=(f"cut_low[{axis}]",),
        max=(f"cut_high[{axis}]",),
        step=1,
    )
    _slider(
        html,
        vuetify3,
        "deformation",
        "displacement times {{ deformation }}",
        min=0,
        max=MOST_DEFORMED,
        step=1,
    )
    _slider(
        html,
        vuetify3,
        "threshold",
        "hide below {{ Math.round(100 * threshold) }} % of the scale",
        min=0,
        max=1,
        step=0.05,
    )
    _slider(html, vuetify3, "opacity", "opacity {{ opacity }}", min=0, max=1, step=0.05)
    vuetify3.VCheckbox(v_model=("lesion",), label="lesion", disabled=("!has_lesion",), **_COMPACT)
    vuetify3.VCheckbox(v_model=("site",), label="weakest site (black)", **_COMPACT)
    html.Div("{{ words }}", v_for="words in site_words", classes="text-caption ml-9")
    vuetify3.VCheckbox(v_model=("slices",), label="slices of the CT", **_COMPACT)
    with html.Div(v_if="slices"):
        vuetify3.VSelect(
            v_model=("beneath",), items=("beneath_items",), label="Slices show", **_COMPACT
        )
        _slider(html, vuetify3, "overlay", "field over it {{ overlay }}", min=0, max=1, step=0.05)
    _readings(html)


def _readings(html: Any) -> None:
    html.Div(
        "click on bone or slice to read the values there",
        v_if="!readings.length",
        classes="text-caption mt-2",
    )
    table = html.Table(v_if="readings.length", classes="text-caption mt-2")
    with table, html.Tr(v_for="row in readings", key="row.name"):
        html.Td("{{ row.name }}", style="padding-right:8px")
        html.Td("{{ row.value }}", style="white-space:nowrap")


def _slider(
    html: Any, vuetify3: Any, name: str, words: str, v_if: str = "true", **span: Any
) -> None:
    with html.Div(v_if=v_if, classes=f"mt-3 slider-{name}"):
        html.Div(words, classes="text-caption")
        vuetify3.VSlider(v_model=(name,), **span, **_COMPACT)
