"""What lies in the beam of a CT tube, by the words of its file."""

import re
from collections.abc import Iterable

__all__ = ["filter_of"]

# DICOM's Filter Type is free text and Filter Material a list of codes (PS3.3 table C.8-125). How
# makers write these metals is from memory, read in no text (unverified).
_METALS = {
    "TIN": re.compile(r"TIN|SN(\d+([._]\d+)?(MM|KV)?)?"),
    "COPPER": re.compile(r"COPPER|CU(\d+([._]\d+)?(MM)?)?"),
    "ALUMINUM": re.compile(r"ALUMINI?UM|AL(\d+([._]\d+)?(MM)?)?"),
    "TITANIUM": re.compile(r"TITANIUM|TI(\d+([._]\d+)?(MM)?)?"),
    "MOLYBDENUM": re.compile("MOLYBDENUM"),
}
_BETWEEN = re.compile(r"[\s_+,/()-]+")


def filter_of(words: Iterable[str]) -> str | None:
    """Return the metals that the words name, parted by blanks; None where they name none.

    Other words are left out: a maker may write anything there, a name as well.
    """
    pieces = {piece for word in words for piece in _BETWEEN.split(word.upper()) if piece}
    named = [
        metal
        for metal, pattern in _METALS.items()
        if any(pattern.fullmatch(piece) for piece in pieces)
    ]
    return " ".join(named) or None
