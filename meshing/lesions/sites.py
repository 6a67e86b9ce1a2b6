"""Where lesions lie: four levels of the proximal femur, eight directions round each.

The published study of lesion sites (Amendola et al. 2023, doi:10.1186/s12891-023-06182-7) has four
axial levels and eight directions. Where exactly its levels lie was not read; those here are the
usual parts of the femur, placed by the axes and sizes of the bone.
"""

from dataclasses import dataclass

import numpy as np

from femur_fea.domain import FloatArray
from femur_fea.errors import SiteError
from femur_fea.registry import Registry
from meshing.bone.coordinates import neck_directions, neck_length
from meshing.bone.geometry import BoneGeometry
from meshing.bone.shaft_line import find_shaft_line

__all__ = ["LESION_SITES", "LesionSite", "place_at_site"]

_DEPTH = 0.4  # of the diameter, from the surface to the centre: a tenth reaches beyond it
_STEP, _FARTHEST = 0.1, 80.0  # mm along the ray from the axis to the surface


@dataclass(frozen=True, slots=True, kw_only=True)
class LesionSite:
    """A place on the surface of every femur.

    Attributes
    ----------
    name : str
        Level and direction.
    along_neck : float or None
        Level on the neck: 0 at the head's centre, 1 at the shaft axis.
    below : float or None, head radii
        Level on the shaft, below the crossing of neck and shaft axis.
    angle : float, rad
        Round the axis: 0 lateral (superior on the neck), pi/2 anterior, pi medial (inferior).
    """

    name: str
    along_neck: float | None
    below: float | None
    angle: float


LESION_SITES: Registry[LesionSite] = Registry("site of a lesion")
_LEVELS: tuple[tuple[str, float | None, float | None], ...] = (
    ("neck", 0.62, None),
    ("intertrochanteric", None, 0.8),  # as high as the lesser trochanter
    ("subtrochanteric", None, 2.6),  # some 40 mm below the lesser trochanter
    ("diaphyseal", None, 4.6),
)
_DIRECTIONS = (
    "lateral",
    "anterolateral",
    "anterior",
    "anteromedial",
    "medial",
    "posteromedial",
    "posterior",
    "posterolateral",
)
for _level, _along, _below in _LEVELS:
    for _n, _direction in enumerate(_DIRECTIONS):
        LESION_SITES.add(
            f"{_level}_{_direction}",
            LesionSite(
                name=f"{_level}_{_direction}",
                along_neck=_along,
                below=_below,
                angle=_n * np.pi / 4.0,
            ),
        )


def place_at_site(
    geometry: BoneGeometry, site: LesionSite, *, diameter: float, depth: float | None = None
) -> tuple[float, float, float]:
    """Return the centre of a lesion at a site, in the femoral frame, mm.

    Parameters
    ----------
    geometry : BoneGeometry
        The femur.
    site : LesionSite
        Where: a ray from the axis of neck or shaft to the surface.
    diameter : float, mm
        Of the lesion.
    depth : float, mm, optional
        Of the centre below the surface; 0.4 of the diameter where absent. The centre does not go
        beyond the axis.

    Raises
    ------
    SiteError
        If the image does not show the site, or the bone does not reach so far.
    """
    origin, direction = _ray(geometry, site)
    steps = np.arange(0.0, _FARTHEST, _STEP)
    points = geometry.frame.to_world(origin + steps[:, None] * direction)
    index = geometry.grid.to_index(points)
    shown = np.all((index > -0.5) & (index < np.array(geometry.grid.shape) - 0.5), axis=1)
    outside = geometry.distance_at(points) >= 0.0
    surface = int(np.argmax(outside))
    if surface == 0 or not shown[: surface + 1].all():
        raise SiteError(
            found=f"a scan in which the site {site.name!r} is not in the bone",
            expected="a scan that shows the femur there",
            remedy="choose a site nearer to the head, or a longer scan",
        )
    wanted = _DEPTH * diameter if depth is None else depth
    lateral, anterior, proximal = origin + max(steps[surface] - wanted, 0.0) * direction
    return float(lateral), float(anterior), float(proximal)


def _ray(geometry: BoneGeometry, site: LesionSite) -> tuple[FloatArray, FloatArray]:
    """Return where the ray of a site begins and its direction, in the femoral frame."""
    frame = geometry.frame
    outward, superior, anterior = neck_directions(frame)
    if site.along_neck is not None:
        across = np.cos(site.angle) * superior + np.sin(site.angle) * anterior
        return site.along_neck * neck_length(frame) * outward, across
    crossing = frame.to_frame(frame.shaft_point[None, :])[0]
    height = crossing[2] - (site.below or 0.0) * frame.head_radius
    centre = find_shaft_line(geometry).centre_at(np.array([height]))[0]
    return (
        np.array([*centre, height]),
        np.array([np.cos(site.angle), np.sin(site.angle), 0.0]),
    )
