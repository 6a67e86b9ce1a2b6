"""How the values and the pixels of a DICOM file are encoded."""

from dataclasses import dataclass

__all__ = ["ASSUMED_SYNTAX", "TRANSFER_SYNTAXES", "TransferSyntax"]

_RUN_LENGTH = "1.2.840.10008.1.2.5"


@dataclass(frozen=True, slots=True, kw_only=True)
class TransferSyntax:
    """One encoding.

    Attributes
    ----------
    uid : str
        Its identifier in the standard.
    is_implicit : bool
        Whether values come without their type.
    is_little_endian : bool
        Order of bytes.
    is_compressed : bool
        Whether the pixels are compressed.
    is_lossy : bool
        Whether that can have changed them.
    """

    uid: str
    is_implicit: bool = False
    is_little_endian: bool = True
    is_compressed: bool = False
    is_lossy: bool = False

    @property
    def is_run_length(self) -> bool:
        """Whether pixels are compressed by counting equal bytes."""
        return self.uid == _RUN_LENGTH


# DICOM PS3.5 section 10 and PS3.6 table A-1. Those with deflated headers, with video, and JPEG of
# 8 and 12 bits are not here: the first can unfold without bound, the others hold no CT numbers.
TRANSFER_SYNTAXES = {
    syntax.uid: syntax
    for syntax in (
        TransferSyntax(uid="1.2.840.10008.1.2", is_implicit=True),
        TransferSyntax(uid="1.2.840.10008.1.2.1"),
        TransferSyntax(uid="1.2.840.10008.1.2.2", is_little_endian=False),
        TransferSyntax(uid="1.2.840.10008.1.2.4.57", is_compressed=True),  # JPEG lossless
        TransferSyntax(uid="1.2.840.10008.1.2.4.70", is_compressed=True),  # the same, SV1
        TransferSyntax(uid="1.2.840.10008.1.2.4.80", is_compressed=True),  # JPEG-LS
        TransferSyntax(uid="1.2.840.10008.1.2.4.81", is_compressed=True, is_lossy=True),
        TransferSyntax(uid="1.2.840.10008.1.2.4.90", is_compressed=True),  # JPEG 2000
        TransferSyntax(uid="1.2.840.10008.1.2.4.91", is_compressed=True, is_lossy=True),
        TransferSyntax(uid=_RUN_LENGTH, is_compressed=True),
    )
}
# what any syntax that is not listed uses for the header (PS3.5 section A.4)
ASSUMED_SYNTAX = TransferSyntax(uid="")
