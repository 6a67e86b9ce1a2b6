"""A scene that turns about the shaft's direction, as an animated GIF."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from femur_fea.io import atomic_path
from viz.bodies import Body
from viz.layout import fit_windows
from viz.render import render
from viz.scale import ColourScale
from viz.scene.scene import ScenePart
from viz.views import View

__all__ = ["write_turntable"]

_FRAMES = 24
_PER_SECOND = 8
_SIZE = (420, 640)  # pixels, of the bone
_FIGURE = (4.4, 7.6)  # inches
_DPI = 100
_MARGIN_MM = 5.0


def write_turntable(
    path: Path, parts: Sequence[ScenePart], scale: ColourScale, *, title: str
) -> None:
    """Draw opaque parts from all sides with their colour bar, and write them as GIF.

    Parameters
    ----------
    path : Path
        The .gif file to write.
    parts : sequence of ScenePart
        The first one sets the size of the picture.
    scale : ColourScale
        Colours of the field.
    title : str
        Stands above.
    """
    from matplotlib.animation import PillowWriter
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.cm import ScalarMappable
    from matplotlib.colors import Normalize
    from matplotlib.figure import Figure

    figure = Figure(figsize=_FIGURE, dpi=_DPI, layout="constrained", facecolor="white")
    FigureCanvasAgg(figure)
    axes = figure.add_subplot()
    axes.set_axis_off()
    axes.set_title(title, fontsize=10, parse_math=False, wrap=True)
    shown = ScalarMappable(norm=Normalize(*scale.limits), cmap=scale.colormap())
    figure.colorbar(shown, ax=axes, orientation="horizontal", label=scale.label, fraction=0.05)
    bodies = [_body(part) for part in parts if part.surface.n_cells]
    picture = None
    writer = PillowWriter(fps=_PER_SECOND)
    with atomic_path(path) as temporary:
        gif = temporary.with_suffix(".gif")
        with writer.saving(figure, gif, _DPI):
            for k in range(_FRAMES):
                image = _frame(bodies, 2.0 * np.pi * k / _FRAMES)
                if picture is None:
                    picture = axes.imshow(image)
                    figure.draw_without_rendering()
                    figure.set_layout_engine("none")  # found once, for all frames
                picture.set_data(image)
                writer.grab_frame()
        gif.replace(temporary)


def _frame(bodies: Sequence[Body], angle: float) -> np.ndarray:
    view = View(
        name="turning", towards=(float(np.sin(angle)), float(np.cos(angle)), 0.0), left="", right=""
    )
    points = np.asarray(bodies[0].surface.points, dtype=float)
    reach = np.hypot(points[:, 0], points[:, 1]).max() + _MARGIN_MM
    low, high = points[:, 2].min() - _MARGIN_MM, points[:, 2].max() + _MARGIN_MM
    box = (np.array((-reach, low)), np.array((reach, high)))
    (window,) = fit_windows([box], width=_SIZE[0], height=_SIZE[1])
    return render(bodies, view, window)


def _body(part: ScenePart) -> Body:
    rgb = part.rgb if len(part.rgb) > 1 else np.repeat(part.rgb, part.surface.n_cells, axis=0)
    return Body(surface=part.surface, rgb=rgb)
