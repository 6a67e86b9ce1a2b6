"""What is shown beside a bone: its lesion and its weakest site; and the colours of its cells."""

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from femur_fea.domain import BoneMesh, FemoralFrame, FloatArray, LabelMask
from viz.bodies import NOT_EVALUATED_RGB, lesion_surface
from viz.scene.scale import SceneScale
from viz.scene.scene import ScenePart
from viz.scene.solid import CELL

if TYPE_CHECKING:
    import pyvista as pv

__all__ = ["carried", "cell_colours", "cursor_part", "lesion_part", "site_part"]

_LESION_RGB = np.array([[0.80, 0.25, 0.60]])
_SITE_RGB = np.array([[0.0, 0.0, 0.0]])
_LESION_OPACITY = 0.35
_SITE_RADIUS_MM = 2.0
_CURSOR_RGB = np.array([[0.85, 0.10, 0.10]])
_CURSOR_RADIUS_MM = 0.4
_CURSOR_BEYOND_MM = 15.0


def cell_colours(surface: "pv.PolyData", values: FloatArray, scale: SceneScale) -> FloatArray:
    """Return the colour of each polygon by the value of the cell behind it; grey without one.

    Parameters
    ----------
    surface : pyvista.PolyData
        As from `visible_parts`.
    values : (n_cells,)
        A field; NaN where it was not evaluated.
    scale : SceneScale
        Its colours.

    Returns
    -------
    (n_polygons, 3)
    """
    if not surface.n_cells:
        return np.empty((0, 3))
    each = values[surface.cell_data[CELL]]
    known = np.isfinite(each)
    rgb = np.tile(NOT_EVALUATED_RGB, (len(each), 1))
    if known.any():
        rgb[known] = scale.rgb(each[known])
    return rgb


def lesion_part(lesion: LabelMask, frame: FemoralFrame) -> ScenePart:
    """Return the surface of a lesion, through which one can see."""
    surface = lesion_surface(lesion, frame)
    return ScenePart(surface=surface, rgb=_LESION_RGB, opacity=_LESION_OPACITY)


def site_part(site: FloatArray, frame: FemoralFrame) -> ScenePart:
    """Return a black ball about a site, (3,), mm, in LPS."""
    import pyvista as pv

    ball = pv.Sphere(radius=_SITE_RADIUS_MM, center=frame.to_frame(site[None])[0])
    return ScenePart(surface=ball, rgb=_SITE_RGB)


def cursor_part(cursor: FloatArray, low: FloatArray, high: FloatArray) -> ScenePart:
    """Return three lines that meet at a point and end outside the bone.

    Parameters
    ----------
    cursor : (3,), mm
        The point, in the frame.
    low, high : (3,), mm
        Corners of the box about the bone, in the frame.
    """
    import pyvista as pv

    lines = pv.PolyData()
    for axis in range(3):
        ends = np.stack((cursor, cursor))
        ends[:, axis] = low[axis] - _CURSOR_BEYOND_MM, high[axis] + _CURSOR_BEYOND_MM
        lines += pv.Tube(pointa=ends[0], pointb=ends[1], radius=_CURSOR_RADIUS_MM, n_sides=6)
    return ScenePart(surface=lines, rgb=_CURSOR_RGB, is_lit=False)


def carried(
    part: ScenePart, mesh: BoneMesh, frame: FemoralFrame, displacement: FloatArray, factor: float
) -> ScenePart:
    """Return a part that moves with the bone: each point as the nearest corner of its cells.

    Parameters
    ----------
    part : ScenePart
        As it lies at rest.
    mesh : BoneMesh
        The bone.
    frame : FemoralFrame
        Its frame.
    displacement : (n_points, 3), mm
        Of the corners, in LPS.
    factor : float
        How often the displacement is added.
    """
    from scipy.spatial import KDTree

    surface = part.surface.copy()
    _, nearest = KDTree(frame.to_frame(mesh.points)).query(surface.points)
    surface.points = surface.points + factor * (displacement @ frame.axes.T)[nearest]
    return replace(part, surface=surface)
