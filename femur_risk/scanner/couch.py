"""What the patient lies on: a thin shell of carbon fibre filled with foam."""

from dataclasses import dataclass

import numpy as np

from femur_fea.domain import FloatArray
from femur_risk.scanner.checks import check_positive
from femur_risk.scanner.plane import Plane, blend

__all__ = ["Couch"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Couch:
    """A couch of even cross-section; its sizes and CT numbers are choices.

    Attributes
    ----------
    width_mm, height_mm : float
        Of the cross-section.
    shell_mm : float
        Thickness of the shell.
    shell_HU, foam_HU : float
        CT numbers of shell and foam.
    """

    width_mm: float = 420.0
    height_mm: float = 60.0
    shell_mm: float = 2.5
    shell_HU: float = -200.0
    foam_HU: float = -940.0

    def __post_init__(self) -> None:
        check_positive(
            "a couch", width_mm=self.width_mm, height_mm=self.height_mm, shell_mm=self.shell_mm
        )

    def paint(self, plane: Plane, hu: FloatArray, top: tuple[float, float]) -> FloatArray:
        """Return a plane with the couch, whose face is at `top` (x of its middle, y), mm."""
        across = np.abs(plane.x - top[0])[:, None] - 0.5 * self.width_mm
        middle = top[1] + 0.5 * self.height_mm
        down = np.abs(plane.y - middle)[None, :] - 0.5 * self.height_mm
        distance = np.maximum(across, down)
        hu = blend(hu, self.shell_HU, distance, plane.pixel)
        return blend(hu, self.foam_HU, distance + self.shell_mm, plane.pixel)
