"""A femur with its lesion against its twin without, on one scale."""

from collections.abc import Sequence
from pathlib import Path

from femur_fea.domain import (
    BoneMesh,
    FemoralFrame,
    FloatArray,
    LabelMask,
    LoadCase,
    TriangleSurface,
    WeakestSite,
)
from viz.picture import Picture
from viz.rows import Marks, Row, draw_rows
from viz.scale import ColourScale

__all__ = ["draw_comparison"]


def draw_comparison(
    path: Path,
    mesh: BoneMesh,
    frame: FemoralFrame,
    values: FloatArray,
    healed_values: FloatArray,
    *,
    title: str,
    unit: str,
    limits: tuple[float, float],
    threshold: float | None = None,
    weakest_site: WeakestSite | None = None,
    healed_weakest_site: WeakestSite | None = None,
    headings: tuple[str, str] = ("With lesion", "Without lesion (lesion-free twin)"),
    load: LoadCase | None = None,
    lesion: LabelMask | TriangleSurface | None = None,
    views: Sequence[str] = ("anterior", "posterior", "medial", "lateral"),
) -> Picture:
    """Draw a field with the lesion above the same field without it, and write it as PNG.

    Parameters
    ----------
    path : Path
        The PNG file to write, 1600 pixels wide.
    mesh, frame
        The bone and its frame, the same for both.
    values, healed_values : (n_facets,) or (n_cells,)
        The field with the lesion, and with the lesion replaced by healthy bone.
    weakest_site, healed_weakest_site : WeakestSite, optional
        The place to ring in each row.
    headings : (str, str)
        What stands over each row: which bone it is, and at which force where these differ.
    title, unit, limits, threshold, load, lesion, views
        As in `draw_field`; one colour scale serves both rows.

    Returns
    -------
    Picture
        What is shown where: first the panels with the lesion, then those without.

    Raises
    ------
    ShapeError, OutOfRangeError
        As in `draw_field`.
    """
    scale = ColourScale(title=title, unit=unit, limits=limits, threshold=threshold)
    rows = [
        Row(heading=headings[0], values=values, weakest_site=weakest_site),
        Row(
            heading=headings[1],
            values=healed_values,
            weakest_site=healed_weakest_site,
        ),
    ]
    marks = Marks(load=load, lesion=lesion)
    return draw_rows(path, mesh, frame, rows, scale=scale, marks=marks, views=views)
