"""A body that reaches beyond the field in which the scanner measures."""

from dataclasses import dataclass

import numpy as np

from femur_fea.domain import FloatArray
from femur_risk.scanner.checks import check_positive
from femur_risk.scanner.rays import Rays

__all__ = ["Truncation"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Truncation:
    """The measured field, round the middle of the reconstructed one.

    Attributes
    ----------
    diameter_mm : float
        Rays farther from the middle than half of it are not measured.
    continued_mm : float
        Beyond it the reconstruction lets the last ray fall to nothing over this length.

    Notes
    -----
    What is missing makes the rim of the measured field too bright. How scanners go on beyond
    their field is not published; the cosine here is a choice.
    """

    diameter_mm: float = 500.0
    continued_mm: float = 20.0

    def __post_init__(self) -> None:
        check_positive("a field", diameter_mm=self.diameter_mm, continued_mm=self.continued_mm)

    def error(self, rays: Rays, rng: np.random.Generator) -> FloatArray:
        """Return by how much line integrals are off, (n_views, n_cells, n); `rng` is not used."""
        del rng
        true = rays.soft + rays.bone + rays.metal
        beyond = np.abs(rays.places) - 0.5 * self.diameter_mm
        inside = np.flatnonzero(beyond <= 0.0)
        fall = 0.5 * (1.0 + np.cos(np.pi * np.clip(beyond / self.continued_mm, 0.0, 1.0)))
        first, last = true[:, inside[:1]], true[:, inside[-1:]]
        ends = np.where((rays.places < 0.0)[None, :, None], first, last)
        return np.asarray(np.where((beyond > 0.0)[None, :, None], ends * fall[:, None] - true, 0.0))
