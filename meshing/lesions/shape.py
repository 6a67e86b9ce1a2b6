"""The outline of a lesion: an ellipsoid with waves, whose volume is known."""

from dataclasses import dataclass

import numpy as np

from femur_fea.domain import FloatArray
from meshing.bone.fields import RandomField, draw_field
from meshing.lesions.lesion import Lesion

__all__ = ["LesionShape", "shape_of"]

_WAVE_LENGTH = 0.45  # correlation length of the waves over the radius: a choice
_N_WAVES = 40
_LEAST_RADIUS = 0.4  # of the mean: a lesion stays one piece
_N_DIRECTIONS = 4000


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class LesionShape:
    """A lesion's outline, a radius for every direction.

    Attributes
    ----------
    lesion : Lesion
        What it is the outline of.
    waves : RandomField
        Waves on the unit sphere.
    scale : float
        Makes the volume that of the lesion's ellipsoid.
    """

    lesion: Lesion
    waves: RandomField
    scale: float

    def distance(self, local: FloatArray) -> FloatArray:
        """Return the signed distance at points (n, 3) of the femoral frame, to first order, mm."""
        arm = local - np.asarray(self.lesion.centre)
        scaled = arm / np.asarray(self.lesion.radii)
        length = np.maximum(np.linalg.norm(scaled, axis=1), 1e-9)
        radius = self.scale * _radius(self.lesion, self.waves, scaled / length[:, None])
        return np.asarray((length - radius) * np.linalg.norm(arm, axis=1) / length)

    @property
    def reach(self) -> float:
        """Largest distance of the outline from the centre, mm."""
        longest = _radius(self.lesion, self.waves, _directions()).max()
        return float(self.scale * longest * max(self.lesion.radii))


def shape_of(lesion: Lesion) -> LesionShape:
    """Return the outline of a lesion; it depends on the seed, not on the size."""
    rng = np.random.default_rng([lesion.seed, 11])
    waves = draw_field(rng, length=_WAVE_LENGTH, n_waves=_N_WAVES)
    cubed = np.mean(_radius(lesion, waves, _directions()) ** 3)
    return LesionShape(lesion=lesion, waves=waves, scale=float(cubed ** (-1.0 / 3.0)))


def _radius(lesion: Lesion, waves: RandomField, directions: FloatArray) -> FloatArray:
    """Return the radius in directions (n, 3) over that without waves, shape (n,)."""
    return np.asarray(np.maximum(1.0 + lesion.roughness * waves.at(directions), _LEAST_RADIUS))


def _directions() -> FloatArray:
    """Return unit vectors spread evenly over the sphere, by the golden angle."""
    n = np.arange(_N_DIRECTIONS) + 0.5
    height = 1.0 - 2.0 * n / _N_DIRECTIONS
    turn = np.pi * (1.0 + np.sqrt(5.0)) * n
    across = np.sqrt(1.0 - height**2)
    return np.column_stack([across * np.cos(turn), across * np.sin(turn), height])
