"""The sheet around rendered panels: words, colour bar, marks and legend.

PyVista renders the bone; matplotlib, on which PyVista depends, sets what is flat. Both use the
same plane in mm, so a mark lies on the pixel of its place.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from femur_fea.domain import BoolArray, FloatArray
from femur_fea.io import atomic_path
from viz.bodies import LESION_RGB
from viz.layout import MARGIN, free_place
from viz.picture import Panel
from viz.scale import ColourScale

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["FOOTER", "Sheet"]

FOOTER = 205
_DPI = 100
_TITLE_PT, _TEXT_PT, _SMALL_PT = 21.0, 17.0, 15.0
_GREY = "0.35"
_RING_MM = 3.5
_BAR_MM = 20.0
_REST_RGB = (0.45, 0.45, 0.45)
_SITE = "weakest site"


class Sheet:
    """A page of `size` (width, height) pixels; positions count from its upper left corner."""

    def __init__(self, size: tuple[int, int]) -> None:
        from matplotlib.backends.backend_agg import FigureCanvasAgg
        from matplotlib.figure import Figure

        self.size = size
        self._figure = Figure(figsize=(size[0] / _DPI, size[1] / _DPI), dpi=_DPI, facecolor="white")
        self._canvas = FigureCanvasAgg(self._figure)
        self._entries: dict[str, Any] = {}

    def save(self, path: Path) -> None:
        """Write the page as PNG; the file appears whole or not at all."""
        with atomic_path(path) as temporary:
            self._figure.savefig(temporary, dpi=_DPI, format="png")

    def heading(self, title: str, subtitle: str) -> None:
        """Set the title of the page and a line below it."""
        self._words(MARGIN, 18, title, size=_TITLE_PT, weight="bold")
        self._words(MARGIN, 60, subtitle, size=_SMALL_PT, color=_GREY)

    def row_heading(self, top: int, title: str, remark: str) -> None:
        """Set the name of a row of panels and a remark at the right."""
        self._words(MARGIN, top, title, size=_TITLE_PT, weight="bold")
        self._words(self.size[0] - MARGIN, top + 4, remark, size=_SMALL_PT, color=_GREY, ha="right")

    def add_panel(self, panel: Panel, image: FloatArray, name: str) -> "Axes":
        """Place a rendered picture (height, width, 4) with its name and directions."""
        left, top = panel.corner
        wide, high = panel.window.size
        axes = self._axes(left, top, wide, high)
        axes.imshow(image, extent=panel.window.extent, interpolation="nearest", aspect="auto")
        axes.set_axis_off()
        middle = left + wide // 2
        self._words(middle, top - 34, name, size=_TEXT_PT, weight="bold", ha="center")
        below = top + high + 4
        self._words(left, below, panel.view.left, size=_SMALL_PT, color=_GREY)
        self._words(left + wide, below, panel.view.right, size=_SMALL_PT, color=_GREY, ha="right")
        return axes

    def mark_site(self, axes: "Axes", place: FloatArray, taken: BoolArray, panel: Panel) -> None:
        """Draw a ring around a place (2,), mm, in the view's plane, and its label in the free."""
        from matplotlib.patches import Circle
        from matplotlib.patheffects import withStroke

        halo = [withStroke(linewidth=6.0, foreground="white")]
        ring = Circle(
            tuple(place), _RING_MM, fill=False, edgecolor="black", linewidth=2.6, path_effects=halo
        )
        axes.add_patch(ring)
        self._label(axes, place, taken, panel)

    def lesion_outline(self, axes: "Axes", covered: BoolArray, panel: Panel) -> None:
        """Draw the border of the covered pixels (height, width) as that of a lesion, dashed."""
        self._border(axes, covered, panel, rgb=LESION_RGB, width=2.6, style="dashed")

    def rest_outline(self, axes: "Axes", covered: BoolArray, panel: Panel) -> None:
        """Draw the border of the covered pixels (height, width) as that of the bone at rest."""
        self._border(axes, covered, panel, rgb=_REST_RGB, width=1.4, style="solid")

    def _border(
        self,
        axes: "Axes",
        covered: BoolArray,
        panel: Panel,
        *,
        rgb: tuple[float, float, float],
        width: float,
        style: str,
    ) -> None:
        left, right, bottom, top = panel.window.extent
        half = 0.5 / panel.window.scale
        across = np.linspace(left + half, right - half, covered.shape[1])
        down = np.linspace(top - half, bottom + half, covered.shape[0])
        if covered.any():
            axes.contour(
                across, down, covered.astype(float), levels=[0.5], colors=[rgb],
                linewidths=width, linestyles=style,
            )  # fmt: skip

    def curve(self, axes: "Axes", points: FloatArray) -> None:
        """Draw a line through points (n, 2), mm, of the view's plane, as a lesion's border."""
        axes.plot(*points.T, color=LESION_RGB, linewidth=2.6, linestyle="dashed")

    def colour_bar(self, scale: ColourScale, values: Sequence[FloatArray], *, top: int) -> None:
        """Draw the scale with its unit; arrows at its ends tell that values lie beyond."""
        from matplotlib.cm import ScalarMappable
        from matplotlib.colors import Normalize
        from matplotlib.ticker import StrMethodFormatter

        below, above = np.any([scale.exceeded(v) for v in values], axis=0)
        extend = {(0, 0): "neither", (1, 0): "min", (0, 1): "max", (1, 1): "both"}[below, above]
        self._words(MARGIN, top, scale.label, size=_TEXT_PT, weight="bold")
        axes = self._axes(MARGIN + 12, top + 36, int(0.60 * self.size[0]), 30)
        shown = ScalarMappable(norm=Normalize(*scale.limits), cmap=scale.colormap())
        bar = self._figure.colorbar(
            shown, cax=axes, orientation="horizontal", extend=extend, extendfrac=0.03
        )
        bar.ax.tick_params(labelsize=_TEXT_PT, length=6)
        bar.locator = _ticks(scale)
        bar.formatter = StrMethodFormatter("{x:,g}")
        bar.update_ticks()
        if scale.threshold is not None and scale.limits[0] < scale.threshold < scale.limits[1]:
            bar.ax.axvline(scale.threshold, color="black", linewidth=3.0)

    def scale_bar(self, scale: float, *, top: int) -> None:
        """Draw a length of 20 mm at a magnification in pixels/mm."""
        length = round(_BAR_MM * scale)
        right = self.size[0] - MARGIN
        axes = self._axes(right - length, top + 40, length, 8)
        axes.set_facecolor("black")
        axes.set_xticks([])
        axes.set_yticks([])
        self._words(right - length // 2, top + 54, f"{_BAR_MM:.0f} mm", size=_TEXT_PT, ha="center")

    def legend_area(self, label: str, rgb: tuple[float, float, float]) -> None:
        """Add a coloured area to the legend."""
        from matplotlib.patches import Patch

        self._entries[label] = Patch(facecolor=rgb, edgecolor="0.3")

    def legend_arrow(self, label: str, rgb: tuple[float, float, float]) -> None:
        """Add the load arrow to the legend."""
        from matplotlib.lines import Line2D

        self._entries[label] = Line2D([], [], color=rgb, linewidth=3, marker=">", markersize=13)

    def legend_lesion(self, label: str) -> None:
        """Add the lesion's border to the legend."""
        from matplotlib.lines import Line2D

        self._entries[label] = Line2D([], [], color=LESION_RGB, linewidth=2.6, linestyle="--")

    def legend_rest(self, label: str) -> None:
        """Add the border of the bone at rest to the legend."""
        from matplotlib.lines import Line2D

        self._entries[label] = Line2D([], [], color=_REST_RGB, linewidth=1.4)

    def legend_site(self, label: str) -> None:
        """Add the ring of the weakest site to the legend."""
        from matplotlib.lines import Line2D

        self._entries[label] = Line2D(
            [], [], linestyle="none", marker="o", markersize=17, markerfacecolor="none",
            markeredgecolor="black", markeredgewidth=2.6,
        )  # fmt: skip

    def legend(self, *, top: int) -> None:
        """Set the entries in one line."""
        if not self._entries:
            return
        self._figure.legend(
            list(self._entries.values()),
            list(self._entries),
            loc="upper left",
            bbox_to_anchor=(MARGIN / self.size[0] - 0.004, 1.0 - top / self.size[1]),
            borderaxespad=0.0,
            ncols=len(self._entries),
            fontsize=_SMALL_PT,
            frameon=False,
            handlelength=1.8,
            columnspacing=1.6,
        )

    def _axes(self, left: int, top: int, wide: int, high: int) -> "Axes":
        page_wide, page_high = self.size
        bottom = page_high - top - high
        return self._figure.add_axes(
            (left / page_wide, bottom / page_high, wide / page_wide, high / page_high)
        )

    def _words(self, left: float, top: float, text: str, **style: Any) -> None:
        page_wide, page_high = self.size
        # a dollar sign in a name would otherwise start a formula
        self._figure.text(
            left / page_wide, 1.0 - top / page_high, text, va="top", parse_math=False, **style
        )

    def _label(self, axes: "Axes", place: FloatArray, taken: BoolArray, panel: Panel) -> None:
        window = panel.window
        ring = np.array([place[0] - window.lower[0], window.upper[1] - place[1]]) * window.scale
        size = (
            round(0.60 * _SMALL_PT * _DPI / 72 * len(_SITE)),
            round(1.2 * _SMALL_PT * _DPI / 72),
        )
        centre = free_place(taken, size, ring, clear=8)
        if centre is None:
            return
        where = (
            window.lower[0] + centre[0] / window.scale,
            window.upper[1] - centre[1] / window.scale,
        )
        axes.annotate(
            _SITE, xy=tuple(place), xytext=where, fontsize=_SMALL_PT, ha="center", va="center",
            arrowprops={"arrowstyle": "-", "linewidth": 1.6, "shrinkA": 4,
                        "shrinkB": _RING_MM * window.scale * 72 / _DPI},
        )  # fmt: skip


def _ticks(scale: ColourScale) -> Any:
    from matplotlib.ticker import FixedLocator, MaxNLocator

    low, high = scale.limits
    locator = MaxNLocator(nbins=6, steps=[1, 2, 2.5, 5, 10])
    ticks = np.asarray(locator.tick_values(low, high))
    ticks = ticks[(ticks >= low) & (ticks <= high)]
    if scale.threshold is not None and low < scale.threshold < high:
        apart = np.abs(ticks - scale.threshold) > 0.08 * (high - low)
        ticks = np.append(ticks[apart], scale.threshold)
    return FixedLocator(sorted(ticks.tolist()))
