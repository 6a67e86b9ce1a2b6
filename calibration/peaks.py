"""CT numbers of tissues: peaks of the histogram, with standard errors."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from femur_fea.domain import BoolArray, CTVolume, FloatArray, IntArray
from femur_fea.errors import CalibrationError

__all__ = ["CUT_OFF_ERROR_HU", "WINDOWS", "ErrorOrigin", "TissueSample", "find_peak", "middle"]

type ErrorOrigin = Literal["slabs", "bandwidth", "voxels"]

# Where peaks are looked for, HU: wide enough for tube voltages from 80 to 140 kV and a scanner
# that is 20 HU off. Choices.
WINDOWS = {"air": (-1060.0, -900.0), "fat": (-180.0, -20.0), "muscle": (-30.0, 120.0)}

_BANDWIDTH_HU = 6.0  # below the noise of a clinical scan, so that it hardly widens a peak
_LEAST_VOLUME = 1000.0  # mm3: less than a cubic centimetre is no sample of a tissue
_PROMINENCE = 1.0 / 6.0  # of its height: a peak stands out by so much, or it is noise
# How many voxels at the lowest stored number are more than the tail of noise, and what the peak
# is then uncertain by.
_CUT_OFF_FRACTION = 0.1
CUT_OFF_ERROR_HU = 10.0
_SLABS = 8
_LEAST_SLABS = 3
_LEAST_VOXELS = 50  # of a slab that counts


@dataclass(frozen=True, slots=True, kw_only=True)
class TissueSample:
    """The CT number of a tissue in one scan.

    Attributes
    ----------
    tissue : str
        A name in `TISSUES`.
    hu : float, HU
        CT number.
    hu_se : float, HU
        Its standard error, by `error_from`.
    error_from : {"slabs", "bandwidth", "voxels"}
        "slabs": the scatter of the number among slabs of the scan. What of it is noise is divided
        by their number, and what is not, not: beam hardening and fat within muscle differ from
        place to place, and the bone lies in one of them. Where fewer than three slabs have a
        number its error is assumed: "bandwidth", 6 HU for a peak, by which the histogram is
        smoothed; "voxels", the standard deviation of single voxels for a median.
    n_voxels : int
        Voxels that it comes from.
    cut_off : float
        Fraction of them that have the lowest number that the image stores, where that is part of
        the peak: noise below it is cut off, and `hu_se` counts that.
    """

    tissue: str
    hu: float
    hu_se: float
    error_from: ErrorOrigin
    n_voxels: int
    cut_off: float = 0.0

    def to_dict(self) -> dict[str, Any]:
        """Return the sample with unit-suffixed keys."""
        return {
            "tissue": self.tissue,
            "ct_number_HU": self.hu,
            "ct_number_standard_error_HU": self.hu_se,
            "ct_number_standard_error_from": self.error_from,
            "voxels": self.n_voxels,
            "fraction_cut_off": self.cut_off,
        }


def find_peak(tissue: str, ct: CTVolume, where: BoolArray) -> TissueSample:
    """Return the peak of a tissue in the histogram of some voxels.

    Parameters
    ----------
    tissue : {"air", "fat", "muscle"}
        Which window is searched.
    ct : CTVolume
        The scan, HU.
    where : (ni, nj, nk)
        Voxels that count.

    Returns
    -------
    TissueSample
        Mode of a Gaussian kernel density with a bandwidth of 6 HU.

    Raises
    ------
    CalibrationError
        If there is less than 1 cm3 within the window, or no peak in it.
    """
    window = WINDOWS[tissue]
    used = where & (ct.hu > window[0]) & (ct.hu < window[1])
    values = ct.hu[used].astype(float)
    volume = values.size * ct.grid.voxel_volume
    if volume < _LEAST_VOLUME:
        raise _missing(tissue, window, f"{volume / 1000.0:.2g} cm3")
    peak = _mode(values, window)
    if peak is None:
        raise _missing(tissue, window, f"{volume / 1000.0:.3g} cm3 without a peak")
    error = _error(values, _slab_of_voxels(used), lambda part: _mode(part, window))
    cut_off = _cut_off(values, float(ct.hu.min()))
    errors = (
        _BANDWIDTH_HU if error is None else error,
        _bin_error(),
        CUT_OFF_ERROR_HU if cut_off else 0.0,
    )
    return TissueSample(
        tissue=tissue,
        hu=peak,
        hu_se=math.hypot(*errors),
        error_from="bandwidth" if error is None else "slabs",
        n_voxels=values.size,
        cut_off=cut_off,
    )


def middle(tissue: str, ct: CTVolume, where: BoolArray) -> TissueSample:
    """Return the median CT number of voxels that are known to be one tissue.

    Raises
    ------
    CalibrationError
        If there are fewer than 50 of them.
    """
    values = ct.hu[where].astype(float)
    if values.size < _LEAST_VOXELS:
        raise CalibrationError(
            found=f"{values.size} voxels of {tissue}",
            expected=f"at least {_LEAST_VOXELS}",
            remedy="give a larger region, or leave the tissue out",
        )
    error = _error(values, _slab_of_voxels(where), lambda part: float(np.median(part)))
    return TissueSample(
        tissue=tissue,
        hu=float(np.median(values)),
        hu_se=math.hypot(float(np.std(values)) if error is None else error, _bin_error()),
        error_from="voxels" if error is None else "slabs",
        n_voxels=values.size,
    )


def _error(
    values: FloatArray, slabs: IntArray, number: Callable[[FloatArray], float | None]
) -> float | None:
    """Return the standard error of a tissue's number, None where fewer than three slabs have one.

    The variance among slabs is that of noise and that from place to place. Noise alone makes the
    two halves of a slab differ; its part is divided by the number of slabs, the other is not.
    """
    found = []
    for slab in _filled(slabs):
        inside = values[slabs == slab]
        parts = [number(part) for part in (inside, inside[::2], inside[1::2])]
        if None not in parts:
            found.append(parts)
    if len(found) < _LEAST_SLABS:
        return None
    whole, even, odd = np.array(found, dtype=float).T
    noise = float(np.mean((even - odd) ** 2)) / 4.0
    places = max(0.0, float(np.var(whole, ddof=1)) - noise)
    return math.sqrt(places + noise / len(found))


def _mode(values: FloatArray, window: tuple[float, float]) -> float | None:
    """Return the most prominent peak of the smoothed histogram, None where there is none."""
    from scipy.ndimage import gaussian_filter1d
    from scipy.signal import find_peaks

    # bins round whole numbers, as those stored are; an empty one at an end would make a peak there
    edges = np.arange(window[0] + 0.5, window[1])
    counts = np.histogram(values, bins=edges)[0].astype(float)
    density = gaussian_filter1d(counts, _BANDWIDTH_HU, mode="nearest")
    tops, found = find_peaks(density, prominence=0.0)
    if tops.size == 0:
        return None
    which = int(np.argmax(found["prominences"]))
    top = int(tops[which])
    if found["prominences"][which] < _PROMINENCE * density[top]:
        return None
    below, at, above = density[top - 1 : top + 2]
    bend = below - 2.0 * at + above
    return float(edges[top] + 0.5 + 0.5 * (below - above) / bend)


def _slab_of_voxels(where: BoolArray) -> IntArray:
    """Return which of eight slabs of equal count each voxel lies in, across its longest extent."""
    index = np.array(np.nonzero(where))
    along = index[int(np.argmax(np.ptp(index, axis=1)))]
    ends = np.quantile(along, np.arange(1, _SLABS) / _SLABS)
    return np.asarray(np.searchsorted(ends, along, side="left"))


def _filled(slabs: IntArray) -> IntArray:
    return np.flatnonzero(np.bincount(slabs) >= _LEAST_VOXELS)


def _bin_error() -> float:
    return 1.0 / math.sqrt(12.0)  # CT numbers are whole


def _cut_off(values: FloatArray, lowest: float) -> float:
    """Return which fraction has the lowest number of the image, 0 where that is but a tail."""
    fraction = float(np.mean(values == lowest))
    return fraction if fraction > _CUT_OFF_FRACTION else 0.0


def _missing(tissue: str, window: tuple[float, float], found: str) -> CalibrationError:
    return CalibrationError(
        found=f"{found} between {window[0]:g} and {window[1]:g} HU where {tissue} was looked for",
        expected=f"a peak of {tissue} in the histogram of the body and the air around it",
        remedy="give an image that is not cropped to the bone, or another calibration",
    )
