"""Bone density inside the handmade femur, as equivalent density of CaHA in g/cm3.

Every number here is a choice of this project. The cortical density is that of compact bone
in a clinical scan; the trabecular regions are those told apart on coronal CT by Lu et al. 2013
(doi:10.1186/1471-2474-14-130): dense along the principal compressive group, sparse in the
trochanter and in Ward's triangle. The cortex is thick in the shaft and the calcar and thin over
head, upper neck and trochanters, as cortical thickness maps of the proximal femur show
(Poole et al. 2012, doi:10.1371/journal.pone.0038466, for the method).
"""

import numpy as np
from scipy import ndimage

from femur_fea.domain import FloatArray
from meshing.bone.blending import smooth_step
from meshing.distance import Point, ball, ellipsoid, round_cone
from meshing.handmade.geometry import CALCAR, HEAD_RADIUS, SHAFT_TOP, WARD

__all__ = ["bone_density", "cortical_thickness"]

_CORTEX = 1.15  # g/cm3 CaHA
_HEAD, _COMPRESSIVE, _NECK = 0.26, 0.34, 0.16
_TROCHANTER, _WARD, _MARROW = 0.11, 0.06, -0.04

_THICK_SHAFT, _THICK_CALCAR, _THIN, _THIN_HEAD = 6.0, 4.0, 1.3, 1.0  # mm
_SHAFT_FADES = (-100.0, -45.0)  # mm proximal: cortex of full thickness below, thin above
_MARROW_FADES = (-90.0, -60.0)  # mm proximal: canal below, trabecular bone above
_CALCAR_REACH = 9.0  # mm
_ENDOSTEUM = 0.8  # mm over which cortex turns into trabecular bone
_TEXTURE = 0.12  # relative standard deviation of trabecular density
_TEXTURE_LENGTH = 1.2  # voxels


def bone_density(
    points: FloatArray,
    distance: FloatArray,
    rng: np.random.Generator,
    *,
    thickening: float = 1.0,
) -> FloatArray:
    """Return CaHA density at points inside the intact femur, shape (ni, nj, nk), g/cm3.

    Parameters
    ----------
    points : (ni, nj, nk, 3), mm
        Local coordinates on the image grid.
    distance : (ni, nj, nk), mm
        Signed distance to the femur's surface.
    rng : Generator
        Makes the trabecular texture.
    thickening : float, dimensionless
        Cortical thickness over that of the handmade femur.
    """
    spongy = _trabecular(points)
    texture = ndimage.gaussian_filter(
        rng.standard_normal(distance.shape, dtype=np.float32), _TEXTURE_LENGTH
    )
    texture *= _TEXTURE / texture.std()
    spongy += np.abs(spongy) * texture
    depth = -distance
    compact = smooth_step((thickening * cortical_thickness(points) - depth) / _ENDOSTEUM + 0.5)
    return np.asarray(spongy + (_CORTEX - spongy) * compact)


def cortical_thickness(points: FloatArray) -> FloatArray:
    """Return the thickness of the cortex that lies nearest to each point, shape (...), mm."""
    proximal = points[..., 2]
    shaft = smooth_step((_SHAFT_FADES[1] - proximal) / (_SHAFT_FADES[1] - _SHAFT_FADES[0]))
    calcar = _near(round_cone(points, (14.0, -6.0, -24.0), (24.0, -12.0, -70.0), 9.0, 9.0))
    head = smooth_step(0.5 - (ball(points, (0.0, 0.0, 0.0), HEAD_RADIUS)) / 8.0)
    thin = _THIN + (_THIN_HEAD - _THIN) * head
    medial = thin + (_THICK_CALCAR - thin) * calcar * (1.0 - head)
    return np.asarray(np.maximum(medial, thin + (_THICK_SHAFT - thin) * shaft))


def _trabecular(points: FloatArray) -> FloatArray:
    """Return the density of trabecular bone and marrow, shape (...), g/cm3."""
    head = smooth_step(0.5 - ball(points, (0.0, 0.0, 0.0), HEAD_RADIUS) / 14.0)
    trochanter = smooth_step((points[..., 0] - SHAFT_TOP[0] + 8.0) / 16.0)
    density = _NECK + (_HEAD - _NECK) * head + (_TROCHANTER - _NECK) * trochanter
    ward = smooth_step(0.5 - ellipsoid(points, WARD, (9.0, 10.0, 9.0)) / 8.0)
    density += (_WARD - density) * ward
    compressive = _strut(points, (-4.0, 0.0, 16.0), CALCAR, 7.0)
    density += (_COMPRESSIVE - density) * compressive
    canal = smooth_step((_MARROW_FADES[1] - points[..., 2]) / (_MARROW_FADES[1] - _MARROW_FADES[0]))
    return np.asarray(density + (_MARROW - density) * canal)


def _strut(points: FloatArray, start: Point, end: Point, width: float) -> FloatArray:
    """Return 1 on a line, falling like a bell of that width (mm), shape (...)."""
    off = round_cone(points, start, end, 0.0, 0.0)
    return np.asarray(np.exp(-0.5 * (off / width) ** 2))


def _near(distance: FloatArray) -> FloatArray:
    """Return 1 inside a body, falling to 0 at the calcar's reach."""
    return smooth_step(1.0 - distance / _CALCAR_REACH)
