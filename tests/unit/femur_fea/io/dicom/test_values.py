"""From stored values to CT numbers: rescale, padding, bits."""

from typing import Any

import numpy as np
import pytest

from femur_fea.errors import HounsfieldRangeError, ImageError


def test_every_slice_has_its_own_rescale(scanner: Any) -> None:
    slices = scanner.series()
    slices[2].RescaleSlope, slices[2].RescaleIntercept = 2, -1024
    scanner.write(slices)
    ct = scanner.read()
    assert ct.hu.dtype == np.int16
    np.testing.assert_array_equal(ct.hu[:, :, 3], 2 * scanner.stored(2).T.astype(int) - 1024)
    np.testing.assert_array_equal(ct.hu[:, :, 4], scanner.hu(1))


def test_a_fractional_rescale_is_not_rounded(scanner: Any) -> None:
    slices = scanner.series()
    slices[2].RescaleSlope = 0.25
    scanner.write(slices)
    ct = scanner.read()
    np.testing.assert_array_equal(ct.hu[:, :, 3], 0.25 * scanner.stored(2).T - 1000)


def test_slices_without_rescale_are_not_taken_for_hounsfield_units(scanner: Any) -> None:
    scanner.write(scanner.series(RescaleSlope=None, RescaleIntercept=None))
    with pytest.raises(HounsfieldRangeError, match="rescale intercept"):
        scanner.read()


def test_a_rescale_in_some_slices_only_is_refused(scanner: Any) -> None:
    slices = scanner.series()
    del slices[2].RescaleSlope, slices[2].RescaleIntercept
    scanner.write(slices)
    assert "number 3 without the rescale" in scanner.refusal()


@pytest.mark.parametrize("slope", [0, "1e300"])
def test_an_impossible_rescale_is_refused(scanner: Any, slope: object) -> None:
    slices = scanner.series()
    slices[1].RescaleSlope = slope
    scanner.write(slices)
    assert "number 2 with an impossible rescale" in scanner.refusal()


def test_signed_values_are_read(scanner: Any) -> None:
    slices = scanner.series(PixelRepresentation=1, RescaleIntercept=0)
    for k, data in enumerate(slices):
        data.PixelData = scanner.hu(k).T.astype(np.int16).tobytes()
    scanner.write(slices)
    ct = scanner.read()
    np.testing.assert_array_equal(ct.hu[:, :, 0], scanner.hu(5))


@pytest.mark.parametrize(
    ("signed", "padding", "word"),
    [(0, 63536, 63536), (1, -2000, 63536), (1, 63536, 63536), (0, 3, 3)],
)
def test_padding_becomes_air_and_is_marked(
    scanner: Any, signed: int, padding: int, word: int
) -> None:
    slices = scanner.series(PixelRepresentation=signed)
    for k, data in enumerate(slices):
        values = scanner.stored(k)
        values[:, 7:] = word
        data.PixelData = values.tobytes()
        element = "SS" if padding < 0 else "US"
        data.add_new("PixelPaddingValue", element, padding)
    scanner.write(slices)
    ct = scanner.read()
    assert np.all(ct.hu[7:] == -1024)
    np.testing.assert_array_equal(np.flatnonzero(ct.outside.all(axis=(1, 2))), [7, 8, 9])
    assert ct.outside.sum() == np.count_nonzero(ct.hu == -1024)
    np.testing.assert_array_equal(ct.hu[:7, :, 0], scanner.hu(5)[:7])


def test_a_range_of_padding_values_is_outside(scanner: Any) -> None:
    slices = scanner.series(PixelPaddingValue=12, PixelPaddingRangeLimit=10)
    for k, data in enumerate(slices):
        values = np.maximum(scanner.stored(k), 13)
        values[3, :4] = 9, 10, 11, 12
        data.PixelData = values.tobytes()
    scanner.write(slices)
    ct = scanner.read()
    np.testing.assert_array_equal(ct.outside[:4, 3, 0], [False, True, True, True])
    assert ct.hu[0, 3, 0] == -991
    assert ct.outside.sum() == 3 * 6


def test_without_padding_nothing_is_marked(scanner: Any) -> None:
    scanner.write(scanner.series())
    assert scanner.read().outside is None


def test_padding_beyond_the_bits_of_a_sample_is_padding(scanner: Any) -> None:
    slices = scanner.series(BitsStored=12, HighBit=11, PixelPaddingValue=63536)
    for k, data in enumerate(slices):
        values = scanner.stored(k)
        values[7] = 63536
        data.PixelData = values.tobytes()
    scanner.write(slices)
    assert scanner.read().outside.sum() == 10 * 6


def test_samples_beyond_their_bits_are_refused(scanner: Any) -> None:
    slices = scanner.series(BitsStored=12, HighBit=11)
    values = scanner.stored(4)
    values[7, 7] = 5000
    slices[4].PixelData = values.tobytes()
    scanner.write(slices)
    assert "number 5 with 1 samples beyond the 12 bits" in scanner.refusal()


def test_values_beyond_any_ct_scale_are_refused(scanner: Any) -> None:
    slices = scanner.series()
    values = scanner.stored(4)
    values[7, 7] = 63536
    slices[4].PixelData = values.tobytes()
    scanner.write(slices)
    with pytest.raises(HounsfieldRangeError, match=r"number 5 .* to 62536"):
        scanner.read()


@pytest.mark.parametrize(
    ("tag", "value"), [("BitsAllocated", 8), ("SamplesPerPixel", 3), ("HighBit", 10)]
)
def test_samples_that_are_no_single_words_are_refused(scanner: Any, tag: str, value: int) -> None:
    slices = scanner.series()
    setattr(slices[3], tag, value)
    scanner.write(slices)
    assert "number 4 whose samples are not single whole numbers" in scanner.refusal()


@pytest.mark.parametrize("rescale_type", ["Z_EFF", "ED", "HU_MOD"])
def test_a_map_of_something_else_is_not_read_as_hounsfield_units(
    scanner: Any, rescale_type: str
) -> None:
    scanner.write(scanner.series(RescaleType=rescale_type))
    with pytest.raises(ImageError, match="not in Hounsfield units"):
        scanner.read()
