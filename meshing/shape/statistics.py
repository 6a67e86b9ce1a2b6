"""Mean, modes and quality of a set of femora in correspondence."""

import numpy as np
import numpy.typing as npt

from femur_fea.domain import FloatArray

__all__ = [
    "align",
    "compactness",
    "generalisation",
    "modes_of",
    "person_weights",
    "residual",
    "rigid_motion",
    "specificity",
]

_PROCRUSTES_STEPS = 10
_LEAST_SHARE = 1e-6  # of the total variance; what is less is round-off


def rigid_motion(moving: FloatArray, fixed: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return rotation (3, 3) and translation (3,) that bring points nearest to others.

    The moved points are `moving @ rotation.T + translation`.

    References
    ----------
    Kabsch, Acta Crystallographica A 1976;32:922, doi:10.1107/S0567739476001873
    """
    from_, to = moving.mean(axis=0), fixed.mean(axis=0)
    u, _, vt = np.linalg.svd((moving - from_).T @ (fixed - to))
    flip = np.diag([1.0, 1.0, np.sign(np.linalg.det(u @ vt))])
    rotation = (u @ flip @ vt).T
    return rotation, to - rotation @ from_


def align(shapes: FloatArray, weights: FloatArray) -> FloatArray:
    """Return shapes (s, n, 3) moved rigidly to their common mean, which keeps the first's pose.

    Size is kept: it is a part of the shape.
    """
    mean = shapes[0]
    for _ in range(_PROCRUSTES_STEPS):
        moved = np.stack([_moved(shape, mean) for shape in shapes])
        mean = _moved(np.average(moved, axis=0, weights=weights), mean)
    return moved


def _moved(shape: FloatArray, onto: FloatArray) -> FloatArray:
    rotation, translation = rigid_motion(shape, onto)
    return np.asarray(shape @ rotation.T + translation)


def modes_of(shapes: FloatArray, weights: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return mean (n, 3) and modes (k, n, 3) of aligned shapes (s, n, 3), mm.

    Parameters
    ----------
    shapes : (s, n, 3), mm
        In correspondence and aligned.
    weights : (s,)
        How many persons each stands for: two femora of one person count half each.

    Notes
    -----
    The covariance is divided by the persons less one. Every mode is one standard deviation, its
    largest coordinate positive.
    """
    mean = np.average(shapes, axis=0, weights=weights)
    share = np.sqrt(weights / (weights.sum() - 1.0))
    rows = (shapes - mean).reshape(len(shapes), -1) * share[:, None]
    _, size, directions = np.linalg.svd(rows, full_matrices=False)
    kept = size**2 > _LEAST_SHARE * (size**2).sum()
    directions, size = directions[kept], size[kept]
    largest = np.take_along_axis(directions, np.abs(directions).argmax(axis=1)[:, None], axis=1)
    modes = directions * np.sign(largest) * size[:, None]
    return mean, modes.reshape(-1, *mean.shape)


def compactness(modes: FloatArray) -> FloatArray:
    """Return the part of the total variance in the first 1, 2, ... modes, shape (k,)."""
    variance = np.einsum("kij,kij->k", modes, modes)
    return np.asarray(np.cumsum(variance) / variance.sum())


def generalisation(
    shapes: FloatArray, persons: npt.NDArray[np.generic], counts: list[int]
) -> FloatArray:
    """Return how far femora of unseen persons are from the model, shape (len(counts),), mm.

    Each person's femora are left out in turn, and approximated by the first modes of the others.

    Parameters
    ----------
    shapes : (s, n, 3), mm
        Aligned.
    persons : (s,)
        Whose femur each is.
    counts : list of int
        Numbers of modes.
    """
    errors = [_left_out(shapes, persons, person, counts) for person in np.unique(persons)]
    return np.asarray(np.mean(errors, axis=0))


def person_weights(persons: npt.NDArray[np.generic]) -> FloatArray:
    """Return the weight of every femur, so that each person counts once, shape (s,)."""
    _, which, count = np.unique(persons, return_inverse=True, return_counts=True)
    return np.asarray(1.0 / count[which])


def _left_out(
    shapes: FloatArray, persons: npt.NDArray[np.generic], person: np.generic, counts: list[int]
) -> FloatArray:
    out = np.asarray(persons == person)
    mean, modes = modes_of(shapes[~out], person_weights(persons[~out]))
    errors = [[_distance(shape, mean, modes[:k]) for k in counts] for shape in shapes[out]]
    return np.asarray(np.mean(errors, axis=0))


def _distance(shape: FloatArray, mean: FloatArray, modes: FloatArray) -> float:
    """Return the mean distance between points of a shape and of its projection, mm."""
    return float(np.linalg.norm(residual(shape, mean, modes), axis=1).mean())


def residual(shape: FloatArray, mean: FloatArray, modes: FloatArray) -> FloatArray:
    """Return what is left of a shape after its projection on orthogonal modes, (n, 3), mm."""
    off = shape - mean
    size = np.einsum("kij,kij->k", modes, modes)
    scores = np.einsum("kij,ij->k", modes, off) / size
    return np.asarray(off - np.tensordot(scores, modes, axes=1))


def specificity(
    shapes: FloatArray,
    mean: FloatArray,
    modes: FloatArray,
    *,
    n_samples: int,
    rng: np.random.Generator,
) -> float:
    """Return how far random femora are from the nearest real one: mean of point distances, mm."""
    weights = rng.standard_normal((n_samples, len(modes)))
    nearest = []
    for row in weights:
        sample = mean + np.tensordot(row, modes, axes=1)
        nearest.append(np.linalg.norm(shapes - sample, axis=2).mean(axis=1).min())
    return float(np.mean(nearest))
