"""Calibration by all tissues of the scan whose attenuation is known."""

import warnings
from collections.abc import Mapping, Sequence

import numpy as np

from calibration.air_fat_muscle import soft_tissue_peaks
from calibration.effective_energy import AttenuationCalibration, calibrate_by_attenuation
from calibration.peaks import TissueSample, middle
from femur_fea.domain import (
    BoolArray,
    CTVolume,
    DensityKind,
    LabelImage,
    LabelMask,
    check_same_grid,
)
from femur_fea.errors import FemurFEAWarning

__all__ = ["labelled_tissues", "multi_tissue", "thick_cortex", "tissues_of_scan"]

# Choices. Hard tissue without metal; deep enough inside it that a clinical scan's blur of about
# 1.2 mm and a voxel and a half do not reach the surface; blood without contrast agent has less.
_HARD_HU = (700.0, 2200.0)
_DEPTH = 1.5  # mm
_DEPTH_IN_VOXELS = 1.5
_LEAST_CORTEX_VOXELS = 50
_BLOOD_BELOW_HU = 80.0


def multi_tissue(
    ct: CTVolume, kind: DensityKind, samples: Sequence[TissueSample]
) -> AttenuationCalibration:
    """Return the line through tissues of a scan by their attenuation at its effective energy.

    Blood that contains contrast agent is left out with a warning.

    Parameters
    ----------
    ct : CTVolume
        The scan; its tube voltage and contrast agent count here.
    kind : {"CaHA", "K2HPO4"}
        The mineral in whose equivalent density is wanted.
    samples
        From `tissues_of_scan` or `labelled_tissues`.

    Raises
    ------
    CalibrationError, UnknownNameError
        As `calibrate_by_attenuation`.
    """
    if ct.acquisition.contrast_agent:
        _warn(
            "the scan has contrast agent, which raises muscle by some HU: density near 0 HU is"
            " lower by about as much"
        )
    usable = [s for s in samples if not _is_enhanced(s, ct)]
    if len(usable) < len(samples):
        _warn("blood with contrast agent is no reference and left out")
    return calibrate_by_attenuation(usable, kind, ct.acquisition.tube_voltage_kV)


def tissues_of_scan(ct: CTVolume, bone: LabelMask) -> tuple[TissueSample, ...]:
    """Return air, fat, muscle and, where it is thick enough, cortical bone of a scan.

    Without thick cortex only the tube voltage tells the effective energy; this is warned of.

    Raises
    ------
    CalibrationError
        If air, fat or muscle has no peak in the histogram.
    GridMismatchError
        If `bone` is on another grid.
    """
    soft = soft_tissue_peaks(ct, bone)
    cortex = thick_cortex(ct, bone)
    n_voxels = int(cortex.sum())
    if n_voxels < _LEAST_CORTEX_VOXELS:
        _warn(
            f"{n_voxels} voxels of bone lie deep enough in thick cortex to be free of blur:"
            " cortical bone is left out, and the tube voltage alone tells the effective energy"
        )
        return soft
    return (*soft, middle("cortical bone", ct, cortex))


def labelled_tissues(
    ct: CTVolume, regions: LabelImage, tissues: Mapping[int, str]
) -> tuple[TissueSample, ...]:
    """Return the medians of tissues in regions that are given.

    Parameters
    ----------
    ct : CTVolume
        The scan, HU.
    regions : LabelImage
        Regions well inside each tissue, on the grid of the scan.
    tissues : mapping from label to name
        Which tissue of `TISSUES` each label is; other labels are not used.

    Raises
    ------
    CalibrationError
        If a region has fewer than 50 voxels.
    GridMismatchError
        If `regions` is on another grid.
    """
    check_same_grid("the CT", ct.grid, "the regions", regions.grid)
    return tuple(
        middle(tissue, ct, regions.mask_of([label]).inside) for label, tissue in tissues.items()
    )


def thick_cortex(ct: CTVolume, bone: LabelMask) -> BoolArray:
    """Return which voxels of a bone lie so deep in hard bone that blur does not reach them.

    Raises
    ------
    GridMismatchError
        If `bone` is on another grid.
    """
    from scipy import ndimage

    check_same_grid("the CT", ct.grid, "the bone", bone.grid)
    deep = np.zeros(ct.grid.shape, dtype=bool)
    boxes = ndimage.find_objects(bone.inside.astype(np.int8))
    if not boxes:
        return deep
    box = boxes[0]
    hard = bone.inside[box] & (ct.hu[box] > _HARD_HU[0]) & (ct.hu[box] < _HARD_HU[1])
    spacing = ct.grid.spacing
    # a border of soft voxels, so that bone that the box cuts is not taken for deep
    depth = ndimage.distance_transform_edt(np.pad(hard, 1), sampling=spacing)[1:-1, 1:-1, 1:-1]
    deep[box] = depth > max(_DEPTH, _DEPTH_IN_VOXELS * float(spacing.max()))
    return deep


def _is_enhanced(sample: TissueSample, ct: CTVolume) -> bool:
    if sample.tissue != "blood":
        return False
    return bool(ct.acquisition.contrast_agent) or sample.hu > _BLOOD_BELOW_HU


def _warn(what: str) -> None:
    warnings.warn(what, FemurFEAWarning, stacklevel=3)
