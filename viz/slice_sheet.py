"""Three slices through one point: CT beneath, a field over it, outlines of bone and lesion."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from femur_fea.domain import FloatArray
from viz.charts.chart import GREY, SMALL_PT, TEXT_PT, open_chart, save_chart
from viz.planes import ImagePlane
from viz.scale import ColourScale
from viz.slices import BONE_RGB, LESION_RGB, SliceField, SliceImages, draw_slice

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["draw_slice_sheet"]

_CROSS_RGB = "#ffd933"
_HEIGHT = 7.4  # inches
_BELOW = 24  # pixels, for what lies at the edges


def draw_slice_sheet(
    path: Path,
    planes: Sequence[ImagePlane],
    images: SliceImages,
    field: SliceField,
    *,
    cursor: FloatArray,
    scale: ColourScale,
    title: str,
) -> None:
    """Draw slices beside each other, on one length scale, and write them as PNG.

    Parameters
    ----------
    path : Path
        The PNG file to write.
    planes : sequence of ImagePlane
        Where they lie, with pixels of one size.
    images : SliceImages
        What lies beneath.
    field : SliceField
        What is laid over it.
    cursor : (3,), mm
        Where the planes meet, in the frame.
    scale : ColourScale
        Colours of the field.
    title : str
        Title of the figure.
    """
    from matplotlib.cm import ScalarMappable
    from matplotlib.colors import Normalize
    from matplotlib.patches import Patch

    widths = [plane.shape[1] for plane in planes]
    tallest = max(plane.shape[0] for plane in planes)
    figure = open_chart(title, size=(1.2 + 0.76 * _HEIGHT * sum(widths) / tallest, _HEIGHT))
    panels = figure.subplots(1, len(planes), width_ratios=widths, squeeze=False)[0]
    for axes, plane in zip(panels, planes, strict=True):
        axes.imshow(draw_slice(plane, images, field), interpolation="nearest")
        axes.set_ylim(tallest + _BELOW, -0.5)  # the same for all, so that a millimetre is as long
        _describe(axes, plane, cursor)
    shown = ScalarMappable(norm=Normalize(*scale.limits), cmap=scale.colormap())
    bar = figure.colorbar(shown, ax=panels, orientation="horizontal", fraction=0.04, pad=0.02)
    bar.set_label(scale.label, fontsize=TEXT_PT)
    entries = [Patch(facecolor="none", edgecolor=BONE_RGB, linewidth=2, label="femur")]
    if images.lesion is not None:
        entries.append(Patch(facecolor="none", edgecolor=LESION_RGB, linewidth=2, label="lesion"))
    panels[-1].legend(
        handles=entries, loc="lower left", fontsize=SMALL_PT,
        frameon=False,
    )  # fmt: skip
    save_chart(figure, path)


def _describe(axes: "Axes", plane: ImagePlane, cursor: FloatArray) -> None:
    column, row = plane.pixel_of(cursor) - 0.5
    cross: dict[str, Any] = {"color": _CROSS_RGB, "linewidth": 0.7, "alpha": 0.7}
    axes.plot((column, column), (0, plane.shape[0] - 1), **cross)
    axes.plot((0, plane.shape[1] - 1), (row, row), **cross)
    axes.set_title(f"{plane.name}, {plane.position:.1f} mm", fontsize=TEXT_PT, weight="bold")
    axes.set_axis_off()
    height, width = plane.shape
    for x, edge, side in zip((0, width), plane.edges, ("left", "right"), strict=True):
        axes.text(x, height + 4, edge, ha=side, va="top", fontsize=SMALL_PT, color=GREY)
