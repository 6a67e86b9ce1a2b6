"""From a file to the headers of its slices."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from femur_fea.errors import ImageError
from femur_fea.io.dicom.bounded import BoundedFile, has_mark
from femur_fea.io.dicom.facts import facts_of
from femur_fea.io.dicom.frames import frame_tags
from femur_fea.io.dicom.header import PixelLayout, Place, Rescale, SliceHeader
from femur_fea.io.dicom.layout import pixel_layouts
from femur_fea.io.dicom.syntax import ASSUMED_SYNTAX, TRANSFER_SYNTAXES, TransferSyntax
from femur_fea.io.dicom.tags import TAGS, Tags, damaged, intact, quiet_pydicom

__all__ = ["read_headers"]

_SUFFIXES = (".dcm", ".ima")
_LARGEST_RESCALE = 1e6  # beyond any scale; single precision holds what is below exactly
_CT = "CT"
_DIRECTORY = "1.2.840.10008.1.3.10"  # a list of files, which has no modality
_META_TAGS = ("TransferSyntaxUID", "MediaStorageSOPClassUID")
_CT_IMAGES = frozenset(
    {
        "1.2.840.10008.5.1.4.1.1.2",
        "1.2.840.10008.5.1.4.1.1.2.1",  # enhanced
        "1.2.840.10008.5.1.4.1.1.2.2",  # enhanced, converted
    }
)


def read_headers(files: Iterable[Path]) -> list[SliceHeader]:
    """Return the headers of all CT slices in files, which are numbered from 1.

    Files that are not DICOM, of another modality, or pictures of a screen are left alone.

    Raises
    ------
    ImageError
        With the number of the first file that is damaged.
    """
    slices = []
    for number, path in enumerate(files, start=1):
        with quiet_pydicom(), path.open("rb") as stream:
            name = f"DICOM file number {number}"
            if has_mark(stream):
                slices += _slices_of(name, path, BoundedFile(stream))
            elif path.suffix.lower() in _SUFFIXES:
                raise damaged(name, "that is damaged or empty")
    return slices


def _slices_of(name: str, path: Path, file: BoundedFile) -> list[SliceHeader]:
    syntax_uid, media_class, tags = _read(name, file)
    if media_class == _DIRECTORY:
        return []
    modality = tags.word("Modality")
    kind = tags.word("SOPClassUID") or media_class
    if modality is None or (modality != _CT and _CT_IMAGES & {kind, media_class}):
        raise damaged(name, "whose header ends early, or lacks the modality of a CT")
    # reports, raw data and pictures of a screen have no place; converters store slices as pictures
    if modality != _CT or not (kind in ("", *_CT_IMAGES) or tags.has("ImagePositionPatient")):
        return []
    syntax = _known_syntax(name, syntax_uid)
    n_frames = tags.whole("NumberOfFrames") or 1
    has_groups = n_frames > 1 or tags.has("PerFrameFunctionalGroupsSequence")
    frames = tuple(frame_tags(tags, n_frames)) if has_groups else (tags,)
    layouts = pixel_layouts(tags, file, syntax, n_frames)
    return [_slice(path, *pair) for pair in zip(frames, layouts, strict=True)]


def _read(name: str, file: BoundedFile) -> tuple[str, str, Tags]:
    """Return the identifiers of the encoding and of the kind of file, and the wanted tags."""
    from pydicom.filereader import read_dataset

    with intact(name, "whose header is damaged"):
        meta = read_dataset(file, False, True, stop_when=_is_after_meta)  # type: ignore[arg-type] # reads as a file does
        uid, kind = (str(meta.get(tag, "")) for tag in _META_TAGS)
        syntax = TRANSFER_SYNTAXES.get(uid, ASSUMED_SYNTAX)
        data = read_dataset(
            file,  # type: ignore[arg-type] # reads as a file does
            syntax.is_implicit,
            syntax.is_little_endian,
            stop_when=_is_pixels,
            specific_tags=list(_tag_numbers()),
        )
    return uid, kind, Tags(name, data)


def _is_after_meta(tag: Any, _type: str | None, _length: int) -> bool:
    return bool(tag.group != 2)


def _is_pixels(tag: Any, _type: str | None, _length: int) -> bool:
    return bool(tag.group == 0x7FE0)


def _tag_numbers() -> Iterable[Any]:
    from pydicom.tag import Tag

    return (Tag(keyword) for keyword in TAGS)


def _known_syntax(name: str, uid: str) -> TransferSyntax:
    if uid not in TRANSFER_SYNTAXES:
        raise ImageError(
            found=f"{name} in a transfer syntax that is not read",
            expected="uncompressed, JPEG lossless, JPEG-LS, JPEG 2000 or RLE",
            remedy="export the series uncompressed",
        )
    return TRANSFER_SYNTAXES[uid]


def _slice(path: Path, tags: Tags, pixels: PixelLayout) -> SliceHeader:
    series_key = tags.word("SeriesInstanceUID")
    if series_key is None:
        raise damaged(tags.name, "without SeriesInstanceUID")
    return SliceHeader(
        name=tags.name,
        path=path,
        series_key=series_key,
        image_type=tuple(word.upper() for word in tags.words("ImageType")),
        rescale_type=tags.word("RescaleType"),
        place=_place(tags),
        pixels=pixels,
        rescale=_rescale(tags),
        acquisition=facts_of(tags),
    )


def _place(tags: Tags) -> Place | None:
    position = tags.numbers("ImagePositionPatient", 3)
    orientation = tags.numbers("ImageOrientationPatient", 6)
    spacing = tags.numbers("PixelSpacing", 2)
    if position is None or orientation is None or spacing is None:
        return None
    return Place(position=position, orientation=orientation, pixel_spacing=spacing)


def _rescale(tags: Tags) -> Rescale | None:
    slope, intercept = tags.number("RescaleSlope"), tags.number("RescaleIntercept")
    if slope is None and intercept is None:
        return None
    if (
        slope is None
        or intercept is None
        or not 0.0 < abs(slope) <= _LARGEST_RESCALE
        or abs(intercept) > _LARGEST_RESCALE
    ):
        raise damaged(tags.name, "with an impossible rescale, or half of one")
    return Rescale(slope=slope, intercept=intercept)
