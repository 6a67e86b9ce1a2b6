"""A phantom on a scanner of a known line."""

import dataclasses
from collections.abc import Sequence

import numpy as np
import pytest

from calibration import Calibration, Phantom
from femur_fea.domain import CTVolume, ImageGrid, LabelImage


class Bench:
    """The scanner, and how far a line is from its own."""

    slope, intercept = 0.78e-3, 0.006

    def ct_numbers(
        self, phantom: Phantom, slope: float = slope, intercept: float = intercept
    ) -> np.ndarray:
        """Return the CT numbers of the rods on a scanner of that line."""
        rho = np.array([rod.rho for rod in phantom.rods])
        return (rho - intercept) / slope + phantom.excess_hu()

    def distance(
        self, found: Calibration, slope: float = slope, intercept: float = intercept
    ) -> float:
        """Return the squared distance from the line of the rods, in standard errors.

        Of both parameters at once, without the error of bone against rods: there is no bone.
        """
        off = np.array([found.curve.slope - slope, found.curve.intercept - intercept])
        assert found.curve.common_error is not None
        common = found.curve.common_error.covariance(found.curve.slope, found.curve.intercept)
        return float(off @ np.linalg.solve(found.curve.covariance - common, off))

    def certified(self, phantom: Phantom, rho_se: float = 1e-4) -> Phantom:
        """Return a phantom with a certificate."""
        rods = tuple(
            dataclasses.replace(rod, rho_se=rho_se, water_se=1000 * rho_se * 1e-3)
            for rod in phantom.rods
        )
        return dataclasses.replace(phantom, rods=rods, provenance="user")

    def tiny_scan(
        self, rng: np.random.Generator, hu: Sequence[float], noise: float
    ) -> tuple[CTVolume, LabelImage]:
        """Return rods of one square region each, in noise that four neighbours share."""
        from scipy.ndimage import uniform_filter

        shape = (12 * len(hu), 12, 40)
        grid = ImageGrid(shape=shape, affine=np.diag([1.0, 1.0, 2.0, 1.0]))
        labels = np.repeat(np.arange(1, len(hu) + 1, dtype=np.int16), 12)[:, None, None]
        labels = np.broadcast_to(labels, shape).copy()
        white = rng.standard_normal(shape, dtype=np.float32)
        shared = uniform_filter(white, 2, mode="wrap") * 8.0**0.5
        values = np.asarray(hu)[labels - 1] + noise * shared
        return CTVolume(grid=grid, hu=np.rint(values)), LabelImage(grid=grid, labels=labels)


@pytest.fixture(scope="session")
def bench() -> Bench:
    """Return the scanner."""
    return Bench()
