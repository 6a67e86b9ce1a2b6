"""Femora drawn from the model: at random, or with a wanted anatomy."""

from collections.abc import Mapping
from dataclasses import dataclass, fields

import numpy as np

from femur_fea.domain import FloatArray, Side, TriangleSurface
from femur_fea.errors import NotConvergedError, OutOfRangeError, UnknownNameError
from meshing.mirror import surface_to_side
from meshing.shape.anatomy import Anatomy, measure_anatomy
from meshing.shape.folds import count_folds
from meshing.shape.local import LocalField
from meshing.shape.model import ShapeModel

__all__ = ["FemurShape", "draw_femur", "femur_with"]

_STEPS = 12
_STEP = 0.05  # standard deviations, of the differences that give the slopes
_TOLERANCE = 1e-4  # of the standard deviation of each measure
_MOST_DRAWS = 50
_FARTHEST = 3.5  # standard deviations that any coefficient may reach
_NAMES = tuple(field.name for field in fields(Anatomy))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class FemurShape:
    """A femur of the model.

    Attributes
    ----------
    surface : TriangleSurface
        The whole femur, closed, LPS, in the pose of the model: head's centre near the origin,
        mechanical axis near z, back of the condyles near a plane of constant y.
    coefficients : (k,)
        Of the modes, in standard deviations.
    local : (n, 3), mm
        Displacements beside the modes, of the right femur.
    anatomy : Anatomy
        What it measures.
    side : {"left", "right"}
        Which femur.
    """

    surface: TriangleSurface
    coefficients: FloatArray
    local: FloatArray
    anatomy: Anatomy
    side: Side


def draw_femur(
    model: ShapeModel, local: LocalField, *, side: Side, rng: np.random.Generator
) -> FemurShape:
    """Return a random femur of the population: modes and local differences.

    Parameters
    ----------
    model : ShapeModel
        The population.
    local : LocalField
        `local_field(model)`, made once for many femora.
    side : {"left", "right"}
        Which femur.
    rng : Generator
        Draws the coefficients, then the local differences.

    Raises
    ------
    NotConvergedError
        If femora come out folded again and again.

    Notes
    -----
    Femora whose surface is folded are drawn anew: two in ten, for modes are straight lines and go
    too far where the lesser trochanter meets the shaft.
    """
    for _ in range(_MOST_DRAWS):
        femur = _shape(model, rng.standard_normal(model.n_modes), local.draw(rng), side)
        if count_folds(femur.surface) == 0:
            return femur
    raise NotConvergedError(
        found=f"{_MOST_DRAWS} random femora in a row whose surfaces are folded",
        expected="about eight in ten without a fold",
        remedy="check the model: its modes are too large for its surface",
    )


def femur_with(
    model: ShapeModel,
    wanted: Mapping[str, float],
    *,
    side: Side,
    start: FloatArray | None = None,
    local: FloatArray | None = None,
) -> FemurShape:
    """Return the femur with a wanted anatomy that is nearest to another.

    Parameters
    ----------
    model : ShapeModel
        The population.
    wanted : mapping
        Values of fields of `Anatomy`, mm and rad; what is not named follows by probability.
    side : {"left", "right"}
        Which femur.
    start : (k,), optional
        Coefficients of the other femur: the mean without, the likeliest femur then; random ones
        give random femora of this anatomy.
    local : (n, 3), mm, optional
        Displacements beside the modes.

    Raises
    ------
    UnknownNameError
        If something is named that `Anatomy` has not.
    OutOfRangeError
        If no femur of the model within 3.5 standard deviations of every mode measures that, or
        its surface is folded.
    NotConvergedError
        If the search does not settle.

    Notes
    -----
    Gauss-Newton on the measures; every step changes the coefficients as little as possible. Were
    measures linear in the coefficients, normal random `start` would give the exact distribution
    under the condition.
    """
    names = _checked(wanted)
    values = np.array([wanted[name] for name in names])
    displaced = np.zeros_like(model.mean) if local is None else local
    coefficients = np.zeros(model.n_modes) if start is None else np.asarray(start, dtype=float)
    for _ in range(_STEPS):
        measured, slopes = _slopes(model, coefficients, displaced, names)
        spread = np.linalg.norm(slopes, axis=1)
        missing = values - measured
        if (np.abs(missing) < _TOLERANCE * spread).all():
            return _unfolded(_shape(model, coefficients, displaced, side))
        scaled = slopes / spread[:, None]
        coefficients = coefficients + np.linalg.lstsq(scaled, missing / spread, rcond=None)[0]
        _check_range(coefficients, wanted)
    raise NotConvergedError(
        found=f"an anatomy that is still off by {np.abs(missing / spread).max():.2g} standard "
        f"deviations after {_STEPS} steps",
        expected=f"less than {_TOLERANCE:g}",
        remedy="ask for fewer measures, or for values nearer to the mean femur's",
    )


def _checked(wanted: Mapping[str, float]) -> tuple[str, ...]:
    for name in wanted:
        if name not in _NAMES:
            raise UnknownNameError(
                found=f"a measure called {name!r}",
                expected=f"one of {', '.join(_NAMES)}",
                remedy="name measures as the fields of Anatomy",
            )
    return tuple(name for name in _NAMES if name in wanted)


def _slopes(
    model: ShapeModel, coefficients: FloatArray, displaced: FloatArray, names: tuple[str, ...]
) -> tuple[FloatArray, FloatArray]:
    """Return measures (m,) and their slopes by the coefficients (m, k)."""
    points = model.points(coefficients) + displaced

    def measure(shape: FloatArray) -> FloatArray:
        return measure_anatomy(shape, model.landmarks).as_array(names)

    measured = measure(points)
    slopes = [(measure(points + _STEP * mode) - measured) / _STEP for mode in model.modes]
    return measured, np.stack(slopes, axis=1)


def _check_range(coefficients: FloatArray, wanted: Mapping[str, float]) -> None:
    farthest = float(np.abs(coefficients).max())
    if farthest > _FARTHEST:
        asked = ", ".join(f"{name} {value:.4g}" for name, value in wanted.items())
        raise OutOfRangeError(
            found=f"a wanted femur ({asked}) that is {farthest:.1f} standard deviations from the "
            "mean in one mode",
            expected=f"at most {_FARTHEST:g}: the model knows 14 persons",
            remedy="ask for values nearer to the mean femur's, or for fewer at a time",
        )


def _unfolded(femur: FemurShape) -> FemurShape:
    n_folds = count_folds(femur.surface)
    if n_folds:
        raise OutOfRangeError(
            found=f"a femur with {n_folds} folded edges",
            expected="a surface without folds",
            remedy="start from other coefficients, or leave out local differences",
        )
    return femur


def _shape(
    model: ShapeModel, coefficients: FloatArray, displaced: FloatArray, side: Side
) -> FemurShape:
    points = model.points(coefficients) + displaced
    right = TriangleSurface(points=points, triangles=model.triangles)
    return FemurShape(
        surface=surface_to_side(right, side),
        coefficients=coefficients,
        local=displaced,
        anatomy=measure_anatomy(points, model.landmarks),
        side=side,
    )
