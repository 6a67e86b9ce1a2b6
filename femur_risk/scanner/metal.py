"""Rays through metal: scattered light fills their shadow, and few photons make them noisy."""

from dataclasses import dataclass

import numpy as np

from femur_fea.domain import FloatArray
from femur_risk.scanner.checks import check_not_negative, check_positive
from femur_risk.scanner.rays import Rays

__all__ = ["MetalArtefact"]

_LARGEST = 12.0  # log attenuation beyond which no photon is left to tell more


@dataclass(frozen=True, slots=True, kw_only=True)
class MetalArtefact:
    """How rays through metal go wrong.

    Attributes
    ----------
    scatter : float, dimensionless
        Scattered photons over those that a ray without metal has left: a ray of the line integral
        m through metal is measured as -ln((exp(-m) + scatter) / (1 + scatter)), so that the
        shadows of two metal bodies, or of a long one, are dark bands and the sides bright streaks.
    starvation : float, dimensionless
        Standard deviation of the noise of a ray that metal weakens e-fold, over and above that of
        the scan: it is `starvation` (exp(m / 2) - 1), thin streaks.

    Notes
    -----
    Both numbers are choices. Motion, edge gradients and the scanner's own correction are left out.
    """

    scatter: float = 0.02
    starvation: float = 0.01

    def __post_init__(self) -> None:
        check_positive("metal", scatter=self.scatter)
        check_not_negative("metal", starvation=self.starvation)

    def error(self, rays: Rays, rng: np.random.Generator) -> FloatArray:
        """Return by how much line integrals are off, (n_views, n_cells, n)."""
        metal = np.minimum(rays.metal, _LARGEST)
        seen = -np.log((np.exp(-metal) + self.scatter) / (1.0 + self.scatter))
        few = self.starvation * np.expm1(0.5 * np.minimum(seen, _LARGEST))
        noise = rng.standard_normal(metal.shape, dtype=np.float32)
        return np.asarray(np.where(rays.metal > 0.0, seen - rays.metal + few * noise, 0.0))
