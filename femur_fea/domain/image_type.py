"""What a CT image is by its own account: taken with one tube voltage, or computed from others."""

import re
from collections.abc import Iterable
from typing import Literal

__all__ = ["Spectrum", "image_type_of", "spectrum_of"]

type Spectrum = Literal["tube", "several tubes", "one energy", "material"]

# PS3.3 C.7.6.1.1.2 and C.8.2.1.1.1
_PLAIN = re.compile(
    "ORIGINAL|DERIVED|MIXED|PRIMARY|SECONDARY|LOCALIZER|AXIAL|VOLUME|MPR|REFORMATTED|RESAMPLED"
)
# The standard's terms of multi-energy CT as in PS3.17 JJJJ; what makers write besides is from
# memory, read in no text (unverified). "_" stands for blanks and signs. Digits are those of an
# energy or of a share, and too few to name anybody.
_OF_SPECTRA: dict[Spectrum, re.Pattern[str]] = {
    "one energy": re.compile(
        r"VMI|(DE_|GSI_|SPECTRAL_|VIRTUAL_)?(V?MONO)(CHROMATIC|ENERGETIC|PLUS|_PLUS)?"
        r"(_?E?_?\d{2,3}_?(KEV)?)?"
        r"|\d{2,3}_?KEV"
    ),
    "material": re.compile(
        "MAT_(SPECIFIC|REMOVED|FRACTIONAL|VALUE_BASED|MODIFIED)|EFF_ATOMIC_NUM|ELECTRON_DENSITY"
        "|Z_?EFF|RHO_?Z|VNC|VUE|IODINE|IODINE_MAP|WATER_IODINE"
        "|VIRTUAL_NON_?(CONTRAST|CALCIUM)|VNCA|(PURE_)?CALCIUM|CALCIUM_SUPPRESSED|WATER|HAP"
    ),
    "several tubes": re.compile(r"MULTI_ENERGY|DE|DE_MIXED|DUAL_?ENERGY|GSI|SPECTRAL|M_\d\.\d"),
}
_BETWEEN = re.compile(r"[\s_+()]+")
# A piece of a name, and of calcium scoring, where they are not the whole value.
_WHOLE_ONLY = frozenset({"DE", "CALCIUM"})


def image_type_of(words: Iterable[str]) -> str | None:
    """Return the words of an image type that are known, parted by blanks; None where there is none.

    A value that is not known as a whole is taken apart at blanks, "_", "+" and brackets. Others
    are left out: a maker may write anything there, a name as well.
    """
    return " ".join(known for word in words for known in _known_in(word.upper())) or None


def _known_in(value: str) -> list[str]:
    pieces = [piece for piece in _BETWEEN.split(value) if piece]
    if _is_known(whole := "_".join(pieces)):
        return [whole]
    return [piece for piece in pieces if piece not in _WHOLE_ONLY and _is_known(piece)]


def _is_known(word: str) -> bool:
    return any(pattern.fullmatch(word) for pattern in (_PLAIN, *_OF_SPECTRA.values()))


def spectrum_of(image_type: str | None) -> Spectrum:
    """Return which X-rays the CT numbers of an image belong to.

    Parameters
    ----------
    image_type
        From `image_type_of`; None is taken for an image of one tube voltage.

    Returns
    -------
    {"tube", "several tubes", "one energy", "material"}
        One tube voltage; a blend of two; X-rays of one energy that never were; or no X-rays: an
        image of a material, or without one.
    """
    words = (image_type or "").split()
    for spectrum, pattern in _OF_SPECTRA.items():
        if any(pattern.fullmatch(word) for word in words):
            return spectrum
    return "tube"
