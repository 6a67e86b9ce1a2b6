"""The model in correspondence with a given femur."""

from dataclasses import dataclass

import numpy as np
from scipy.spatial import cKDTree

from femur_fea.domain import BoolArray, FloatArray, IntArray, LabelMask, Side, TriangleSurface
from femur_fea.errors import SideError
from meshing.mirror import surface_to_side
from meshing.outline import smooth_outline
from meshing.shape.fitting import Deformation, Fit, fit
from meshing.shape.local import smooth_basis
from meshing.shape.model import ShapeModel
from meshing.shape.pairing import find_pairs
from meshing.shape.quality import FitQuality, check_fit, errors_at_samples, judge_fit
from meshing.shape.regions import REGIONS
from meshing.shape.relief import follow_relief
from meshing.shape.start import Pose, find_starts
from meshing.shape.target import Target, prepare_target

__all__ = ["Registration", "find_side", "register_mask", "register_surface"]

_SIZE = 0.1  # standard deviation of the scale that a fit may use beside the modes
_LOCAL_LENGTH, _LOCAL_SD = 30.0, 2.0  # mm: what the fit may do beside the modes
_N_STARTS = 2  # poses from which the modes are fitted
_MODE_STEPS, _LOCAL_STEPS = 12, 8
_MODE_REACHES, _LOCAL_REACHES, _SEEN_REACH = (20.0, 5.0), (8.0, 4.0), 4.0  # mm
# of the distance by modes from the stated side; the wrong side gives two to three times the
# distance of the right one
_BETTER = 0.8


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Registration:
    """A femur in correspondence with the model.

    Attributes
    ----------
    points : (n, 3), mm
        The model's points on this femur, LPS; a whole femur, however little of it was given.
    triangles : (m, 3)
        Closed surface over them, outwards.
    regions : (n,)
        Index into `REGIONS`.
    seen : (n,)
        Whether the given surface lies at a point. What is not seen was completed by the model.
    side : {"left", "right"}
        Which femur.
    pose : Pose
        From the model's axes to those of the femur, mirrored to a right one.
    coefficients : (k,)
        Of the model's modes, in standard deviations.
    quality : FitQuality
        How good the fit is.
    """

    points: FloatArray
    triangles: IntArray
    regions: IntArray
    seen: BoolArray
    side: Side
    pose: Pose
    coefficients: FloatArray
    quality: FitQuality

    @property
    def surface(self) -> TriangleSurface:
        """The whole femur as a closed surface, LPS."""
        return TriangleSurface(points=self.points, triangles=self.triangles)

    def regions_at(self, points: FloatArray) -> IntArray:
        """Return the region of LPS points (p, 3) in mm: that of the nearest point of the femur."""
        return np.asarray(self.regions[cKDTree(self.points).query(points)[1]])


def register_mask(model: ShapeModel, mask: LabelMask, *, side: Side) -> Registration:
    """Return the femur in a mask in correspondence with the model; see `register_surface`."""
    return register_surface(model, smooth_outline(mask, side=side), side=side)


def register_surface(model: ShapeModel, surface: TriangleSurface, *, side: Side) -> Registration:
    """Return a femur in correspondence with the model.

    Parameters
    ----------
    model : ShapeModel
        Of whole femora.
    surface : TriangleSurface
        A femur with its head, of any orientation, cut anywhere below the lesser trochanter;
        closed by a flat end, or open there. Normals outwards.
    side : {"left", "right"}
        Which femur.

    Raises
    ------
    OutOfRangeError
        If the surface is too small for a femur.
    RegistrationError
        If the model does not come to lie on the surface.
    SideError
        If a femur of the other side fits clearly better.
    """
    here, target = _fit_modes(model, surface, side)
    other = _other(side)
    there = _fit_modes(model, surface, other)[0]
    registration = _deform(model, target, here.fit, side)
    check_fit(registration.quality, side)
    if there.error < _BETTER * here.error:
        raise SideError(
            found=f"a surface {here.error:.1f} mm from {side} femora in the mean, but "
            f"{there.error:.1f} mm from {other} ones",
            expected=f"a {side} femur",
            remedy=f"state the side as {other}, or check the orientation of the image",
        )
    return registration


