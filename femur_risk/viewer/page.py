"""The page: controls on the left, the scene with its colour bar on the right."""

from collections.abc import Callable
from typing import Any

from femur_risk.viewer.choice import AXES, MOST_DEFORMED
from viz import VIEWS

__all__ = ["lay_out"]

_COMPACT = {"density": "compact", "hide_details": True}
_BAR = "`height:14px;border:1px solid #888;background:linear-gradient(to right, ${bar_colours})`"


def lay_out(
    server: Any,
    window: Any,
    *,
    look: Callable[[str], None],
    pick: Callable[[Any], None],
) -> Any:
    """Build the page on a server and return the view of the scene.

    Parameters
    ----------
    server : trame server
        Whose state holds what `Session.first_page` returns.
    window : vtkRenderWindow
        The scene.
    look : callable
        Called with the name of a standard view.
    pick : callable
        Called with what was clicked on.
    """
    from trame.ui.vuetify3 import VAppLayout
    from trame.widgets import html, vtk, vuetify3

    with VAppLayout(server) as layout:
        layout.root.theme = "light"
        with vuetify3.VNavigationDrawer(permanent=True, width=300, classes="pa-3"):
            _controls(html, vuetify3)
        with (
            vuetify3.VMain(style="height:100vh"),
            html.Div(style="height:100%;display:flex;flex-direction:column"),
        ):
            with html.Div(classes="d-flex align-center pa-1", style="gap:4px"):
                for name in VIEWS:
                    vuetify3.VBtn(name, size="small", variant="tonal", click=(look, f"['{name}']"))
                vuetify3.VSpacer()
                vuetify3.VBtn(
                    "Screenshot",
                    size="small",
                    variant="tonal",
                    prepend_icon="mdi-camera",
                    click="trame.refs.scene.captureImage()",
                )
            with html.Div(style="flex:1;min-height:0;position:relative"):
                view = vtk.VtkLocalView(
                    window,
                    ref="scene",
                    picking_modes=("['click']",),
                    click=(pick, "[$event]"),
                    on_image_capture="utils.download('scene.png', $event, 'image/png')",
                    on_ready=(look, f"['{next(iter(VIEWS))}']"),
                )
            _legend(html)
    return view


def _controls(html: Any, vuetify3: Any) -> None:
    """Build what is chosen with."""
    html.Div("{{ case_id }}", classes="text-h6", style="overflow-wrap:anywhere")
    html.Div(
        "{{ side }} femur{{ side === 'left' ? ', drawn as a right one' : '' }}; research use only",
        classes="text-caption mb-2",
    )
    vuetify3.VSelect(v_model=("load",), items=("loads",), label="Load", **_COMPACT)
    vuetify3.VSelect(
        v_model=("subject",), items=("subjects",), label="Bone", classes="mt-2", **_COMPACT
    )
    vuetify3.VSelect(
        v_model=("field",), items=("fields",), label="Field", classes="mt-2", **_COMPACT
    )
    vuetify3.VSelect(
        v_model=("cut_axis",),
        items=("['none', 'lateral', 'anterior', 'proximal']",),
        label="Cut across",
        classes="mt-2",
        **_COMPACT,
    )
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
    html.Div("{{ site_words }}", classes="text-caption ml-9")
    html.Div(
        "click on the bone to read its values", v_if="!readings.length", classes="text-caption mt-2"
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


def _legend(html: Any) -> None:
    """Build the colour bar, with unit, and what the field holds for."""
    with html.Div(classes="px-4 pb-2"):
        html.Div("{{ bar_label }}", classes="text-body-2")
        html.Div(style=(_BAR,))
        with html.Div(classes="d-flex justify-space-between text-caption"):
            html.Span("{{ tick }}", v_for="tick in bar_ticks", key="tick")
        html.Div("{{ words.join(', ') }}; grey: not evaluated", classes="text-caption")
