"""Limbs whose CT numbers follow from attenuation, by X-rays of one energy or of many.

A limb is made of concentric tissues at 1.5 mm; each voxel mixes them as a blurred image does. A
scanner shows a tissue of linear attenuation mu as offset + scale mu, with noise. The true line
of equivalent density follows from the energy, the offset and the scale.
"""

import itertools
import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy import ndimage

from calibration import TISSUES, WATER, Calibration, CalibrationCurve, contrast
from femur_fea.domain import Acquisition, CTVolume, FloatArray, ImageGrid, LabelMask

SPACING = 1.5  # mm
SHAPE = (52, 52, 32)
# outer radii, mm; the skin has the share of a thigh's section that it has in people
LAYERS = {"skin": 31.5, "fat": 31.0, "muscle": 25.0, "cortical bone": 15.0, "marrow": 7.0}
GRID = ImageGrid(shape=SHAPE, affine=np.diag([SPACING, SPACING, SPACING, 1.0]))


@dataclass(frozen=True, kw_only=True)
class Shown:
    """CT numbers of tissues, HU, and the true line of density of CaHA."""

    numbers: dict[str, float]
    slope: float
    intercept: float


@cache
def layers() -> tuple[dict[str, FloatArray], LabelMask]:
    """Return the fraction of every tissue in every voxel, blurred by 1.2 mm, and the bone."""
    i, j, _ = np.indices(SHAPE, dtype=float)
    radius = SPACING * np.hypot(i - 25.5, j - 25.5)
    ends = itertools.pairwise([*LAYERS.values(), -1.0])
    inside = {
        name: (radius < outer) & (radius >= inner)
        for name, (outer, inner) in zip(LAYERS, ends, strict=True)
    }
    inside["air"] = radius >= LAYERS["skin"]
    sigma = 1.2 / 2.355 / SPACING
    fractions = {
        name: ndimage.gaussian_filter(where.astype(float), sigma, mode="nearest")
        for name, where in inside.items()
    }
    return fractions, LabelMask(grid=GRID, inside=radius < LAYERS["cortical bone"])


@cache
def spectra() -> dict[str, Any]:
    return json.loads((Path(__file__).parent / "spectra.json").read_text(encoding="utf-8"))


class Limb:
    """The limb, the ways to see it, and what a calibration found in it."""

    grid = GRID

    @property
    def fractions(self) -> dict[str, FloatArray]:
        return layers()[0]

    @property
    def bone(self) -> LabelMask:
        return layers()[1]

    def scan(
        self,
        numbers: dict[str, float],
        rng: np.random.Generator,
        noise: float = 15.0,
        tube_voltage_kV: float | None = 120.0,
    ) -> CTVolume:
        """Return the limb with one CT number to each tissue."""
        numbers = {"skin": 60.0, "marrow": -60.0, **numbers}
        hu = sum(fraction * numbers[name] for name, fraction in self.fractions.items())
        hu = np.rint(hu + noise * rng.standard_normal(SHAPE)).astype(np.int16)
        return CTVolume(grid=GRID, hu=hu, acquisition=Acquisition(tube_voltage_kV=tube_voltage_kV))

    def shown(
        self,
        energy: float,
        *,
        offset: float = -1000.0,
        scale: float = 1.0,
        factors: dict[str, float] | None = None,
    ) -> Shown:
        """Return what X-rays of one energy show."""
        at = np.array(energy)
        water, mineral = float(WATER.attenuation(at)), float(contrast("CaHA", at))
        per_mu = scale * 1000.0 / water
        numbers = {
            name: offset
            + per_mu * float(tissue.material.attenuation(at)) * (factors or {}).get(name, 1.0)
            for name, tissue in TISSUES.items()
            if name != "blood"
        }
        return Shown(
            numbers=numbers,
            slope=1.0 / (per_mu * mineral),
            intercept=(-offset / per_mu - water) / mineral,
        )

    def shown_by_a_tube(
        self,
        voltage: float,
        *,
        filtered: float,
        water_cm: float,
        soft_cm: float,
        bone_cm: float,
        offset: float = -1000.0,
        scale: float = 1.0,
        factors: dict[str, float] | None = None,
    ) -> Shown:
        """Return what the spectrum of a tube shows.

        Bone and its line lie behind `water_cm` of water and `bone_cm` of other bone, for which the
        scanner, which is right for water, does not correct; fat and muscle behind `soft_cm`. The
        detector adds up energy. `filtered` leads from the thin filter (0) to the thick (1).
        """
        table, at = spectra(), np.array(spectra()["energies_keV"], dtype=float)
        thin, thick = (
            np.array(table[f"{how}_filtered"][f"{voltage:.0f}"]) for how in ("thinly", "thickly")
        )
        beam = thin ** (1.0 - filtered) * thick**filtered * at
        water, hard = WATER.attenuation(at), TISSUES["cortical bone"].material.attenuation(at)
        soft, deep = beam * np.exp(-water * soft_cm), beam * np.exp(-water * water_cm)
        hardened = deep * np.exp(-(hard - water) * bone_cm)

        def mean(values: FloatArray, weights: FloatArray) -> float:
            return float(weights @ values / weights.sum())

        per_mu = scale * 1000.0 / mean(water, deep)
        numbers = {"air": offset}
        for name in ("fat", "muscle"):
            mu = TISSUES[name].material.attenuation(at)
            share = mean(mu, soft) / mean(water, soft) * (factors or {}).get(name, 1.0)
            numbers[name] = offset + scale * 1000.0 * share
        of_bone = mean(hard, hardened) * (factors or {}).get("cortical bone", 1.0)
        mineral = mean(contrast("CaHA", at), hardened)
        return Shown(
            numbers={**numbers, "cortical bone": offset + per_mu * of_bone},
            slope=1.0 / (per_mu * mineral),
            intercept=(-offset / per_mu - mean(water, hardened)) / mineral,
        )

    def errors(self, curve: CalibrationCurve) -> tuple[float, float]:
        """Return the standard errors of slope and intercept."""
        assert curve.covariance is not None
        slope, intercept = np.sqrt(np.diag(curve.covariance))
        return float(slope), float(intercept)

    def flags(self, calibration: Calibration) -> set[str]:
        """Return the names of all flags."""
        return {flag.name for flag in calibration.flags}

    def energy(self, calibration: Calibration) -> tuple[float, float]:
        """Return the effective energy and its standard error, keV."""
        *_, measured = calibration.measured
        return (
            measured["effective_energy_keV"],
            measured["effective_energy_standard_error_keV"],
        )


@pytest.fixture(scope="session")
def limb() -> Limb:
    """Return the limb."""
    return Limb()
