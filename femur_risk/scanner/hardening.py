"""Beam hardening: rays through much water or bone attenuate less than they should."""

from dataclasses import dataclass

import numpy as np

from femur_fea.domain import FloatArray
from femur_risk.scanner.checks import check_not_negative
from femur_risk.scanner.rays import Rays

__all__ = ["BeamHardening"]


@dataclass(frozen=True, slots=True, kw_only=True)
class BeamHardening:
    """What the scanner's own correction has left, to second order.

    Attributes
    ----------
    water : float, dimensionless
        A ray of the line integral p through soft tissue is measured as p - `water` p^2: the
        middle of the body gets too dark (cupping).
    bone : float, dimensionless
        A ray whose bone adds q to that of water is measured as q - `bone` q^2: a dark band
        between two bones.

    Notes
    -----
    The quadratic form is that of Joseph and Spital (J Comput Assist Tomogr 1978;2:100), who
    correct it; both coefficients are choices.
    """

    water: float = 1.5e-3
    bone: float = 0.06

    def __post_init__(self) -> None:
        check_not_negative("beam hardening", water=self.water, bone=self.bone)

    def error(self, rays: Rays, rng: np.random.Generator) -> FloatArray:
        """Return by how much line integrals are off, (n_views, n_cells, n); `rng` is not used."""
        del rng
        return np.asarray(-self.water * rays.soft**2 - self.bone * rays.bone**2)
