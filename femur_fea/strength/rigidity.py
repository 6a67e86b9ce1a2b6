"""Rigidity of a bone's sections, as CT-based rigidity analysis (CTRA) takes it."""

from dataclasses import dataclass

import numpy as np
from scipy import ndimage

from femur_fea.domain import (
    BoolArray,
    FloatArray,
    LabelMask,
    check_shape,
    read_only,
)
from femur_fea.errors import OutOfRangeError
from femur_fea.strength.section import SectionPlanes

__all__ = ["SectionRigidity", "check_any_complete", "section_rigidity"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SectionRigidity:
    """Rigidity of every section of a bone, as of a beam.

    Attributes
    ----------
    planes : SectionPlanes
        Where the sections lie.
    axial : (n_sections,), N
        EA: integral of Young's modulus.
    bending : (n_sections, 2, 2), N mm2
        Tensor of EI about the weighted centroid, on the axes of `planes`: element [0, 0] is the
        rigidity against bending about the first axis, and d' bending d that about a unit vector
        d of the plane.
    torsion : (n_sections,), N mm2
        GJ with the polar moment about the weighted centroid.
    centroid : (n_sections, 3), mm
        Centroid weighted with Young's modulus, LPS.
    area : (n_sections,), mm2
        Area of bone.
    complete : (n_sections,), bool
        False where the bone reaches the end of the image or of the sampled disc, so that a part of
        the section is not counted.

    Notes
    -----
    The polar moment is the torsional rigidity of round closed sections only. Where a lesion opens
    the cortex along the shaft, the true (Saint-Venant) rigidity collapses, while the polar one
    falls only in proportion: a tube of radii 14 and 7 mm that lacks a sector of 90 degrees keeps
    68 % of it. Torsion of an open section needs a finite-element model.
    """

    planes: SectionPlanes
    axial: FloatArray
    bending: FloatArray
    torsion: FloatArray
    centroid: FloatArray
    area: FloatArray
    complete: BoolArray

    def __post_init__(self) -> None:
        for name in ("axial", "bending", "torsion", "centroid", "area", "complete"):
            object.__setattr__(self, name, read_only(getattr(self, name)))

    @property
    def principal_bending(self) -> FloatArray:
        """Principal bending rigidities, larger first, shape (n_sections, 2), N mm2."""
        return np.asarray(np.linalg.eigvalsh(self.bending)[:, ::-1])

    @property
    def weakest(self) -> tuple[int, int, int]:
        """Complete sections of the smallest axial, bending and torsional rigidity.

        Raises
        ------
        OutOfRangeError
            If no section is complete.
        """
        check_any_complete(self.complete)
        rigidities = (self.axial, self.principal_bending[:, 1], self.torsion)
        axial, bending, torsion = (_argmin(values, self.complete) for values in rigidities)
        return axial, bending, torsion


def section_rigidity(
    E_modulus: FloatArray,
    bone: LabelMask,
    planes: SectionPlanes,
    *,
    nu: float,
    reach: float,
    sampling: float = 0.5,
) -> SectionRigidity:
    r"""Return the rigidity of sections through an image of Young's modulus.

    Parameters
    ----------
    E_modulus : (ni, nj, nk), MPa
        Young's modulus on the grid of `bone`; read inside the bone only.
    bone : LabelMask
        The bone.
    planes : SectionPlanes
        Where to cut it.
    nu : float
        Poisson's ratio.
    reach : float, mm
        Radius of the disc around each plane's centre in which bone belongs to the section.
    sampling : float, mm
        Distance between samples in a plane.

    Raises
    ------
    ShapeError
        If modulus and mask differ in shape.
    OutOfRangeError
        If a modulus inside the bone is not positive, or a section holds no bone.

    Notes
    -----
    With the samples' area da, in-plane coordinates a and b from the weighted centroid and
    :math:`G = E / (2 (1 + \nu))`: :math:`EA = \sum E \, da`, :math:`EI_a = \sum E b^2 da`,
    :math:`EI_b = \sum E a^2 da`, :math:`GJ = \sum G (a^2 + b^2) da`. Modulus times mask is
    interpolated linearly between voxels, which keeps its integral.

    References
    ----------
    Nazarian A et al., Clin Cancer Res 2015;21:2514, doi:10.1158/1078-0432.CCR-14-2668.
    """
    check_shape("E_modulus", E_modulus, bone.grid.shape)
    _check_modulus(E_modulus, bone)
    stiff = np.where(bone.inside, E_modulus, 0.0)
    solid = bone.inside.astype(np.float32)
    offsets = _disc(reach, sampling)
    rim = np.hypot(*offsets.T) > reach - 2.0 * sampling
    rows = [
        _integrate(stiff, solid, bone.grid.to_index(centre + offsets @ axes).T, offsets, rim)
        for centre, axes in zip(planes.centre, planes.axes, strict=True)
    ]
    area, moments, complete = (np.array(column) for column in zip(*rows, strict=True))
    moments *= sampling**2
    return _assemble(planes, area * sampling**2, moments, complete, nu)


def _disc(reach: float, sampling: float) -> FloatArray:
    """Return in-plane coordinates (n, 2) of the samples in a disc, mm."""
    if not 0.0 < sampling < reach:
        raise OutOfRangeError(
            found=f"samples every {sampling:.3g} mm of a disc of {reach:.3g} mm radius",
            expected="a positive distance below the radius",
            remedy="choose a smaller sampling or a larger reach",
        )
    ticks = sampling * np.arange(-int(reach / sampling), int(reach / sampling) + 1)
    pairs = np.stack(np.meshgrid(ticks, ticks, indexing="ij"), axis=-1).reshape(-1, 2)
    return np.asarray(pairs[np.hypot(*pairs.T) <= reach])


def _integrate(
    stiff: FloatArray, solid: FloatArray, index: FloatArray, offsets: FloatArray, rim: BoolArray
) -> tuple[float, FloatArray, bool]:
    """Return sums over one section: of the mask, and of E times 1, a, b, a2, ab, b2.

    The third value tells whether the bone ends inside the image and inside the disc.
    """
    E = ndimage.map_coordinates(stiff, index, order=1)
    inside = ndimage.map_coordinates(solid, index, order=1)
    a, b = offsets.T
    moments = np.array([np.sum(E * f) for f in (1.0, a, b, a * a, a * b, b * b)])
    return float(inside.sum()), moments, not _is_cut(solid, index, rim)


def _is_cut(solid: FloatArray, index: FloatArray, rim: BoolArray) -> bool:
    """Whether there is bone at the rim of the disc or where the image ends."""
    end = np.asarray(solid.shape)[:, None] - 1.0
    beyond = ((index < 0.0) | (index > end)).any(axis=0)
    last = np.clip(np.rint(index), 0, end).astype(int)
    return bool(solid[tuple(last[:, rim | beyond])].any())


def _assemble(
    planes: SectionPlanes, area: FloatArray, moments: FloatArray, complete: BoolArray, nu: float
) -> SectionRigidity:
    axial = moments[:, 0]
    empty = np.flatnonzero(axial <= 0.0)
    if empty.size:
        x, y, z = planes.centre[empty[0]]
        raise OutOfRangeError(
            found=f"{empty.size} sections without bone, the first at ({x:.1f}, {y:.1f}, {z:.1f})"
            " mm",
            expected="bone in every section",
            remedy="check that planes and mask belong together, or cut a shorter length",
        )
    a, b = moments[:, 1] / axial, moments[:, 2] / axial
    about_second = moments[:, 3] - axial * a**2
    product = moments[:, 4] - axial * a * b
    about_first = moments[:, 5] - axial * b**2
    bending = np.stack([about_first, -product, -product, about_second], axis=1)
    return SectionRigidity(
        planes=planes,
        axial=axial,
        bending=bending.reshape(-1, 2, 2),
        torsion=(about_first + about_second) / (2.0 * (1.0 + nu)),
        centroid=planes.centre + a[:, None] * planes.axes[:, 0] + b[:, None] * planes.axes[:, 1],
        area=area,
        complete=complete,
    )


def _check_modulus(E_modulus: FloatArray, bone: LabelMask) -> None:
    bad = int(np.count_nonzero(~(E_modulus[bone.inside] > 0.0)))
    if bad:
        raise OutOfRangeError(
            found=f"{bad} voxels inside the bone whose modulus is not positive",
            expected="a positive modulus in MPa inside the bone",
            remedy="apply a modulus floor, or check the calibration",
        )


def check_any_complete(complete: BoolArray) -> None:
    """Raise unless a section is complete.

    Raises
    ------
    OutOfRangeError
        With the number of sections.
    """
    if not complete.any():
        raise OutOfRangeError(
            found=f"{len(complete)} sections, all cut by the end of the image or of the disc",
            expected="at least one complete section",
            remedy="use a larger reach, or planes further from the end of the scan",
        )


def _argmin(values: FloatArray, where: BoolArray) -> int:
    return int(np.argmin(np.where(where, values, np.inf)))
