"""Smooth transitions from one tissue to the next."""

import numpy as np

from femur_fea.domain import FloatArray

__all__ = ["smooth_step"]


def smooth_step(share: FloatArray) -> FloatArray:
    """Return a smooth step from 0 at `share` 0 to 1 at `share` 1, shape (...)."""
    share = np.clip(share, 0.0, 1.0)
    return np.asarray(share * share * (3.0 - 2.0 * share))
