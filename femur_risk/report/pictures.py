"""The bytes of a report's pictures, and how large they are shown."""

from dataclasses import dataclass

from femur_fea.errors import MissingInputError
from femur_risk.report.blocks import Picture

__all__ = ["DrawnPicture", "read_picture"]

# figures of this width fill the page; narrower ones keep the same size of letters
_FULL_WIDTH_PX = 1600
_PNG_WIDTH, _PNG_HEIGHT = slice(16, 20), slice(20, 24)


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawnPicture:
    """A PNG file as a page shows it.

    Attributes
    ----------
    data : bytes
        The file.
    share : float
        Its width over that of the page, at most 1.
    aspect : float
        Height over width.
    """

    data: bytes
    share: float
    aspect: float


def read_picture(picture: Picture) -> DrawnPicture:
    """Return the file of a picture.

    Raises
    ------
    MissingInputError
        If it does not exist.
    """
    if not picture.png.is_file():
        raise MissingInputError(
            found=f"no file {picture.png.name} for the figure {picture.caption!r}",
            expected="the PNG of every figure of the report",
            remedy="draw the figure before writing the report",
        )
    data = picture.png.read_bytes()
    width, height = (int.from_bytes(data[place], "big") for place in (_PNG_WIDTH, _PNG_HEIGHT))
    return DrawnPicture(data=data, share=min(1.0, width / _FULL_WIDTH_PX), aspect=height / width)
