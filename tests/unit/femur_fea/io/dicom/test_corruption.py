"""Damaged series: refused with the number of the file, soon, and within the size of the files."""

import resource
import struct
import time
import tracemalloc
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pydicom.dataelem import DataElement
from pydicom.pixels import get_encoder
from pydicom.tag import Tag
from pydicom.uid import RLELossless

from femur_fea.domain import CTVolume
from femur_fea.errors import ImageError
from femur_fea.io import read_ct

N_SLICES = 5
SPOILT = 3  # number of the file that is changed
MOST_BYTES = 2_000_000  # Python's own for a series of 5 kB; a plane of 4096 x 4096 takes 32 MB
MOST_SECONDS = 2.0  # of the processor; it takes 0.02 s
MOST_GROWTH_KB = 100_000  # of the process

REQUIRED = (
    "Modality", "SeriesInstanceUID", "ImagePositionPatient", "ImageOrientationPatient",
    "PixelSpacing", "Rows", "Columns", "BitsAllocated", "BitsStored", "PixelRepresentation",
    "RescaleSlope", "RescaleIntercept",
)  # fmt: skip
NUMBERS = {
    "ImagePositionPatient": 3, "ImageOrientationPatient": 6, "PixelSpacing": 2, "RescaleSlope": 1,
    "RescaleIntercept": 1, "SliceThickness": 1, "KVP": 1,
}  # fmt: skip

type Spoil = Callable[[Any, np.random.Generator], None]


def change_a_type(data: Any, rng: np.random.Generator) -> None:
    keyword = str(rng.choice([*NUMBERS, "Rows", "Columns", "BitsStored"]))
    kind, value = [("LO", "front"), ("FD", 1.5), ("SQ", []), ("OB", b"\1\2"), ("UL", 7)][
        rng.integers(5)
    ]
    data[keyword] = DataElement(Tag(keyword), kind, value)


def change_a_size(data: Any, rng: np.random.Generator) -> None:
    keyword = str(rng.choice(["Rows", "Columns"]))
    setattr(data, keyword, int(rng.choice([0, 1, 7, 9, 11, 4095, 4096, 65535])))


def announce_frames(data: Any, rng: np.random.Generator) -> None:
    data.NumberOfFrames = int(rng.choice([-1, 2, 1000, 2**31 - 1]))


def change_the_bits(data: Any, rng: np.random.Generator) -> None:
    keyword = str(rng.choice(["BitsAllocated", "SamplesPerPixel"]))
    setattr(data, keyword, int(rng.choice([0, 2, 8, 12, 32, 65535])))


def place_it_nowhere(data: Any, rng: np.random.Generator) -> None:
    data.ImagePositionPatient[int(rng.integers(3))] = float(rng.choice([-1e6, 1e6, 53.0]))


def turn_it(data: Any, rng: np.random.Generator) -> None:
    data.ImageOrientationPatient = list(np.round(rng.normal(size=6), 3))


SPOILS: tuple[Spoil, ...] = (
    change_a_type, change_a_size, announce_frames, change_the_bits, place_it_nowhere, turn_it,
)  # fmt: skip


def element(whole: bytes, keyword: str) -> tuple[int, int]:
    """Return where an element with a short length begins and ends."""
    tag = Tag(keyword)
    at = whole.index(struct.pack("<HH", tag.group, tag.element), 132)
    (length,) = struct.unpack("<H", whole[at + 6 : at + 8])
    return at, at + 8 + length


def rewritten(whole: bytes, keyword: str, text: str) -> bytes:
    """Return a file in which a tag holds any text, also one that pydicom would not write."""
    begin, end = element(whole, keyword)
    value = text.encode() + b" " * (len(text) % 2)
    return whole[: begin + 6] + struct.pack("<H", len(value)) + value + whole[end:]


def lose_a_tag(whole: bytes, rng: np.random.Generator) -> bytes:
    begin, end = element(whole, str(rng.choice(REQUIRED)))
    return whole[:begin] + whole[end:]


