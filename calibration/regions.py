"""CT numbers of a phantom's rods in regions that are given."""

import itertools
from collections.abc import Mapping

import numpy as np

from calibration.measurement import mean_of_slices
from calibration.phantoms import Phantom
from calibration.rods import CORE, MeasuredRod
from femur_fea.domain import CTVolume, LabelImage, check_same_grid
from femur_fea.errors import CalibrationError

__all__ = ["measure_labelled_rods"]

_CLEARLY_APART = 30.0  # HU between typical CT numbers of rods whose order is then certain


def measure_labelled_rods(
    ct: CTVolume, regions: LabelImage, phantom: Phantom
) -> tuple[MeasuredRod, ...]:
    """Measure the rods of a phantom in regions that are given.

    Parameters
    ----------
    ct : CTVolume
        The scan.
    regions : LabelImage
        On its grid: n within the rod that the phantom's record lists as the n-th, 0 elsewhere.
        The rim of each region and its first and last slice are left out.
    phantom : Phantom
        The phantom.

    Raises
    ------
    GridMismatchError
        If the regions lie on another grid.
    CalibrationError
        If there are labels of no rod, or fewer than two rods, or rods whose CT numbers contradict
        their labels, or regions of too few slices.
    """
    from scipy.ndimage import find_objects

    check_same_grid("the CT", ct.grid, "the regions of the rods", regions.grid)
    present = [int(label) for label in np.unique(regions.labels) if label != 0]
    _check_labels(present, phantom)
    boxes = find_objects(regions.labels, max_label=len(phantom.rods))
    measured = {
        label - 1: _measure_region(ct, regions, label, box, phantom)
        for label, box in enumerate(boxes, start=1)
        if box is not None
    }
    _check_ascending(measured, phantom)
    return tuple(measured.values())


def _check_labels(present: list[int], phantom: Phantom) -> None:
    n_rods = len(phantom.rods)
    if len(present) < 2 or min(present) < 1 or max(present) > n_rods:
        numbers = ", ".join(map(str, present)) or "none"
        raise CalibrationError(
            found=f"regions with the labels {numbers} for the phantom {phantom.label}",
            expected=f"two labels or more among 1 to {n_rods}, one for each rod",
            remedy="number the regions as the phantom's record lists its rods",
        )


def _measure_region(
    ct: CTVolume,
    regions: LabelImage,
    label: int,
    box: tuple[slice, ...],
    phantom: Phantom,
) -> MeasuredRod:
    from scipy.ndimage import distance_transform_edt

    inside, hu = regions.labels[box] == label, ct.hu[box]
    means, depths, places = [], [], []
    for k in range(1, inside.shape[2] - 1):
        if not inside[:, :, k].any():
            continue
        padded = np.pad(inside[:, :, k], 1)
        depth = distance_transform_edt(padded, sampling=ct.grid.spacing[:2])[1:-1, 1:-1]
        core = depth >= (1.0 - CORE) * depth.max()
        means.append(float(hu[:, :, k][core].mean()))
        depths.append(float(depth.max()))
        places.append([*np.argwhere(core).mean(axis=0), k])
    mean, error = mean_of_slices(np.array(means), name=phantom.rods[label - 1].name)
    start = np.array([side.start for side in box])
    x, y, z = ct.grid.to_world(np.mean(places, axis=0)[None, :] + start)[0]
    return MeasuredRod(
        rod=label - 1,
        hu=mean,
        hu_se=error,
        n_slices=len(means),
        centre=(float(x), float(y), float(z)),
        radius=float(np.median(depths)),
    )


def _check_ascending(measured: Mapping[int, MeasuredRod], phantom: Phantom) -> None:
    typical = phantom.typical_hu()
    rods = sorted(measured, key=lambda n: float(typical[n]))
    for lower, upper in itertools.pairwise(rods):
        apart = float(typical[upper] - typical[lower])
        if apart > _CLEARLY_APART and measured[upper].hu <= measured[lower].hu:
            raise CalibrationError(
                found=f"{measured[upper].hu:.0f} HU in the region of rod "
                f"{phantom.rods[upper].name} and {measured[lower].hu:.0f} HU in that of rod "
                f"{phantom.rods[lower].name} of the phantom {phantom.label}",
                expected=f"more in rod {phantom.rods[upper].name}, by about {apart:.0f} HU",
                remedy="check the numbers of the regions, and which phantom it is",
            )
