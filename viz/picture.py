"""What a figure shows where: the link between a pixel and a place on the bone."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from femur_fea.domain import FemoralFrame, FloatArray
from viz.views import View

__all__ = ["Panel", "Picture", "Window"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Window:
    """The part of a view's plane that a panel shows; its edges fall on edges of pixels.

    Attributes
    ----------
    lower : (2,), mm
        Lower left corner in the view's plane.
    size : (2,), pixels
        Width and height.
    scale : float, pixels/mm
        Magnification.
    """

    lower: FloatArray
    size: tuple[int, int]
    scale: float

    @property
    def upper(self) -> FloatArray:
        """Upper right corner in the view's plane, shape (2,), mm."""
        return np.asarray(self.lower + np.array(self.size) / self.scale)

    @property
    def middle(self) -> FloatArray:
        """Centre in the view's plane, shape (2,), mm."""
        return np.asarray((self.lower + self.upper) / 2.0)

    @property
    def extent(self) -> tuple[float, float, float, float]:
        """Left, right, bottom and top, mm."""
        (left, bottom), (right, top) = self.lower, self.upper
        return float(left), float(right), float(bottom), float(top)

    @classmethod
    def around(cls, lower: FloatArray, upper: FloatArray, scale: float) -> "Window":
        """Return the smallest window of whole pixels that holds both corners."""
        width, height = (int(n) for n in np.ceil((upper - lower) * scale))
        excess = np.array((width, height)) / scale - (upper - lower)
        return cls(lower=lower - excess / 2.0, size=(width, height), scale=scale)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Panel:
    """One view of one femur within a picture.

    Attributes
    ----------
    view : View
        The projection.
    frame : FemoralFrame
        Frame of the femur that is shown.
    window : Window
        The part of the view's plane that is shown.
    corner : (left, top), pixels
        Upper left corner within the picture.
    """

    view: View
    frame: FemoralFrame
    window: Window
    corner: tuple[int, int]

    def to_pixel(self, points: FloatArray) -> FloatArray:
        """Return where LPS points in mm are drawn, column and row, shape (n, 2), pixels."""
        plane = self.view.project(self.frame.to_frame(points))
        right = (plane[:, 0] - self.window.lower[0]) * self.window.scale
        down = (self.window.upper[1] - plane[:, 1]) * self.window.scale
        return np.asarray(np.column_stack((right, down)) + np.array(self.corner))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Picture:
    """A figure on disk.

    Attributes
    ----------
    path : Path
        The PNG file.
    size : (width, height), pixels
        Size of the whole picture.
    limits : (low, high)
        Values at the ends of its colour scale.
    panels : tuple of Panel
        Its views from left to right, row by row.
    """

    path: Path
    size: tuple[int, int]
    limits: tuple[float, float]
    panels: tuple[Panel, ...]
