"""The standard views of a femur, in the directions of its frame."""

from dataclasses import dataclass

import numpy as np

from femur_fea.domain import FloatArray

__all__ = ["VIEWS", "View"]


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """A parallel projection along an axis of the femoral frame, proximal or anterior up.

    Attributes
    ----------
    name : str
        The side of the bone that is seen.
    towards : (3,)
        Direction from the bone to the eye, in the frame (lateral, anterior, proximal).
    left, right : str
        What lies at the left and the right edge of the picture.
    """

    name: str
    towards: tuple[float, float, float]
    left: str
    right: str

    @property
    def upwards(self) -> FloatArray:
        """Direction of the picture's vertical axis, in the frame, shape (3,).

        Proximal; anterior where that is towards the eye.
        """
        return np.array((0.0, 1.0, 0.0) if self.towards[2] == 1.0 else (0.0, 0.0, 1.0))

    @property
    def rightwards(self) -> FloatArray:
        """Direction of the picture's horizontal axis, in the frame, shape (3,)."""
        return np.cross(self.upwards, self.towards)

    def project(self, points: FloatArray) -> FloatArray:
        """Return points of the frame in the picture, rightwards and upwards, shape (n, 2), mm."""
        return np.column_stack((points @ self.rightwards, points @ self.upwards))


VIEWS = {
    "anterior": View(name="anterior", towards=(0.0, 1.0, 0.0), left="lateral", right="medial"),
    "posterior": View(name="posterior", towards=(0.0, -1.0, 0.0), left="medial", right="lateral"),
    "medial": View(name="medial", towards=(-1.0, 0.0, 0.0), left="anterior", right="posterior"),
    "lateral": View(name="lateral", towards=(1.0, 0.0, 0.0), left="posterior", right="anterior"),
    "proximal": View(name="proximal", towards=(0.0, 0.0, 1.0), left="medial", right="lateral"),
}
