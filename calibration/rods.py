"""CT numbers of a phantom's rods, which are found in the scan."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from calibration.cylinders import Cylinder, find_cylinders
from calibration.measurement import mean_of_slices
from calibration.phantoms import Phantom
from calibration.rows import find_rods
from femur_fea.domain import MAD_TO_SD, CTVolume, FloatArray, IntArray

__all__ = ["CORE", "MeasuredRod", "measure_rods"]

CORE = 0.6  # of the radius that is measured: 2 mm and more from the rim, beyond the reach of blur
_MAX_STEP = 25.0  # HU by which a slice may differ from the others before the rod has ended
_MARGIN = 5.0  # mm of a rod left out before its end


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasuredRod:
    """Mean CT number of one rod.

    Attributes
    ----------
    rod : int
        Its place in the phantom's record, from 0.
    hu, hu_se : float, HU
        Mean over its core and the standard error of the mean.
    n_slices : int
        Slices that were used.
    centre : (3,), mm
        A point on its axis, LPS.
    radius : float, mm
        Radius.
    """

    rod: int
    hu: float
    hu_se: float
    n_slices: int
    centre: tuple[float, float, float]
    radius: float

    def to_dict(self, phantom: Phantom) -> dict[str, Any]:
        """Return it with unit-suffixed keys."""
        return {
            "name": phantom.rods[self.rod].name,
            "ct_number_HU": self.hu,
            "ct_number_standard_error_HU": self.hu_se,
            "n_slices": self.n_slices,
            "centre_mm": list(self.centre),
            "radius_mm": self.radius,
        }


def measure_rods(ct: CTVolume, phantom: Phantom) -> tuple[MeasuredRod, ...]:
    """Find the rods of a phantom in a scan and measure them.

    Parameters
    ----------
    ct : CTVolume
        The whole scan, with slices along its third axis, not a part cut out round the bone.
    phantom : Phantom
        The phantom that lies in it.

    Raises
    ------
    CalibrationError
        If the phantom is not found, or another one is, or its rods are seen in too few slices.
    """
    found = find_rods(find_cylinders(ct, phantom.radius_range), phantom)
    return tuple(_measure(ct, found[n], n, phantom.rods[n].name) for n in sorted(found))


def _measure(ct: CTVolume, cylinder: Cylinder, rod: int, name: str) -> MeasuredRod:
    spacing = ct.grid.spacing
    heights = spacing[2] * np.arange(ct.grid.shape[2])
    means = np.array(
        [
            _core_mean(ct.hu[:, :, k], centre, spacing, CORE * cylinder.radius)
            for k, centre in enumerate(cylinder.at(heights))
        ]
    )
    used = _where_it_lasts(means, heights, cylinder, spacing[2])
    hu, hu_se = mean_of_slices(means[used], name=name)
    middle = float(heights[used].mean())
    index = np.array([[*cylinder.at(np.array([middle]))[0], middle]]) / spacing
    x, y, z = ct.grid.to_world(index)[0]
    return MeasuredRod(
        rod=rod,
        hu=hu,
        hu_se=hu_se,
        n_slices=int(used.stop - used.start),
        centre=(float(x), float(y), float(z)),
        radius=cylinder.radius,
    )


def _core_mean(
    picture: FloatArray | IntArray, centre: FloatArray, spacing: FloatArray, radius: float
) -> float:
    """Return the mean within a radius, NaN where that reaches beyond the picture."""
    reach = np.ceil(radius / spacing[:2]).astype(int)
    low = np.rint(centre / spacing[:2]).astype(int) - reach
    high = low + 2 * reach + 1
    if np.any(low < 0) or np.any(high > picture.shape):
        return float("nan")
    u = np.arange(low[0], high[0])[:, None] * spacing[0] - centre[0]
    v = np.arange(low[1], high[1])[None, :] * spacing[1] - centre[1]
    window = picture[low[0] : high[0], low[1] : high[1]]
    return float(np.mean(window[u**2 + v**2 <= radius**2]))


def _where_it_lasts(
    means: FloatArray, heights: FloatArray, cylinder: Cylinder, spacing: float
) -> slice:
    """Return the slices round the middle of a rod in which it has not ended."""
    seen = (heights >= cylinder.height[0]) & (heights <= cylinder.height[1])
    usual = float(np.nanmedian(means[seen]))
    scatter = MAD_TO_SD * float(np.nanmedian(np.abs(means[seen] - usual)))
    lasts = np.abs(means - usual) <= max(_MAX_STEP, 6.0 * scatter)
    middle = int(np.argmin(np.abs(heights - cylinder.height.mean())))
    ended = np.flatnonzero(~lasts)
    first = int(max(ended[ended <= middle], default=-1)) + 1
    stop = int(min(ended[ended >= middle], default=means.size))
    margin = int(np.ceil(_MARGIN / spacing))
    first += margin if first > 0 else 0
    stop -= margin if stop < means.size else 0
    return slice(first, max(stop, first))
