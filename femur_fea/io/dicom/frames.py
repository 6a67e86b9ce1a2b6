"""Frames of an enhanced CT as if each were a file of its own."""

from collections.abc import Iterator
from typing import Any

from femur_fea.io.dicom.tags import TAGS, Tags, damaged, intact

__all__ = ["frame_tags"]

# PS3.3 table A.38.1-2: the groups of values that hold what a single slice has at its top level
_GROUPS = (
    "PixelMeasuresSequence",
    "PlanePositionSequence",
    "PlaneOrientationSequence",
    "PixelValueTransformationSequence",
    "CTImageFrameTypeSequence",
    "CTReconstructionSequence",
    "CTXRayDetailsSequence",
    "CTExposureSequence",
)
_RENAMED = {"FrameType": "ImageType", "ExposureInmAs": "Exposure"}
_WANTED = frozenset(TAGS) | _RENAMED.keys()


def frame_tags(tags: Tags, n_frames: int) -> Iterator[Tags]:
    """Yield the tags of each frame: its own values, else those that all frames share.

    Raises
    ------
    ImageError
        If the header does not describe as many frames as it announces.
    """
    per_frame = tags.items("PerFrameFunctionalGroupsSequence")
    if len(per_frame) != n_frames:
        raise damaged(tags.name, f"that announces {n_frames} frames and places {len(per_frame)}")
    shared = tags.items("SharedFunctionalGroupsSequence")
    for n, own in enumerate(per_frame, start=1):
        yield _flat(f"frame {n} of {tags.name}", tags, (*shared[:1], own))


def _flat(name: str, tags: Tags, levels: tuple[Tags, ...]) -> Tags:
    from pydicom.dataset import Dataset

    flat = Dataset()
    flat.update(tags.data)
    for item in (item for level in levels for group in _GROUPS for item in level.items(group)[:1]):
        with intact(name, "whose header is damaged"):
            _copy(item.data, flat)
    return Tags(name, flat)


def _copy(values: Any, flat: Any) -> None:
    for keyword in _WANTED:
        if keyword in _RENAMED and keyword in values:
            setattr(flat, _RENAMED[keyword], values[keyword].value)
        elif keyword in values:
            flat.add(values[keyword])
