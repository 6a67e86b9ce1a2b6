"""What to mind about the CT numbers of tissues that a line rests on."""

from collections.abc import Sequence

from calibration.peaks import CUT_OFF_ERROR_HU, ErrorOrigin, TissueSample
from femur_fea.domain import CHOSEN_THRESHOLD, QualityFlag

__all__ = ["flags_of_samples"]

_ASSUMED: dict[ErrorOrigin, str] = {
    "bandwidth": "by which the histogram is smoothed",
    "voxels": "which is that of single voxels",
}


def flags_of_samples(samples: Sequence[TissueSample]) -> tuple[QualityFlag, ...]:
    """Return what to mind: noise that the image cuts off, and errors that were assumed."""
    return (
        *(_cut_off(sample) for sample in samples if sample.cut_off > 0.0),
        *(_assumed(sample) for sample in samples if sample.error_from in _ASSUMED),
    )


def _cut_off(sample: TissueSample) -> QualityFlag:
    return QualityFlag(
        name=f"noise of {sample.tissue} cut off",
        severity="note",
        found=f"{sample.cut_off:.0%} of the {sample.tissue} with the lowest number of the "
        f"image; its CT number was taken for uncertain by {CUT_OFF_ERROR_HU:g} HU",
        expected="noise on either side of its mean",
        effect=CHOSEN_THRESHOLD,
    )


def _assumed(sample: TissueSample) -> QualityFlag:
    return QualityFlag(
        name=f"error of {sample.tissue} assumed",
        severity="note",
        found=f"too little {sample.tissue} to see how its CT number scatters from place to place; "
        f"taken for uncertain by {sample.hu_se:.2g} HU, {_ASSUMED[sample.error_from]}",
        expected="a number in each of three parts of the scan",
        effect=CHOSEN_THRESHOLD,
    )
