"""Which images a calibration can be applied to, by the X-rays that they stand for."""

from femur_fea.domain import Acquisition, spectrum_of
from femur_fea.errors import CalibrationError

__all__ = ["check_ct_numbers", "check_spectrum"]


def check_ct_numbers(acquisition: Acquisition) -> None:
    """Raise if an image shows a material, or is free of one: no line turns that into density.

    Raises
    ------
    CalibrationError
        If its type says so.
    """
    if spectrum_of(acquisition.image_type) == "material":
        raise CalibrationError(
            found=f"an image of the type {acquisition.image_type}, which shows a material or is "
            "computed without one",
            expected="CT numbers that are linear in the attenuation of everything that is there",
            remedy="use the series that was reconstructed from one tube voltage",
        )


def check_spectrum(acquisition: Acquisition) -> None:
    """Raise unless the CT numbers of an image are those of the spectrum of a tube, or of several.

    Those of one energy differ from them by any amount: at 40 keV bone is more than twice as bright
    as at 70. Tin in the beam makes 0.8 times as much of bone as the same voltage without it.

    Raises
    ------
    CalibrationError
        If its type says that it is computed for one energy, or its beam went through tin.
    """
    if "TIN" in (acquisition.beam_filter or "").split():
        raise CalibrationError(
            found="a scan whose X-rays were hardened by a filter of tin",
            expected="the spectrum of a tube voltage without it, for a line that rests on it",
            remedy="use a phantom in the scan, or a fixed line of this scanner with its filter",
        )
    if spectrum_of(acquisition.image_type) == "one energy":
        raise CalibrationError(
            found=f"an image of the type {acquisition.image_type}, computed as if X-rays of one "
            "energy had made it",
            expected="one that was reconstructed from a tube voltage, for a line that rests on it",
            remedy="use that series, a phantom in the scan, or a fixed line of this energy",
        )
