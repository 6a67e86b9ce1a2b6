"""Whether the air around the body has the CT number of air."""

import numpy as np

from femur_fea.domain import CHOSEN_THRESHOLD, BoolArray, CTVolume, LabelMask, QualityFlag
from femur_fea.errors import HounsfieldRangeError

__all__ = ["air_flags", "air_number"]

# All numbers here are choices. Air has -1000 HU by definition; clothes, the table's foam and
# scatter raise what a scanner shows.
_USUAL_HU = (-1050.0, -930.0)
_POSSIBLE_HU = (-1200.0, -800.0)  # lung that the image cuts open has -850
_SAMPLES_APART = 4.0  # mm
_ROUND_THE_BONE = 4  # samples, within which soft tissue lies
# By how much air is darker than soft tissue even on a scale that is halved; fat is 150 HU darker.
_CONTRAST_HU = 300.0
_LEAST_VOLUME = 10_000.0  # mm3


def air_flags(ct: CTVolume, femur: LabelMask) -> tuple[QualityFlag, ...]:
    """Return a flag if the air around the body is not quite that of a scale in Hounsfield units.

    Raises
    ------
    HounsfieldRangeError
        If it is far from it: the scale is shifted or stretched, and all densities with it.
    """
    air = air_number(ct, femur)
    if air is None or _USUAL_HU[0] <= air <= _USUAL_HU[1]:
        return ()
    if not _POSSIBLE_HU[0] <= air <= _POSSIBLE_HU[1]:
        raise HounsfieldRangeError(
            found=f"air around the body with a median of {air:.0f}",
            expected=f"about -1000 HU, at least within {_POSSIBLE_HU[0]:g} to {_POSSIBLE_HU[1]:g}",
            remedy="apply slope and intercept of the scanner to the stored numbers (often 1 and "
            "-1024), once",
        )
    return (
        QualityFlag(
            name="air",
            severity="caution",
            found=f"a median of {air:.0f} HU in the air around the body",
            expected=f"{_USUAL_HU[0]:g} to {_USUAL_HU[1]:g} HU",
            effect=CHOSEN_THRESHOLD,
        ),
    )


def air_number(ct: CTVolume, femur: LabelMask) -> float | None:
    """Return the median CT number of the air around the body, None where the scan shows none.

    Air is found by its contrast to the soft tissue round the bone, on whatever scale, and is
    connected to an end of the image along i or j. What was not measured is not air: voxels that
    `ct.outside` names, and patches of one and the same number.
    """
    from scipy import ndimage

    every = tuple(slice(None, None, max(1, int(_SAMPLES_APART / s))) for s in ct.grid.spacing)
    hu, bone = np.asarray(ct.hu[every], dtype=np.float32), femur.inside[every]
    measured = ~_not_measured(hu, None if ct.outside is None else ct.outside[every])
    around = ndimage.binary_dilation(bone, iterations=_ROUND_THE_BONE) & ~bone & measured
    if not around.any():
        return None
    soft, dark = float(np.median(hu[around])), float(np.percentile(hu[measured], 1.0))
    if soft - dark < _CONTRAST_HU:
        return None
    labels, _ = ndimage.label((hu < (soft + dark) / 2.0) & measured)
    ends = np.concatenate([end.ravel() for end in (labels[[0, -1]], labels[:, [0, -1]])])
    air = ndimage.binary_erosion(np.isin(labels, np.unique(ends[ends > 0])), border_value=1)
    volume = np.count_nonzero(air) * ct.grid.voxel_volume * (ct.hu.size / hu.size)
    return float(np.median(hu[air])) if volume >= _LEAST_VOLUME else None


def _not_measured(hu: np.ndarray, outside: BoolArray | None) -> BoolArray:
    from scipy import ndimage

    flat = ndimage.maximum_filter(hu, size=3) == ndimage.minimum_filter(hu, size=3)
    if outside is not None:
        flat |= outside
    return np.asarray(ndimage.binary_dilation(flat, structure=np.ones((3, 3, 3), dtype=bool)))
