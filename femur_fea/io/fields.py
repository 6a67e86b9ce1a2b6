"""Fields as they are stored with a mesh."""

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from femur_fea.errors import ShapeError

__all__ = ["AnyArray", "stored_fields"]

type AnyArray = npt.NDArray[np.generic]


def stored_fields(fields: Mapping[str, AnyArray] | None, n: int) -> dict[str, AnyArray]:
    """Return fields of `n` points or cells ready to be written, booleans as 0 and 1.

    Raises
    ------
    ShapeError
        If a field does not have the shape (n,) or (n, components).
    """
    return {name: _stored(name, np.asarray(array), n) for name, array in (fields or {}).items()}


def _stored(name: str, array: AnyArray, n: int) -> AnyArray:
    if array.ndim not in (1, 2) or len(array) != n:
        raise ShapeError(
            found=f"field {name!r} of shape {array.shape}",
            expected=f"shape ({n},) or ({n}, components)",
            remedy="flatten each point's or cell's components into one axis",
        )
    return array.astype(np.uint8) if array.dtype == np.bool_ else np.ascontiguousarray(array)
