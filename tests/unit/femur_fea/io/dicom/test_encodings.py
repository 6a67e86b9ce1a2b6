"""Transfer syntaxes."""

import base64
from pathlib import Path
from typing import Any

import numpy as np
import pydicom
import pytest
import SimpleITK as sitk
from pydicom.encaps import generate_frames
from pydicom.pixels import get_encoder
from pydicom.uid import (
    JPEG2000,
    DeflatedExplicitVRLittleEndian,
    ExplicitVRBigEndian,
    HTJ2KLossless,
    ImplicitVRLittleEndian,
    JPEG2000Lossless,
    JPEGBaseline8Bit,
    JPEGLosslessSV1,
    JPEGLSLossless,
    RLELossless,
)

from femur_fea.errors import FemurFEAWarning

row, column = np.mgrid[:8, :10]
UNSIGNED = (74 * row + 202 * column).astype(np.uint16)
SIGNED = (UNSIGNED.astype(int) - 1000).astype(np.int16)

# the two images above, written by CharLS (pyjpegls 1.5.1), which the tests do not need to install
JPEG_LS = {
    0: "/9j/9wALDAAIAAoBAREA/9oACAEBAAAAAICmBTApsix7GsWxLDlQqJJII5GIpEIYqIRBID+/Pr49vRJeXh3d"
    "jU0MzIxJBgXlxaWFZUUlBHJyYlJCMiISB+Rn7569ePHbt0RXTly4cN27dsRA/9k=",
    1: "/9j/9wALEAAIAAoBAREA//gADQH//wASAEMBFABA/9oACAEBAAAAAD51k7I8fxvF2TsnxPDyUkpJKkJJwAo6"
    "jMVJTEYbCYKSMAYC/XySV6vHt6UfZTy8O6kOzq6KNgDm5OLgo7e3Nqi4Bsa2ppUZoZ2ZibJZWRjYmKwsDDwC"
    "+vry6usQ/9k=",
}


def stream(image: np.ndarray, syntax: str, folder: Path) -> bytes:
    """Return an image compressed by whoever can."""
    if syntax == JPEGLSLossless:
        return base64.b64decode(JPEG_LS[int(image.dtype == np.int16)])
    if syntax == RLELossless:
        rows, columns = image.shape
        return get_encoder(RLELossless).encode(
            image, rows=rows, columns=columns, samples_per_pixel=1, number_of_frames=1,
            bits_allocated=16, bits_stored=16, pixel_representation=int(image.dtype == np.int16),
            photometric_interpretation="MONOCHROME2",
        )  # fmt: skip
    writer = sitk.ImageFileWriter()
    writer.SetImageIO("GDCMImageIO")
    writer.UseCompressionOn()
    writer.SetCompressor({JPEGLosslessSV1: "JPEG"}.get(syntax, "JPEG2000"))
    writer.SetFileName(str(folder / "one.dcm"))
    writer.Execute(sitk.GetImageFromArray(image[None]))
    return next(generate_frames(pydicom.dcmread(folder / "one.dcm").PixelData, number_of_frames=1))


def compressed(scanner: Any, image: np.ndarray, syntax: str, folder: Path) -> list[Path]:
    signed = int(image.dtype == np.int16)
    slices = scanner.series(3, PixelRepresentation=signed, RescaleIntercept=0 if signed else -1000)
    return scanner.compress(slices, [stream(image, syntax, folder)] * 3, syntax)


@pytest.mark.parametrize("syntax", [ImplicitVRLittleEndian, ExplicitVRBigEndian])
def test_uncompressed_encodings_give_the_same_numbers(scanner: Any, syntax: str) -> None:
    slices = scanner.series(PixelPaddingValue=2600)
    for k, data in enumerate(slices):
        order = ">u2" if syntax == ExplicitVRBigEndian else "<u2"
        data.PixelData = scanner.stored(k).astype(order).tobytes()
    scanner.write(slices, syntax)
    ct = scanner.read()
    for k in range(6):
        np.testing.assert_array_equal(ct.hu[:, :, 5 - k], scanner.hu(k))


@pytest.mark.parametrize("image", [UNSIGNED, SIGNED], ids=["unsigned", "signed"])
@pytest.mark.parametrize("syntax", [RLELossless, JPEGLosslessSV1, JPEGLSLossless, JPEG2000Lossless])
def test_compressed_slices_give_the_same_numbers(
    scanner: Any, syntax: str, image: np.ndarray, tmp_path: Path
) -> None:
    compressed(scanner, image, syntax, tmp_path)
    ct = scanner.read()
    for k in range(3):
        np.testing.assert_array_equal(ct.hu[:, :, k], SIGNED.T)


def test_compressed_and_plain_slices_may_stand_in_one_series(scanner: Any, tmp_path: Path) -> None:
    slices = scanner.series(6)
    frame = stream(scanner.stored(1), RLELossless, tmp_path)
    scanner.compress(slices[1:2], [frame], RLELossless)
    scanner.write([slices[0], *slices[2:]])
    ct = scanner.read()
    for k in range(6):
        np.testing.assert_array_equal(ct.hu[:, :, 5 - k], scanner.hu(k))


def test_slices_compressed_with_loss_are_read_with_a_warning(scanner: Any, tmp_path: Path) -> None:
    compressed(scanner, UNSIGNED, JPEG2000, tmp_path)
    with pytest.warns(FemurFEAWarning, match="3 of 3 slices may have been compressed with loss"):
        scanner.read()


@pytest.mark.parametrize("syntax", [JPEGBaseline8Bit, HTJ2KLossless])
def test_an_encoding_that_is_not_read_is_refused(scanner: Any, syntax: str, tmp_path: Path) -> None:
    slices = scanner.series(3)
    scanner.compress(slices, [stream(UNSIGNED, RLELossless, tmp_path)] * 3, syntax)
    assert "number 1 in a transfer syntax that is not read" in scanner.refusal()


def test_deflated_headers_are_refused_rather_than_unfolded(scanner: Any) -> None:
    scanner.write(scanner.series(), DeflatedExplicitVRLittleEndian)
    assert "number 1" in scanner.refusal()


@pytest.mark.parametrize("syntax", [RLELossless, JPEGLosslessSV1, JPEGLSLossless, JPEG2000Lossless])
def test_a_damaged_stream_is_named_and_does_not_end_the_process(
    scanner: Any, syntax: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    path = compressed(scanner, UNSIGNED, syntax, tmp_path)[1]
    whole = path.read_bytes()
    frame = stream(UNSIGNED, syntax, tmp_path)
    at = whole.index(frame)
    path.write_bytes(whole[:at] + bytes(len(frame)) + whole[at + len(frame) :])
    assert "number 2 whose compressed pixels are damaged" in scanner.refusal()
    assert capfd.readouterr() == ("", "")


def test_a_small_stream_for_a_huge_slice_is_refused_before_it_is_unpacked(
    scanner: Any, tmp_path: Path
) -> None:
    slices = scanner.series(3, Rows=4000, Columns=4000)
    scanner.compress(slices, [stream(UNSIGNED, JPEG2000Lossless, tmp_path)] * 3, JPEG2000Lossless)
    assert "compressed bytes for 96000000 bytes of samples" in scanner.refusal()


def test_a_stream_of_another_size_than_the_header_is_refused(scanner: Any, tmp_path: Path) -> None:
    slices = scanner.series(3, Rows=16)
    scanner.compress(slices, [stream(UNSIGNED, JPEG2000Lossless, tmp_path)] * 3, JPEG2000Lossless)
    assert "compressed pixels are damaged" in scanner.refusal()
