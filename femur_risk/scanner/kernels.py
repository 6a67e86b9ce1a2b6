"""Reconstruction kernels by name: how far they spread a point within a slice."""

import math
from dataclasses import dataclass

from femur_fea.domain import Provenance
from femur_fea.registry import Registry
from femur_risk.scanner.checks import check_positive

__all__ = ["KERNELS", "Kernel"]

_FWHM = 2.0 * math.sqrt(2.0 * math.log(2.0))  # of a Gaussian, in standard deviations


@dataclass(frozen=True, slots=True, kw_only=True)
class Kernel:
    """The point spread within a slice, a Gaussian.

    Attributes
    ----------
    name : str
        As the header will say.
    fwhm_mm : float
        Full width at half maximum.
    provenance : {"published", "unverified"}
        Whether the width was read in a source.
    source : str
        Where shape and width come from.
    """

    name: str
    fwhm_mm: float
    provenance: Provenance
    source: str

    def __post_init__(self) -> None:
        check_positive("a kernel", fwhm_mm=self.fwhm_mm)

    @property
    def sigma(self) -> float:
        """Standard deviation, mm."""
        return self.fwhm_mm / _FWHM


_SHAPE = (
    "shape: Nickoloff and Riley, Med Phys 1985;12:437, doi:10.1118/1.595706, who describe the point"
    " spread of five scanners by a Gaussian"
)

KERNELS: Registry[Kernel] = Registry("reconstruction kernel")

# widths are choices: half of the contrast is left at 2.6, 3.2 and 5.5 line pairs per cm
for _name, _width in (("soft", 1.7), ("standard", 1.4), ("sharp", 0.8)):
    KERNELS.add(
        _name,
        Kernel(
            name=_name,
            fwhm_mm=_width,
            provenance="unverified",
            source=f"{_SHAPE}; width: a choice",
        ),
    )
