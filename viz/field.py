"""A field on the surface of a femur in the standard views."""

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

__all__ = ["draw_field"]


def draw_field(
    path: Path,
    mesh: BoneMesh,
    frame: FemoralFrame,
    values: FloatArray,
    *,
    title: str,
    unit: str,
    limits: tuple[float, float],
    threshold: float | None = None,
    weakest_site: WeakestSite | None = None,
    load: LoadCase | None = None,
    lesion: LabelMask | TriangleSurface | None = None,
    at_rest: BoneMesh | None = None,
    views: Sequence[str] = ("anterior", "posterior", "medial", "lateral"),
) -> Picture:
    """Draw the outer surface of a femur coloured by a field, and write it as PNG.

    The views are set by the frame, on one scale with proximal up; a left femur is drawn as a
    right one, and the picture says so. The support is drawn in one dark colour in place of the
    field, and facets without a value in grey.

    Parameters
    ----------
    path : Path
        The PNG file to write, 1600 pixels wide.
    mesh : BoneMesh
        The bone.
    frame : FemoralFrame
        Its frame.
    values : (n_facets,) or (n_cells,)
        The field on the facets or the cells; NaN where it was not evaluated.
    title, unit : str
        Name of the field and its unit; no unit is an empty string.
    limits : (low, high)
        Ends of the colour scale, as from `common_limits`.
    threshold : float, optional
        Value from which colours turn red: 1 for a risk factor.
    weakest_site : WeakestSite, optional
        The place to ring, in every view in which it is not hidden.
    load : LoadCase, optional
        Its loads are drawn as arrows, its support in one colour.
    lesion : LabelMask or TriangleSurface, optional
        Its projected border is drawn in every view.
    at_rest : BoneMesh, optional
        The bone before it was deformed: its border is drawn in every view.
    views : sequence of names in `VIEWS`
        From left to right.

    Returns
    -------
    Picture
        What is shown where.

    Raises
    ------
    ShapeError
        If the field has neither a value for every facet nor for every cell.
    OutOfRangeError
        If the limits are not finite and ascending, or no value is.
    """
    scale = ColourScale(title=title, unit=unit, limits=limits, threshold=threshold)
    row = Row(heading=None, values=values, weakest_site=weakest_site)
    marks = Marks(load=load, lesion=lesion, at_rest=at_rest)
    return draw_rows(path, mesh, frame, [row], scale=scale, marks=marks, views=views)
