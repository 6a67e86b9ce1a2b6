"""Smooth differences between femora that are not in the modes: a Gaussian process on the mean."""

from dataclasses import dataclass

import numpy as np

from femur_fea.domain import FloatArray, IntArray
from meshing.shape.landmarks import fit_sphere
from meshing.shape.model import ShapeModel
from meshing.shape.regions import REGIONS

__all__ = ["LocalField", "local_coordinates", "local_field", "smooth_basis"]

_LEFT = 0.01  # of the mean variance that the basis may leave out
# choices: how much farther shaft and head are alike than the rest, and mm at either end of the
# shaft over which its sections become so
_STIFFER, _ONSET = 5.0, 40.0


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class LocalField:
    """What an unseen femur shows beside the modes.

    Attributes
    ----------
    basis : (n, r), mm
        Functions whose sum with independent normal weights is the field in one direction.
    """

    basis: FloatArray

    def draw(self, rng: np.random.Generator) -> FloatArray:
        """Return random displacements of all points, (n, 3), mm."""
        return np.asarray(self.basis @ rng.standard_normal((self.basis.shape[1], 3)))


def local_field(model: ShapeModel) -> LocalField:
    """Return the field that the model's `local_sd` and `local_length` describe."""
    where = local_coordinates(model.mean, model.regions)
    return LocalField(
        basis=model.local_sd[:, None] * smooth_basis(where, length=model.local_length)
    )


def local_coordinates(points: FloatArray, regions: IntArray) -> FloatArray:
    """Return coordinates (n, 3), mm, of the mean in which shaft and head are shortened and thinned.

    Femora differ slowly along the shaft, whose sections move more than they change, and heads stay
    round: without that, random ones have shafts like bamboo and heads with bumps.
    """
    return _with_stiff_head(_with_stiff_shaft(points, regions), points, regions)


def _with_stiff_shaft(points: FloatArray, regions: IntArray) -> FloatArray:
    z = points[:, 2]
    top, end = (
        float(z[regions == REGIONS.index(name)].max()) for name in ("subtrochanteric", "distal")
    )
    on_shaft = (z < top) & (z > end)
    axis = np.stack([np.poly1d(np.polyfit(z[on_shaft], x[on_shaft], 2))(z) for x in points.T[:2]])
    # thinned over its middle, by less towards both ends
    share = np.clip(np.minimum(top - z, z - end) / _ONSET, 0.0, 1.0)
    kept = 1.0 - (1.0 - 1.0 / _STIFFER) * share[:, None]
    along = np.clip(z, end, top) - top
    across = axis.T + kept * (points[:, :2] - axis.T)
    return np.column_stack([across, z - along + along / _STIFFER])


def _with_stiff_head(where: FloatArray, points: FloatArray, regions: IntArray) -> FloatArray:
    centre, radius = fit_sphere(points[regions == REGIONS.index("head")])
    arm = points - centre
    distance = np.linalg.norm(arm, axis=1, keepdims=True)
    return np.asarray(where - arm * (1.0 - 1.0 / _STIFFER) * np.minimum(1.0, radius / distance))


def smooth_basis(points: FloatArray, *, length: float) -> FloatArray:
    """Return functions (n, r) whose sum with independent normal weights is a Gaussian process.

    Its variance is 1 and its correlation exp(-d^2 / (2 length^2)), to 1 % of the variance.

    Parameters
    ----------
    points : (n, 3), mm
        Where the process is wanted.
    length : float, mm
        Over which it is alike.

    Notes
    -----
    The columns are the first of a Cholesky factor of the covariance with pivoting, so that no
    eigenvectors, whose sign is arbitrary, are needed: the same weights give the same field.

    References
    ----------
    Luethi, Gerig, Jud and Vetter, Gaussian process morphable models, IEEE Transactions on Pattern
    Analysis and Machine Intelligence 2018;40:1860, doi:10.1109/TPAMI.2017.2739743
    """
    left = np.ones(len(points))
    columns = np.empty((0, len(points)))
    while left.mean() > _LEFT:
        pivot = int(left.argmax())
        apart = points - points[pivot]
        column = np.exp(-0.5 * np.einsum("ij,ij->i", apart, apart) / length**2)
        column -= columns[:, pivot] @ columns
        column /= np.sqrt(left[pivot])
        left = np.maximum(left - column**2, 0.0)
        columns = np.vstack([columns, column])
    return columns.T
