"""What is known of a scan's effective energy before it is measured: its tube voltage."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from femur_fea.domain import FloatArray, Provenance
from femur_fea.errors import CalibrationError

__all__ = [
    "EFFECTIVE_ENERGIES",
    "ENERGY_GRID",
    "UNKNOWN_VOLTAGE",
    "VOLTAGE_TOLERANCE_KV",
    "EffectiveEnergy",
    "prior_energy",
]

# keV; beyond the effective energies of diagnostic CT at either end
ENERGY_GRID = np.arange(45.0, 100.5, 1.0)
ENERGY_GRID.setflags(write=False)

VOLTAGE_TOLERANCE_KV = 0.5  # voltages are set in steps of 10 kV or more, and stored rounded


@dataclass(frozen=True, slots=True, kw_only=True)
class EffectiveEnergy:
    """The energy of single-coloured X-rays that would show bone as a scan does.

    Attributes
    ----------
    mean, deviation : float, keV
        Mean and standard deviation among scanners and patients.
    provenance : {"published", "unverified"}
        Whether the numbers were read in their source.
    source : str
        Citation, or how they were found.
    """

    mean: float
    deviation: float
    provenance: Provenance
    source: str

    def probability(self) -> FloatArray:
        """Return the probability of every energy of `ENERGY_GRID`, (n_energies,)."""
        weights = np.exp(-0.5 * ((ENERGY_GRID - self.mean) / self.deviation) ** 2)
        return np.asarray(weights / weights.sum())


_SOURCE = (
    "computed with SpekPy 2.5.4: tungsten spectra behind 5 to 10 mm of aluminium, with up to"
    " 0.2 mm of copper, and 10 to 40 cm of water, seen by a detector that adds up energy"
)


def _of(mean: float, deviation: float) -> EffectiveEnergy:
    return EffectiveEnergy(mean=mean, deviation=deviation, provenance="unverified", source=_SOURCE)


EFFECTIVE_ENERGIES: Mapping[float, EffectiveEnergy] = MappingProxyType(
    {80.0: _of(56.5, 3.0), 100.0: _of(63.7, 3.8), 120.0: _of(69.8, 4.7), 140.0: _of(75.5, 5.9)}
)

# All four voltages alike: mean and deviation of their mixture.
UNKNOWN_VOLTAGE = _of(66.4, 8.4)


def prior_energy(tube_voltage_kV: float | None) -> EffectiveEnergy:
    """Return the effective energy that a tube voltage lets expect.

    Raises
    ------
    CalibrationError
        At a voltage that is not in the table.
    """
    if tube_voltage_kV is None:
        return UNKNOWN_VOLTAGE
    for voltage, energy in EFFECTIVE_ENERGIES.items():
        if abs(voltage - tube_voltage_kV) <= VOLTAGE_TOLERANCE_KV:
            return energy
    raise CalibrationError(
        found=f"a CT at {tube_voltage_kV:g} kV",
        expected=f"one of {', '.join(f'{v:.0f}' for v in EFFECTIVE_ENERGIES)} kV",
        remedy="calibrate with a phantom or a fixed line of this scanner at this voltage",
    )