def find_side(model: ShapeModel, surface: TriangleSurface) -> Side:
    """Return which femur a surface of any orientation is: the side that the model fits better.

    Raises
    ------
    OutOfRangeError
        If the surface is too small for a femur.
    SideError
        If both sides fit about as well.
    """
    left, right = (_fit_modes(model, surface, side)[0].error for side in ("left", "right"))
    if left < _BETTER * right:
        return "left"
    if right < _BETTER * left:
        return "right"
    raise SideError(
        found=f"a surface {left:.1f} mm from left femora and {right:.1f} mm from right ones",
        expected="one side that fits clearly better",
        remedy="check that the surface is a femur with its head, or state the side",
    )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _ModesFit:
    """Pose, size and modes, and the mean distance of the surface from them, mm."""

    fit: Fit
    error: float


def _other(side: Side) -> Side:
    return "left" if side == "right" else "right"


def _fit_modes(model: ShapeModel, surface: TriangleSurface, side: Side) -> tuple[_ModesFit, Target]:
    """Return the best fit by modes, from the best starts, and the surface as a right femur."""
    target = prepare_target(surface_to_side(surface, side))
    deformation = _modes_of(model)
    found = []
    for pose in find_starts(model, target)[:_N_STARTS]:
        start = Fit(pose=pose, coefficients=np.zeros(deformation.n_unknowns))
        each = fit(
            deformation,
            model.triangles,
            target,
            start,
            steps=_MODE_STEPS,
            reaches=_MODE_REACHES,
        )
        placed = _placed(model, deformation, each)
        found.append(_ModesFit(fit=each, error=float(errors_at_samples(target, placed).mean())))
    return min(found, key=lambda each: each.error), target


def _modes_of(model: ShapeModel) -> Deformation:
    """Return size and modes."""
    return Deformation(
        mean=model.mean,
        modes=np.concatenate([_SIZE * model.mean[None], model.modes]),
        local=np.zeros((model.n_points, 0)),
    )


def _placed(model: ShapeModel, deformation: Deformation, found: Fit) -> TriangleSurface:
    points = found.pose.to_world(deformation.points(found.coefficients))
    return TriangleSurface(points=points, triangles=model.triangles)


def _deform(model: ShapeModel, target: Target, by_modes: Fit, side: Side) -> Registration:
    """Follow the surface beyond the modes, and tell where it was seen and how well it fits."""
    modes = _modes_of(model)
    local = _LOCAL_SD * smooth_basis(model.mean, length=_LOCAL_LENGTH)
    deformation = Deformation(mean=model.mean, modes=modes.modes, local=local)
    unknowns = np.zeros(deformation.n_unknowns)
    unknowns[: modes.n_unknowns] = by_modes.coefficients
    locally = fit(
        deformation,
        model.triangles,
        target,
        Fit(pose=by_modes.pose, coefficients=unknowns),
        steps=_LOCAL_STEPS,
        reaches=_LOCAL_REACHES,
    )
    points = follow_relief(_placed(model, deformation, locally).points, model.triangles, target)
    right = TriangleSurface(points=points, triangles=model.triangles)
    pairs = find_pairs(points, model.triangles, target, reach=_SEEN_REACH)
    placed = surface_to_side(right, side)
    coefficients = by_modes.coefficients[1:]  # the first is the size
    return Registration(
        points=placed.points,
        triangles=placed.triangles,
        regions=model.regions,
        seen=pairs.seen,
        side=side,
        pose=locally.pose,
        coefficients=coefficients,
        quality=judge_fit(
            target,
            right,
            _placed(model, modes, by_modes),
            seen=pairs.seen,
            head=model.regions == REGIONS.index("head"),
            matched=pairs.matched,
            coefficients=coefficients,
        ),
    )
