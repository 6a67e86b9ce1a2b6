"""All figures of a run on one sheet."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from viz.charts.chart import SMALL_PT, open_chart, save_chart

__all__ = ["draw_contact_sheet"]

_COLUMNS = 3
_CELL_INCHES = (5.4, 4.6)
_MOST_PIXELS = 900


def draw_contact_sheet(path: Path, pictures: Sequence[Path], *, title: str) -> None:
    """Draw pictures in rows of three with the names of their files, and write them as PNG.

    Parameters
    ----------
    path : Path
        The PNG file to write.
    pictures : sequence of Path
        PNG files, in their order.
    title : str
        Title of the sheet.
    """
    from matplotlib.image import imread

    rows = -(-len(pictures) // _COLUMNS)
    wide, high = _CELL_INCHES
    figure = open_chart(title, size=(wide * _COLUMNS, 0.5 + high * rows))
    panels = figure.subplots(rows, _COLUMNS, squeeze=False).ravel()
    for axes in panels:
        axes.set_axis_off()
    for axes, picture in zip(panels, pictures, strict=False):
        image = np.asarray(imread(picture))
        step = max(1, max(image.shape[:2]) // _MOST_PIXELS)
        axes.imshow(image[::step, ::step], interpolation="antialiased")
        axes.set_title(picture.stem, fontsize=SMALL_PT, parse_math=False)
    save_chart(figure, path)
