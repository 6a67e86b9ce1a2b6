"""Random fields that belong to the bone, not to the image: they move and mirror with it."""

from dataclasses import dataclass

import numpy as np

from femur_fea.domain import FloatArray, check_shape, read_only

__all__ = ["RandomField", "draw_field"]

_BLOCK = 65536  # points at a time, so that the waves at all points need not fit in memory


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class RandomField:
    """A sum of plane waves with mean 0 and standard deviation 1 in the mean over space.

    Attributes
    ----------
    wave_vectors : (n_waves, 3), 1/mm
        Direction and frequency of the waves, in the coordinates of the bone.
    phases : (n_waves,), rad
        Phases at the origin.
    """

    wave_vectors: FloatArray
    phases: FloatArray

    def __post_init__(self) -> None:
        check_shape("wave_vectors", self.wave_vectors, (None, 3))
        check_shape("phases", self.phases, (len(self.wave_vectors),))
        for name in ("wave_vectors", "phases"):
            object.__setattr__(self, name, read_only(getattr(self, name)))

    def at(self, local: FloatArray) -> FloatArray:
        """Return the values at points (n, 3) in mm, shape (n,)."""
        vectors = self.wave_vectors.astype(np.float32).T
        phases = self.phases.astype(np.float32)
        values = np.empty(len(local), dtype=np.float32)
        for first in range(0, len(local), _BLOCK):
            block = local[first : first + _BLOCK].astype(np.float32)
            values[first : first + _BLOCK] = np.sin(block @ vectors + phases).sum(axis=1)
        return np.asarray(values * np.sqrt(2.0 / len(phases)))


def draw_field(rng: np.random.Generator, *, length: float, n_waves: int) -> RandomField:
    """Return a random field whose correlation falls like a bell with distance.

    Parameters
    ----------
    rng : Generator
        Draws the waves.
    length : float, mm
        Correlation is exp(-d^2 / (2 length^2)) at distance d.
    n_waves : int
        More waves repeat themselves less.
    """
    return RandomField(
        wave_vectors=rng.normal(0.0, 1.0 / length, size=(n_waves, 3)),
        phases=rng.uniform(0.0, 2.0 * np.pi, n_waves),
    )
