"""The model in correspondence with a given femur."""

from dataclasses import dataclass

import numpy as np
from scipy.spatial import cKDTree

from femur_fea.domain import BoolArray, FloatArray, IntArray, LabelMask, Side, TriangleSurface
from femur_fea.errors import RegistrationError
from meshing.mirror import surface_to_side
from meshing.outline import smooth_outline
from meshing.shape.distance import distances_to_surface
from meshing.shape.fitting import Deformation, Fit, fit
from meshing.shape.local import smooth_basis
from meshing.shape.model import ShapeModel
from meshing.shape.pairing import find_pairs
from meshing.shape.regions import REGIONS
from meshing.shape.relief import follow_relief
from meshing.shape.start import Pose, find_starts
from meshing.shape.target import Target, prepare_target

__all__ = ["FitQuality", "Registration", "find_side", "register_mask", "register_surface"]

_SIZE = 0.1  # standard deviation of the scale that a fit may use beside the modes
_LOCAL_LENGTH, _LOCAL_SD = 30.0, 2.0  # mm: what the fit may do beside the modes
_MODE_STEPS, _LOCAL_STEPS = 12, 8
_LOCAL_REACHES = (8.0, 4.0)  # mm
_SEEN_REACH = 4.0  # mm
_N_ERRORS = 4000  # samples at which the fit is judged
_WORST_MEAN, _WORST_95 = 2.0, 5.0  # mm
_LEAST_MATCHED, _LEAST_HEAD = 0.9, 0.5
_FARTHEST = 3.5  # root mean square of the modes' coefficients


