"""Array types and the checks that values make when they are built."""

from typing import Literal

import numpy as np
import numpy.typing as npt

from femur_fea.errors import OutOfRangeError, ShapeError

__all__ = [
    "BoolArray",
    "FloatArray",
    "IntArray",
    "Side",
    "check_finite",
    "check_shape",
    "read_only",
]

type FloatArray = npt.NDArray[np.floating]
type IntArray = npt.NDArray[np.integer]
type BoolArray = npt.NDArray[np.bool_]
type Side = Literal["left", "right"]


def read_only[S: np.generic](array: npt.NDArray[S]) -> npt.NDArray[S]:
    """Return a read-only view of `array`; the data is not copied."""
    view = array.view()
    view.flags.writeable = False
    return view


def check_shape(name: str, array: npt.NDArray[np.generic], shape: tuple[int | None, ...]) -> None:
    """Raise unless `array` has `shape`, where None admits any length.

    Raises
    ------
    ShapeError
        If the number of axes or a given length differs.
    """
    fits = array.ndim == len(shape) and all(
        want is None or have == want for have, want in zip(array.shape, shape, strict=True)
    )
    if not fits:
        wanted = ", ".join("any" if n is None else str(n) for n in shape)
        raise ShapeError(
            found=f"{name} of shape {array.shape}",
            expected=f"shape ({wanted})",
            remedy=f"pass {name} in the documented layout",
        )


def check_finite(name: str, array: npt.NDArray[np.generic]) -> None:
    """Raise unless every element of `array` is finite.

    Raises
    ------
    OutOfRangeError
        If an element is NaN or infinite.
    """
    bad = int(array.size - np.count_nonzero(np.isfinite(array)))
    if bad:
        raise OutOfRangeError(
            found=f"{bad} of {array.size} values of {name} are NaN or infinite",
            expected="finite values",
            remedy=f"check how {name} was computed",
        )