def lose_the_pixels(whole: bytes, _: np.random.Generator) -> bytes:
    return whole[: whole.rindex(struct.pack("<HH", 0x7FE0, 0x0010))]


def lose_a_value(whole: bytes, rng: np.random.Generator) -> bytes:
    return rewritten(whole, str(rng.choice(REQUIRED)), "")


def spoil_a_number(whole: bytes, rng: np.random.Generator) -> bytes:
    keyword, count = list(NUMBERS.items())[rng.integers(len(NUMBERS))]
    text = str(rng.choice(["nan", "inf", "-inf", "1e999", "abc", "1,5", "--1", "0x10"]))
    return rewritten(whole, keyword, "\\".join([text] * count))


def spoil_the_spacing(whole: bytes, rng: np.random.Generator) -> bytes:
    text = str(rng.choice(["0", "-0.8", "nan", "1e-9", "1e9", "inf", "-inf"]))
    return rewritten(whole, "PixelSpacing", f"{text}\\{'0.6' if rng.integers(2) else text}")


def truncate(whole: bytes, rng: np.random.Generator) -> bytes:
    return whole[: rng.integers(len(whole))]


def lie_about_a_length(whole: bytes, rng: np.random.Generator) -> bytes:
    """Give an element that the reader needs an impossible length."""
    elements = [(0x0008, 0x0060), (0x0020, 0x0032), (0x0028, 0x0010), (0x0028, 0x0030)]
    at = whole.index(struct.pack("<HH", *elements[rng.integers(4)]), 132) + 6
    return whole[:at] + struct.pack("<H", rng.choice([1, 3, 9, 5000, 65535])) + whole[at + 2 :]


def lie_about_the_pixels(whole: bytes, rng: np.random.Generator) -> bytes:
    at = whole.rindex(struct.pack("<HH", 0x7FE0, 0x0010)) + 8
    length = int(rng.choice([0, 2, 158, 162, 2**31, 2**32 - 2, 2**32 - 1]))
    return whole[:at] + struct.pack("<I", length) + whole[at + 4 :]


def change_the_syntax(whole: bytes, rng: np.random.Generator) -> bytes:
    """Claim another encoding of the same length: implicit, big-endian, compressed or unknown."""
    ends = [b"1.2\0", b"1.3\0", b"9.9\0", b"1\0\0\0"]
    return whole.replace(b"1.2.840.10008.1.2.1\0", b"1.2.840.10008.1." + ends[rng.integers(4)])


def forget_the_mark(whole: bytes, _: np.random.Generator) -> bytes:
    return whole[:128] + b"DIXM" + whole[132:]


BYTE_SPOILS = (
    lose_a_tag, lose_a_value, lose_the_pixels, spoil_a_number, spoil_the_spacing, truncate,
    lie_about_a_length, lie_about_the_pixels, change_the_syntax, forget_the_mark,
)  # fmt: skip


def corrupt(scanner: Any, seed: int) -> None:
    """Write a series whose third file is damaged in one of sixteen ways."""
    rng = np.random.default_rng(seed)
    slices = scanner.series(N_SLICES)
    kind = seed % (len(SPOILS) + len(BYTE_SPOILS))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of pydicom about what it writes
        if kind < len(SPOILS):
            SPOILS[kind](slices[SPOILT - 1], rng)
            scanner.write(slices)
        else:
            path = scanner.write(slices)[SPOILT - 1]
            path.write_bytes(BYTE_SPOILS[kind - len(SPOILS)](path.read_bytes(), rng))


def read_within_limits(folder: Path) -> CTVolume | ImageError:
    """Return the scan, or the refusal."""
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    tracemalloc.start()
    began = time.process_time()
    outcome: CTVolume | ImageError
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of series that are left out
            outcome = read_ct(folder)
    except ImageError as error:
        outcome = error
    seconds = time.process_time() - began
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert seconds < MOST_SECONDS
    assert peak < MOST_BYTES
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < MOST_GROWTH_KB
    return outcome