@dataclass(frozen=True, slots=True, kw_only=True)
class FitQuality:
    """How well the registered model lies on the surface, distances in mm.

    Attributes
    ----------
    mean, p95, largest : float, mm
        Of the distances from the surface, but its cuts, to the registered model.
    model_mean, model_p95 : float, mm
        Of the distances from those points of the registered model that are seen to the surface.
    modes_mean, modes_p95 : float, mm
        As `mean` and `p95`, by pose, size and modes alone.
    matched : float
        Part of the surface that faces the model near to it.
    seen : float
        Part of the model's points next to which the surface lies.
    improbability : float
        Root mean square of the modes' coefficients; about 1 in the population.
    """

    mean: float
    p95: float
    largest: float
    model_mean: float
    model_p95: float
    modes_mean: float
    modes_p95: float
    matched: float
    seen: float
    improbability: float


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
    """
    registration = _register(model, surface, side)
    _check(registration)
    return registration


def find_side(model: ShapeModel, surface: TriangleSurface) -> Side:
    """Return which femur a surface of any orientation is: the side that the model fits better.

    Raises
    ------
    OutOfRangeError
        If the surface is too small for a femur.
    RegistrationError
        If neither side fits.
    """
    sides: tuple[Side, Side] = ("left", "right")
    found = [_register(model, surface, side) for side in sides]
    best = min(found, key=lambda registration: registration.quality.modes_mean)
    _check(best)
    return best.side


def _register(model: ShapeModel, surface: TriangleSurface, side: Side) -> Registration:
    target = prepare_target(surface_to_side(surface, side))
    by_modes = _fit_modes(model, target)
    deformation = _with_local(model)
    padded = np.zeros(deformation.n_unknowns)
    padded[: len(by_modes.coefficients)] = by_modes.coefficients
    locally = fit(
        deformation,
        model.triangles,
        target,
        Fit(pose=by_modes.pose, coefficients=padded),
        steps=_LOCAL_STEPS,
        reaches=_LOCAL_REACHES,
    )
    smooth = locally.pose.to_world(deformation.points(locally.coefficients))
    points = follow_relief(smooth, model.triangles, target)
    pairs = find_pairs(points, model.triangles, target, reach=_SEEN_REACH)
    right = TriangleSurface(points=points, triangles=model.triangles)
    placed = surface_to_side(right, side)
    alone = by_modes.pose.to_world(_by_modes(model).points(by_modes.coefficients))
    return Registration(
        points=placed.points,
        triangles=placed.triangles,
        regions=model.regions,
        seen=pairs.seen,
        side=side,
        pose=locally.pose,
        coefficients=by_modes.coefficients[1:],
        quality=_judge(
            right,
            TriangleSurface(points=alone, triangles=model.triangles),
            target,
            pairs.seen,
            pairs.matched,
            by_modes.coefficients[1:],
        ),
    )


def _by_modes(model: ShapeModel) -> Deformation:
    return Deformation(
        mean=model.mean,
        modes=np.concatenate([_SIZE * model.mean[None], model.modes]),
        local=np.zeros((model.n_points, 0)),
    )


def _with_local(model: ShapeModel) -> Deformation:
    by_modes = _by_modes(model)
    local = _LOCAL_SD * smooth_basis(model.mean, length=_LOCAL_LENGTH)
    return Deformation(mean=model.mean, modes=by_modes.modes, local=local)


def _fit_modes(model: ShapeModel, target: Target) -> Fit:
    """Return the best fit by modes from the two best starts."""
    deformation = _by_modes(model)
    fits = [
        fit(
            deformation,
            model.triangles,
            target,
            Fit(pose=pose, coefficients=np.zeros(deformation.n_unknowns)),
            steps=_MODE_STEPS,
        )
        for pose in find_starts(model, target)[:2]
    ]
    return min(fits, key=lambda each: _off(each, deformation, target))


def _off(each: Fit, deformation: Deformation, target: Target) -> float:
    """Return the mean distance of samples from the nearest points of the fit, mm."""
    points = each.pose.to_world(deformation.points(each.coefficients))
    return float(cKDTree(points).query(target.points[target.thinned(_N_ERRORS)])[0].mean())


def _judge(
    fitted: TriangleSurface,
    by_modes: TriangleSurface,
    target: Target,
    seen: BoolArray,
    matched: float,
    coefficients: FloatArray,
) -> FitQuality:
    samples = target.points[target.thinned(_N_ERRORS)]
    away = distances_to_surface(samples, fitted)
    modes_away = distances_to_surface(samples, by_modes)
    back = distances_to_surface(fitted.points[seen], target.surface)
    return FitQuality(
        mean=float(away.mean()),
        p95=float(np.quantile(away, 0.95)),
        largest=float(away.max()),
        model_mean=float(back.mean()) if back.size else np.inf,
        model_p95=float(np.quantile(back, 0.95)) if back.size else np.inf,
        modes_mean=float(modes_away.mean()),
        modes_p95=float(np.quantile(modes_away, 0.95)),
        matched=matched,
        seen=float(seen.mean()),
        improbability=float(np.sqrt(np.mean(coefficients**2))),
    )


def _check(registration: Registration) -> None:
    quality = registration.quality
    head = registration.seen[registration.regions == REGIONS.index("head")].mean()
    faults = [
        (
            quality.mean > _WORST_MEAN or quality.p95 > _WORST_95,
            f"a surface {quality.mean:.1f} mm from the model in the mean and "
            f"{quality.p95:.1f} mm at 95 %",
            f"at most {_WORST_MEAN:g} mm and {_WORST_95:g} mm",
        ),
        (
            quality.matched < _LEAST_MATCHED,
            f"{100 * quality.matched:.0f} % of the surface next to the model",
            f"at least {100 * _LEAST_MATCHED:.0f} %",
        ),
        (
            head < _LEAST_HEAD,
            f"{100 * head:.0f} % of the head on the surface",
            f"at least {100 * _LEAST_HEAD:.0f} %",
        ),
        (
            quality.improbability > _FARTHEST,
            f"a shape {quality.improbability:.1f} standard deviations from the mean femur",
            f"at most {_FARTHEST:g}",
        ),
    ]
    for wrong, found, expected in faults:
        if wrong:
            raise RegistrationError(
                found=found,
                expected=expected,
                remedy=f"check that the surface is a {registration.side} femur with its head, in "
                "mm, without other bones",
            )
