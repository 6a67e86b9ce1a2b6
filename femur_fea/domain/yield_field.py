"""Yield strength on a mesh."""

from dataclasses import dataclass

import numpy as np

from femur_fea.domain.arrays import FloatArray, check_finite, check_shape, read_only
from femur_fea.errors import OutOfRangeError

__all__ = ["YieldField"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class YieldField:
    """Yield stresses of a perfectly plastic material on the cells of a mesh.

    Equal stresses in tension and compression give the von Mises (J2) material.

    Attributes
    ----------
    tension, compression : (n_cells, n_samples), MPa
        Uniaxial yield stresses, both positive; one sample means constant on the cell, four mean
        the integration points of `femur_fea.mapping.integration_points`, in that order.
    """

    tension: FloatArray
    compression: FloatArray

    def __post_init__(self) -> None:
        check_shape("compression", self.compression, self.tension.shape)
        for name in ("tension", "compression"):
            stress = getattr(self, name)
            check_shape(name, stress, (None, None))
            check_finite(name, stress)
            _check_samples(name, stress)
            object.__setattr__(self, name, read_only(stress))


def _check_samples(name: str, stress: FloatArray) -> None:
    if stress.shape[1] not in (1, 4):
        raise OutOfRangeError(
            found=f"{stress.shape[1]} samples of the yield stress in {name} in each cell",
            expected="1 (constant) or 4 (integration points)",
            remedy="map the density again",
        )
    weak = int(np.count_nonzero(stress <= 0.0))
    if weak:
        raise OutOfRangeError(
            found=f"{weak} of {stress.size} yield stresses in {name} not positive, the lowest "
            f"{float(stress.min()):.3g} MPa",
            expected="a positive yield stress everywhere",
            remedy="clamp the density before mapping, or check the calibration",
        )
