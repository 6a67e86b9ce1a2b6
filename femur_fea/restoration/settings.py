"""How the blur of a thin cortex is undone."""

from dataclasses import dataclass

from femur_fea.errors import OutOfRangeError

__all__ = ["FWHM_PER_SD", "RestorationSettings"]

FWHM_PER_SD = 2.3548200450309493  # 2 sqrt(2 ln 2): full width at half maximum of a Gaussian


@dataclass(frozen=True, slots=True, kw_only=True)
class RestorationSettings:
    """How the blur of a thin cortex is undone.

    Attributes
    ----------
    blur : float or None, mm
        Standard deviation of the scanner's point spread in the plane of the slices; None to measure
        it at the thick cortex.
    slice_thickness : float or None, mm
        Nominal thickness of the slices; None takes their distance.
    cortical_density : float or None, g/cm3
        Density of compact bone, of the kind of the image; None to measure it at the thick cortex.
    """

    blur: float | None = None
    slice_thickness: float | None = None
    cortical_density: float | None = None

    def __post_init__(self) -> None:
        for name in ("blur", "slice_thickness", "cortical_density"):
            value = getattr(self, name)
            # written so that NaN fails
            if value is not None and not 0.0 < value < float("inf"):
                raise OutOfRangeError(
                    found=f"{name} = {value:g}",
                    expected="a positive number, or none to measure it",
                    remedy="check the value",
                )
