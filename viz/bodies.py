"""Domain values as surfaces in the coordinates of the femoral frame."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from femur_fea.domain import (
    BoneMesh,
    BoolArray,
    FemoralFrame,
    FloatArray,
    LabelMask,
    LoadCase,
    TriangleSurface,
)
from femur_fea.errors import EmptyMaskError, ShapeError
from viz.arrows import Arrow
from viz.scale import ColourScale

if TYPE_CHECKING:
    import pyvista as pv

__all__ = [
    "ARROW_RGB",
    "FIXED_RGB",
    "LESION_RGB",
    "NOT_EVALUATED_RGB",
    "Body",
    "arrow_body",
    "bone_body",
    "bone_surface",
    "facet_values",
    "fixed_facets",
    "lesion_surface",
]

NOT_EVALUATED_RGB = (0.80, 0.80, 0.80)
FIXED_RGB = (0.35, 0.40, 0.46)
ARROW_RGB = (0.10, 0.10, 0.10)
LESION_RGB = (0.85, 0.0, 0.55)
_HEAD_MM = 8.0


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Body:
    """A surface with the colour of each of its polygons.

    Attributes
    ----------
    surface : pyvista.PolyData
        Polygons in the frame, mm.
    rgb : (n_polygons, 3)
        Colours between 0 and 1.
    is_flat : bool
        Drawn in its bare colours, without the shading that shows shape.
    """

    surface: "pv.PolyData"
    rgb: FloatArray
    is_flat: bool = False


def facet_values(mesh: BoneMesh, values: FloatArray) -> FloatArray:
    """Return a field on the facets, shape (n_facets,).

    Parameters
    ----------
    mesh : BoneMesh
        The bone.
    values : (n_facets,) or (n_cells,)
        A field of the facets, or of the cells: a facet then takes that of its cell.

    Raises
    ------
    ShapeError
        If the length is that of neither.
    """
    if values.shape == (len(mesh.facets),):
        return values
    if values.shape == (mesh.n_cells,):
        return values[mesh.facet_cells]
    raise ShapeError(
        found=f"a field of shape {values.shape}",
        expected=f"({len(mesh.facets)},) for facets or ({mesh.n_cells},) for cells",
        remedy="pass the field of this mesh",
    )


def fixed_facets(mesh: BoneMesh, load: LoadCase | None) -> BoolArray:
    """Return which facets are held at all their corners, shape (n_facets,)."""
    if load is None:
        return np.zeros(len(mesh.facets), dtype=bool)
    return np.asarray(load.fixed[mesh.facets].all(axis=1))


def bone_surface(mesh: BoneMesh, frame: FemoralFrame) -> "pv.PolyData":
    """Return the outer surface with outward normals at its points."""
    import pyvista as pv

    # the frame of a left femur mirrors, which turns every facet inside out
    facets = mesh.facets if frame.side == "right" else mesh.facets[:, ::-1]
    surface = pv.PolyData.from_regular_faces(frame.to_frame(mesh.points), facets)
    return surface.compute_normals(
        cell_normals=False, split_vertices=False, consistent_normals=False
    )


def bone_body(
    surface: "pv.PolyData", values: FloatArray, fixed: BoolArray, scale: ColourScale
) -> Body:
    """Return the bone coloured by a field of its facets, shape (n_facets,)."""
    rgb = np.empty((len(values), 3))
    known = np.isfinite(values)
    rgb[~known] = NOT_EVALUATED_RGB
    rgb[known] = scale.rgb(values[known])
    rgb[fixed] = FIXED_RGB
    return Body(surface=surface, rgb=rgb)


def arrow_body(arrow: Arrow, frame: FemoralFrame) -> Body:
    """Return an arrow as a solid of revolution whose head has one size, whatever its length.

    An arrow of a couple has two heads.
    """
    import pyvista as pv

    start, tip = frame.to_frame(np.stack((arrow.start, arrow.tip)))
    if arrow.turns and frame.side == "left":  # a mirror image turns the other way about its axis
        start, tip = tip, start
    length = float(np.linalg.norm(tip - start))
    solid = pv.Arrow(
        start=start,
        direction=tip - start,
        scale=length,
        tip_length=_HEAD_MM / length,
        tip_radius=3.2 / length,
        shaft_radius=1.2 / length,
    ).triangulate()
    if arrow.turns:
        along = (tip - start) / length
        solid += pv.Cone(
            center=tip - 1.5 * _HEAD_MM * along, direction=along, height=_HEAD_MM, radius=3.2,
            resolution=20,
        ).triangulate()  # fmt: skip
    return Body(surface=solid, rgb=np.tile(ARROW_RGB, (solid.n_cells, 1)))


def lesion_surface(lesion: LabelMask | TriangleSurface, frame: FemoralFrame) -> "pv.PolyData":
    """Return the closed surface of a lesion.

    Raises
    ------
    EmptyMaskError
        If a mask holds no voxel.
    """
    import pyvista as pv

    if isinstance(lesion, TriangleSurface):
        return pv.PolyData.from_regular_faces(frame.to_frame(lesion.points), lesion.triangles)
    return _mask_surface(lesion, frame)


def _mask_surface(lesion: LabelMask, frame: FemoralFrame) -> "pv.PolyData":
    import pyvista as pv

    occupied = np.argwhere(lesion.inside)
    if not len(occupied):
        raise EmptyMaskError(
            found="a lesion mask without a voxel",
            expected="at least one voxel",
            remedy="draw the figure without a lesion, or check the mask",
        )
    first, last = occupied.min(axis=0), occupied.max(axis=0) + 1
    box = tuple(slice(a, b) for a, b in zip(first, last, strict=True))
    inside = np.pad(lesion.inside[box], 1).astype(np.float32)
    image = pv.ImageData(dimensions=inside.shape, origin=tuple(first - 1.0))
    image.point_data["inside"] = inside.ravel(order="F")
    surface = image.contour([0.5], scalars="inside").smooth_taubin(n_iter=20, pass_band=0.1)
    surface.points = frame.to_frame(lesion.grid.to_world(np.asarray(surface.points, dtype=float)))
    surface.clear_data()
    return surface
