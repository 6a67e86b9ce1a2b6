"""X-rays of one effective energy: the CT numbers that they give to tissues and to bone."""

from dataclasses import dataclass

import numpy as np

from calibration import (
    TISSUES,
    WATER,
    CalibrationCurve,
    Material,
    contrast,
    fixed_line,
    prior_energy,
)
from femur_fea.domain import DensityKind, FloatArray
from femur_fea.errors import OutOfRangeError

__all__ = ["Tube", "tube_at"]

_ENERGY_RANGE_KEV = (40.0, 120.0)  # where single-coloured X-rays stand for a diagnostic scan


@dataclass(frozen=True, slots=True, kw_only=True)
class Tube:
    """The beam, and how the scanner's own calibration to water and air is off.

    Attributes
    ----------
    voltage_kV : float
        Peak voltage, as the header will say.
    effective_energy_keV : float
        Energy of single-coloured X-rays that show bone as this beam does.
    scale : float
        CT numbers above air over what they should be.
    offset_HU : float
        Added to every CT number.
    """

    voltage_kV: float
    effective_energy_keV: float
    scale: float = 1.0
    offset_HU: float = 0.0

    def __post_init__(self) -> None:
        low, high = _ENERGY_RANGE_KEV
        # written so that NaN fails
        if low <= self.effective_energy_keV <= high and 0.5 <= self.scale <= 2.0:
            return
        raise OutOfRangeError(
            found=f"an effective energy of {self.effective_energy_keV:g} keV and a scale of "
            f"{self.scale:g}",
            expected=f"{low:g} to {high:g} keV, and a scale from 0.5 to 2",
            remedy="check the unit: half the tube voltage is usual",
        )

    @property
    def water(self) -> float:
        """Linear attenuation of water, 1/mm."""
        return float(WATER.attenuation(self._energy)) / 10.0

    def hu_of(self, material: Material) -> float:
        """Return the CT number of a material, HU."""
        share = float(material.attenuation(self._energy)) / float(WATER.attenuation(self._energy))
        return 1000.0 * (self.scale * share - 1.0) + self.offset_HU

    def hu_of_tissue(self, name: str) -> float:
        """Return the CT number of a tissue of `calibration.TISSUES`, HU."""
        return self.hu_of(TISSUES[name].material)

    def hu_of_mineral(self, rho: FloatArray, kind: DensityKind) -> FloatArray:
        """Return the CT numbers of densities (g/cm3) of a phantom's mineral in water, HU."""
        line = self.line(kind)
        return np.asarray((rho - line.intercept) / line.slope)

    def line(self, kind: DensityKind) -> CalibrationCurve:
        """Return the true line from CT number to density of a phantom's mineral.

        Notes
        -----
        With HU = 1000 (scale mu / mu_w - 1) + offset and mu = mu_w + rho c(E), where c is the
        contrast of the mineral, rho = (mu_w / (1000 scale c)) (HU + 1000 - offset) - mu_w / c.
        """
        per_density = float(contrast(kind, self._energy)) / float(WATER.attenuation(self._energy))
        slope = 1.0 / (1000.0 * self.scale * per_density)
        intercept = slope * (1000.0 - self.offset_HU) - 1.0 / per_density
        return fixed_line(slope, intercept, kind, relative_uncertainty=0.0)

    @property
    def _energy(self) -> FloatArray:
        return np.array(self.effective_energy_keV)


def tube_at(voltage_kV: float) -> Tube:
    """Return the beam of a tube voltage with the mean of its effective energies.

    Raises
    ------
    CalibrationError
        At a voltage that is not in `calibration.EFFECTIVE_ENERGIES`.
    """
    return Tube(voltage_kV=voltage_kV, effective_energy_keV=prior_energy(voltage_kV).mean)
