"""Yield strength on a mesh."""

from dataclasses import dataclass

import numpy as np

from femur_fea.domain.arrays import FloatArray, check_finite, check_shape, read_only
from femur_fea.domain.samples import check_sample_count
from femur_fea.domain.softening import Softening
from femur_fea.errors import OutOfRangeError

__all__ = ["YieldField"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class YieldField:
    """Yield stresses on the cells of a mesh, and how they fall with plastic strain.

    Equal stresses in tension and compression give the von Mises (J2) material.

    Attributes
    ----------
    tension, compression : (n_cells, n_samples), MPa
        Uniaxial yield stresses, both positive; one sample means constant on the cell, four
        (tetrahedra) or eight (hex8) mean the integration points of
        `femur_fea.domain.integration_points`, in that order.
    softening : Softening, optional
        How they fall; absent where plasticity is perfect. It takes equal stresses in tension and
        compression.
    """

    tension: FloatArray
    compression: FloatArray
    softening: Softening | None = None

    def __post_init__(self) -> None:
        check_shape("compression", self.compression, self.tension.shape)
        for name in ("tension", "compression"):
            stress = getattr(self, name)
            check_sample_count(f"the yield stress in {name}", stress)
            check_finite(name, stress)
            _check_positive(name, stress)
            object.__setattr__(self, name, read_only(stress))
        if self.softening is not None:
            _check_softening(self, self.softening)


def _check_softening(strength: YieldField, softening: Softening) -> None:
    check_shape("plateau", softening.plateau, strength.tension.shape)
    unequal = int(np.count_nonzero(strength.tension != strength.compression))
    if unequal:
        raise OutOfRangeError(
            found=f"softening with {unequal} of {strength.tension.size} yield stresses that differ "
            "in tension and compression",
            expected="the same in both: softening is that of the von Mises material",
            remedy="leave softening out, or give equal yield stresses",
        )
    above = int(np.count_nonzero(softening.residual > strength.tension))
    if above:
        raise OutOfRangeError(
            found=f"{above} of {strength.tension.size} residual stresses above the yield stress",
            expected="a residual that is at most the yield stress",
            remedy="check that both laws take the same density",
        )


def _check_positive(name: str, stress: FloatArray) -> None:
    weak = int(np.count_nonzero(stress <= 0.0))
    if weak:
        raise OutOfRangeError(
            found=f"{weak} of {stress.size} yield stresses in {name} not positive, the lowest "
            f"{float(stress.min()):.3g} MPa",
            expected="a positive yield stress everywhere",
            remedy="clamp the density before mapping, or check the calibration",
        )