def refusal(folder: Path) -> str:
    """Return the message of a folder that must not be read."""
    outcome = read_within_limits(folder)
    assert isinstance(outcome, ImageError)
    return str(outcome)


def sound(outcome: CTVolume | ImageError) -> bool:
    """Whether a refusal says what is wrong, or a scan has finite values on a possible grid."""
    if isinstance(outcome, ImageError):
        return bool(outcome.found and outcome.expected and outcome.remedy)
    finite = bool(np.isfinite(outcome.hu).all() and np.isfinite(outcome.grid.affine).all())
    return finite and outcome.grid.voxel_volume > 0.0


@pytest.mark.parametrize("seed", range(210))
def test_a_corrupted_series_is_refused_with_the_number_of_the_file(scanner: Any, seed: int) -> None:
    corrupt(scanner, seed)
    assert f"DICOM file number {SPOILT} " in f"{refusal(scanner.folder)} "


@pytest.mark.parametrize("seed", range(100))
def test_flipped_bits_give_an_image_error_or_a_scan(scanner: Any, seed: int) -> None:
    rng = np.random.default_rng(seed)
    path = scanner.write(scanner.series(N_SLICES))[SPOILT - 1]
    spoilt = np.frombuffer(path.read_bytes(), np.uint8).copy()
    places = rng.integers(128, len(spoilt), rng.integers(1, 20))
    spoilt[places] ^= (1 << rng.integers(8, size=len(places))).astype(np.uint8)
    path.write_bytes(spoilt.tobytes())
    assert sound(read_within_limits(scanner.folder))


@pytest.mark.parametrize("seed", range(40))
def test_a_corrupted_file_of_frames_is_refused_or_read(scanner: Any, seed: int) -> None:
    rng = np.random.default_rng(seed)
    (path,) = scanner.write([scanner.enhanced(4)])
    whole = path.read_bytes()
    if seed % 2:
        path.write_bytes(truncate(whole, rng))
        assert "number 1" in refusal(scanner.folder)
        return
    spoilt = np.frombuffer(whole, np.uint8).copy()
    places = rng.integers(128, len(spoilt) - 640, 30)
    spoilt[places] ^= (1 << rng.integers(8, size=30)).astype(np.uint8)
    path.write_bytes(spoilt.tobytes())
    assert sound(read_within_limits(scanner.folder))


@pytest.mark.parametrize("seed", range(40))
def test_corrupted_runs_are_refused_or_read(scanner: Any, seed: int) -> None:
    rng = np.random.default_rng(seed)
    frames = []
    for k in range(N_SLICES):
        frame = get_encoder(RLELossless).encode(
            scanner.stored(k), rows=8, columns=10, samples_per_pixel=1, number_of_frames=1,
            bits_allocated=16, bits_stored=16, pixel_representation=0,
            photometric_interpretation="MONOCHROME2",
        )  # fmt: skip
        frames.append(frame)
    spoilt = np.frombuffer(frames[SPOILT - 1], np.uint8).copy()
    places = rng.integers(len(spoilt), size=3)
    spoilt[places] ^= (1 << rng.integers(8, size=3)).astype(np.uint8)
    frames[SPOILT - 1] = spoilt.tobytes()
    scanner.compress(scanner.series(N_SLICES), frames, RLELossless)
    assert sound(read_within_limits(scanner.folder))


def test_sequences_within_sequences_without_end_are_refused(scanner: Any) -> None:
    path = scanner.write(scanner.series(N_SLICES))[SPOILT - 1]
    whole = path.read_bytes()
    at = whole.index(struct.pack("<HH", 0x0028, 0x0010), 132)
    opening = struct.pack("<HH2sHI", 0x0028, 0x0009, b"SQ", 0, 2**32 - 1)
    item = struct.pack("<HHI", 0xFFFE, 0xE000, 2**32 - 1)
    path.write_bytes(whole[:at] + (opening + item) * 3000)
    assert f"DICOM file number {SPOILT} " in refusal(scanner.folder)
