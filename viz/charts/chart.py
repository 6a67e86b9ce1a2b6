"""One look for all charts."""

from pathlib import Path
from typing import TYPE_CHECKING

from femur_fea.io import atomic_path

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["BLUE", "GREY", "ORANGE", "SMALL_PT", "TEXT_PT", "open_chart", "save_chart", "tidy"]

# colours that differ in lightness, too, so that the colour-blind and a grey print tell them apart
BLUE, ORANGE, GREY = "#1f4e8c", "#e08214", "#595959"
TITLE_PT, TEXT_PT, SMALL_PT = 14, 11, 10
_DPI = 160


def open_chart(title: str, *, size: tuple[float, float]) -> "Figure":
    """Return an empty figure of a size in inches with its title, in lines where it is long."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=size, layout="constrained", facecolor="white")
    FigureCanvasAgg(figure)
    # a dollar sign in a name would otherwise start a formula
    figure.suptitle(
        title, x=0.01, ha="left", fontsize=TITLE_PT, weight="bold", parse_math=False, wrap=True
    )
    return figure


def tidy(axes: "Axes") -> None:
    """Give axes a quiet grid and no box."""
    axes.grid(color="0.9", linewidth=0.6)
    axes.set_axisbelow(True)
    axes.spines[["top", "right"]].set_visible(False)
    axes.tick_params(labelsize=SMALL_PT)


def save_chart(figure: "Figure", path: Path) -> None:
    """Write a figure as SVG where the suffix says so, else as PNG; whole or not at all."""
    from matplotlib import rc_context

    is_svg = path.suffix == ".svg"
    with (
        # words stay words, and the same figure gives the same file
        rc_context({"svg.fonttype": "none", "svg.hashsalt": "femur-fea"}),
        atomic_path(path) as temporary,
    ):
        figure.savefig(
            temporary,
            dpi=_DPI,
            format="svg" if is_svg else "png",
            metadata={"Date": None} if is_svg else None,
        )
