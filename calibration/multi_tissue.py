"""Calibration by all tissues of the scan whose attenuation is known."""

from collections.abc import Mapping, Sequence

import numpy as np

from calibration.air_fat_muscle import soft_tissue_peaks
from calibration.effective_energy import calibrate_by_attenuation
from calibration.energies import EFFECTIVE_ENERGIES
from calibration.peaks import TissueSample, middle
from calibration.quality import Calibration, flags_of_fit
from calibration.sample_quality import flags_of_samples
from femur_fea.domain import (
    CHOSEN_THRESHOLD,
    NO_PUBLISHED_EFFECT,
    BoolArray,
    CTVolume,
    DensityKind,
    LabelImage,
    LabelMask,
    QualityFlag,
    check_same_grid,
)

__all__ = ["labelled_tissues", "multi_tissue", "thick_cortex", "tissues_of_scan"]

# Choices. Hard tissue without metal; deep enough inside it that a clinical scan's blur of about
# 1.2 mm and a voxel and a half do not reach the surface; blood without contrast agent has less.
_HARD_HU = (700.0, 2200.0)
_DEPTH = 1.5  # mm
_DEPTH_IN_VOXELS = 1.5
_LEAST_CORTEX_VOXELS = 50
_BLOOD_BELOW_HU = 80.0

_CORTEX = "cortical bone"


def multi_tissue(ct: CTVolume, kind: DensityKind, samples: Sequence[TissueSample]) -> Calibration:
    """Return the line through tissues of a scan by their attenuation at its effective energy.

    Blood that contains contrast agent is left out and flagged.

    Parameters
    ----------
    ct : CTVolume
        The scan; its tube voltage and contrast agent count here.
    kind : {"CaHA", "K2HPO4"}
        The mineral in whose equivalent density is wanted.
    samples
        From `tissues_of_scan` or `labelled_tissues`.

    Returns
    -------
    Calibration
        The line, with the tissues and the energy.

    Raises
    ------
    CalibrationError, UnknownNameError
        As `calibrate_by_attenuation`.
    """
    usable = [s for s in samples if not _is_enhanced(s, ct)]
    found = calibrate_by_attenuation(usable, kind, ct.acquisition.tube_voltage_kV)
    return Calibration(
        curve=found.curve,
        flags=(
            *_flags_of_voltage(ct.acquisition.tube_voltage_kV),
            *_flags_of_tissues(samples, usable),
            *flags_of_fit(found.curve),
            *flags_of_samples(usable),
        ),
        measured=(
            *(sample.to_dict() for sample in usable),
            {
                "effective_energy_keV": found.energy,
                "effective_energy_standard_error_keV": found.energy_se,
            },
        ),
    )


def tissues_of_scan(
    ct: CTVolume, bone: LabelMask, lesion: LabelMask | None = None
) -> tuple[TissueSample, ...]:
    """Return air, fat, muscle and, where it is thick enough, cortical bone of a scan.

    Parameters
    ----------
    ct : CTVolume
        The scan, HU.
    bone : LabelMask
        The whole bone.
    lesion : LabelMask, optional
        What of it is no healthy bone: blastic bone and cement are as hard as a cortex but hold
        another share of mineral.

    Raises
    ------
    CalibrationError
        If air, fat or muscle has no peak in the histogram.
    GridMismatchError
        If `bone` or `lesion` is on another grid.
    """
    soft = soft_tissue_peaks(ct, bone)
    cortex = thick_cortex(ct, bone if lesion is None else _without(bone, lesion))
    if np.count_nonzero(cortex) < _LEAST_CORTEX_VOXELS:
        return soft
    return (*soft, middle(_CORTEX, ct, cortex))


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
    """Return which voxels of a healthy bone lie so deep in hard bone that blur does not reach them.

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


def _without(bone: LabelMask, lesion: LabelMask) -> LabelMask:
    check_same_grid("the bone", bone.grid, "the lesion", lesion.grid)
    return LabelMask(grid=bone.grid, inside=bone.inside & ~lesion.inside)


def _is_enhanced(sample: TissueSample, ct: CTVolume) -> bool:
    if sample.tissue != "blood":
        return False
    return bool(ct.acquisition.contrast_agent) or sample.hu > _BLOOD_BELOW_HU


def _flags_of_voltage(tube_voltage_kV: float | None) -> tuple[QualityFlag, ...]:
    if tube_voltage_kV is not None:
        return ()
    low, high = min(EFFECTIVE_ENERGIES), max(EFFECTIVE_ENERGIES)
    return (
        QualityFlag(
            name="tube voltage",
            severity="note",
            found=f"unknown: the effective energy may be that of any from {low:g} to {high:g} kV",
            expected="one that the header or the configuration tells",
            effect=NO_PUBLISHED_EFFECT,
        ),
    )


def _flags_of_tissues(
    samples: Sequence[TissueSample], usable: Sequence[TissueSample]
) -> tuple[QualityFlag, ...]:
    flags = []
    if len(usable) < len(samples):
        flags.append(
            QualityFlag(
                name="blood left out",
                severity="note",
                found="blood with contrast agent, which is no reference",
                expected=f"blood below {_BLOOD_BELOW_HU:g} HU in a scan without contrast agent",
                effect=NO_PUBLISHED_EFFECT,
            )
        )
    if _CORTEX not in {sample.tissue for sample in usable}:
        flags.append(
            QualityFlag(
                name="no thick cortex",
                severity="caution",
                found="no cortical bone that is free of blur: the effective energy is little more "
                "than what the tube voltage lets expect",
                expected=f"{_LEAST_CORTEX_VOXELS} voxels deep in hard bone",
                effect=CHOSEN_THRESHOLD,
            )
        )
    return tuple(flags)
