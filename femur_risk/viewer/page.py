"""The page: controls on the left, one or two scenes with their colour bar, slices on the right."""

from collections.abc import Callable, Sequence
from typing import Any

from femur_risk.viewer.controls import lay_out_controls
from viz import VIEWS

__all__ = ["lay_out"]

_BAR = "`height:14px;border:1px solid #888;background:linear-gradient(to right, ${bar_colours})`"
_SCENES = ("scene", "other")
_CORNER = "position:absolute;top:4px;left:8px;z-index:1;pointer-events:none"
_AT = "$event.offsetX / $event.target.clientWidth, $event.offsetY / $event.target.clientHeight"


def lay_out(
    server: Any,
    windows: Sequence[Any],
    *,
    look: Callable[[str], None],
    pick: Callable[[Any], None],
    aim: Callable[[Any, Any, Any], None],
) -> list[Any]:
    """Build the page on a server and return the view of each scene.

    Parameters
    ----------
    server : trame server
        Whose state holds what `Session.first_page` returns.
    windows : sequence of vtkRenderWindow
        The scenes, one or two.
    look : callable
        Called with the name of a standard view.
    pick : callable
        Called with what was clicked on in the first scene.
    aim : callable
        Called with the number of a slice and where it was clicked on.
    """
    from trame.ui.vuetify3 import VAppLayout
    from trame.widgets import html, vtk, vuetify3

    with VAppLayout(server) as layout:
        layout.root.theme = "light"
        with vuetify3.VNavigationDrawer(permanent=True, width=300, classes="pa-3"):
            lay_out_controls(html, vuetify3)
        with (
            vuetify3.VMain(style="height:100vh"),
            html.Div(style="height:100%;display:flex;flex-direction:column"),
        ):
            _buttons(html, vuetify3, look)
            with html.Div(style="flex:1;min-height:0;display:flex"):
                views = [
                    _scene(html, vtk, k, windows, look=look, pick=pick) for k in range(len(windows))
                ]
                _slices(html, aim)
            _legend(html)
    return views


def _buttons(html: Any, vuetify3: Any, look: Callable[[str], None]) -> None:
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


def _scene(
    html: Any,
    vtk: Any,
    k: int,
    windows: Sequence[Any],
    *,
    look: Callable[[str], None],
    pick: Callable[[Any], None],
) -> Any:
    """Build a scene; what turns one of two turns the other."""
    ref, style = _SCENES[k], "flex:1;min-width:0;position:relative"
    events: dict[str, Any] = {"on_ready": (look, f"['{next(iter(VIEWS))}']")}
    if k == 0:
        events |= {
            "picking_modes": ("['click']",),
            "click": (pick, "[$event]"),
            "on_image_capture": "utils.download('scene.png', $event, 'image/png')",
        }
    if len(windows) > 1:
        follow = f"trame.refs.{_SCENES[1 - k]}.setCamera(trame.refs.{ref}.getCamera())"
        events |= {
            "interactor_events": ("['Animation', 'EndAnimation', 'EndMouseWheel']",),
            "Animation": follow,
            "EndAnimation": follow,
            "EndMouseWheel": follow,
        }
    with html.Div(style=style):
        html.Div(
            f"{{{{ case_ids[{k}] }}}}",
            v_if="case_ids.length > 1",
            classes="text-caption",
            style=_CORNER,
        )
        return vtk.VtkLocalView(windows[k], ref=ref, **events)


def _slices(html: Any, aim: Callable[[Any, Any, Any], None]) -> None:
    """Build the slices: two beside each other, the axial one below."""
    panel = "overflow:auto;display:flex;flex-wrap:wrap;align-content:flex-start;gap:4px"
    width = "${pictures[0].width + pictures[1].width + 24}px"  # two beside each other
    with html.Div(v_if="pictures.length", style=(f"`{panel};width:{width}`",)):
        with html.Div(v_for="(each, axis) in pictures", key="axis", classes="slice"):
            html.Div("{{ each.title }}", classes="text-caption font-weight-bold")
            html.Img(
                src=("each.picture",),
                style=("`display:block;cursor:crosshair;width:${each.width}px`",),
                click=(aim, f"[axis, {_AT}]"),
                draggable="false",
            )
            with html.Div(classes="d-flex justify-space-between text-caption"):
                html.Span("{{ each.left }}")
                html.Span("{{ each.right }}")
        html.Div(
            "blue: border of the femur; pink: of the lesion; yellow: the other slices",
            classes="text-caption",
        )


def _legend(html: Any) -> None:
    """Build the colour bar, with unit, and what the field holds for."""
    with html.Div(classes="px-4 pb-2"):
        html.Div("{{ bar_label }}", classes="text-body-2")
        html.Div(style=(_BAR,))
        with html.Div(classes="d-flex justify-space-between text-caption bar-ticks"):
            html.Span("{{ tick }}", v_for="tick in bar_ticks", key="tick")
        html.Div(
            "{{ case_ids.length > 1 ? case_ids[k] + ': ' : '' }}{{ line }}; grey: not evaluated",
            v_for="(line, k) in words",
            key="k",
            classes="text-caption",
        )
