"""Missing, doubled and uneven slices."""

from typing import Any

import numpy as np
import pytest

from femur_fea.errors import FemurFEAWarning


def move(slices: list[Any], heights: list[float]) -> None:
    for data, z in zip(slices, heights, strict=True):
        data.ImagePositionPatient[2] = z


def test_missing_slices_are_counted_and_located(scanner: Any) -> None:
    slices = scanner.series(12)
    for k in (8, 4, 3):
        del slices[k]
    scanner.write(slices)
    message = scanner.refusal()
    assert "3 slice(s) missing" in message
    assert "1 between DICOM file number 7 and DICOM file number 6" in message
    assert "2 between DICOM file number 4 and DICOM file number 3" in message


def test_many_gaps_are_listed_in_part(scanner: Any) -> None:
    slices = scanner.series(40)
    scanner.write([data for k, data in enumerate(slices) if k % 5 != 2])
    assert "8 slice(s) missing" in scanner.refusal()
    assert "and 3 more" in scanner.refusal()


def test_identical_doubles_are_dropped_with_their_numbers(scanner: Any) -> None:
    slices = scanner.series()
    twin = scanner.slice(2, slices[0].SeriesInstanceUID)
    scanner.write([*slices, twin])
    with pytest.warns(FemurFEAWarning, match="number 7 repeats DICOM file number 3"):
        ct = scanner.read()
    assert ct.hu.shape == (10, 8, 6)
    np.testing.assert_array_equal(ct.hu[:, :, 3], scanner.hu(2))


@pytest.mark.parametrize("change", ["pixels", "rescale"])
def test_different_slices_at_one_place_are_refused(scanner: Any, change: str) -> None:
    slices = scanner.series()
    twin = scanner.slice(2, slices[0].SeriesInstanceUID)
    if change == "pixels":
        twin.PixelData = scanner.stored(9).tobytes()
    else:
        twin.RescaleIntercept = -1024
    scanner.write([*slices, twin])
    message = scanner.refusal()
    assert "number 3 and DICOM file number 7 at one place, with different content" in message


def test_uneven_slices_are_refused_unless_asked_for(scanner: Any) -> None:
    slices = scanner.series()
    move(slices, [0.0, 1.0, 2.3, 3.0, 4.0, 5.0])
    scanner.write(slices)
    message = scanner.refusal()
    assert "0.7 to 1.3 mm apart" in message
    assert "uneven_slices = 'interpolate'" in message


def test_interpolated_slices_are_exact_where_the_image_is_linear(scanner: Any) -> None:
    slices = scanner.series()
    heights = [0.0, 1.0, 2.3, 3.0, 4.0, 5.0]
    move(slices, heights)
    base = scanner.stored(0).astype(int)
    for data, z in zip(slices, heights, strict=True):
        data.PixelData = (base + round(10 * z)).astype(np.uint16).tobytes()
    scanner.write(slices)
    with pytest.warns(FemurFEAWarning, match="interpolated to 6 slices, 1 mm apart"):
        ct = scanner.read(uneven_slices="interpolate")
    np.testing.assert_allclose(ct.grid.affine[2], [0.0, 0.0, 1.0, 0.0])
    for k in range(6):
        np.testing.assert_array_equal(ct.hu[:, :, k], base.T - 1000 + 10 * k)


def test_interpolation_bridges_one_missing_slice_but_not_two(scanner: Any) -> None:
    slices = scanner.series(8)
    del slices[3]
    scanner.write(slices)
    with pytest.warns(FemurFEAWarning, match="interpolated to 8 slices"):
        ct = scanner.read(uneven_slices="interpolate")
    between = (scanner.hu(2) + scanner.hu(4)) / 2
    np.testing.assert_allclose(ct.hu[:, :, 4], between, atol=0.5)  # rounded to whole HU
    scanner.write([])
    sorted(scanner.folder.iterdir())[3].unlink()
    assert "2 slice(s) missing" in scanner.refusal(uneven_slices="interpolate")


def test_even_slices_are_the_same_with_and_without_interpolation(scanner: Any) -> None:
    scanner.write(scanner.series())
    plain, asked = scanner.read(), scanner.read(uneven_slices="interpolate")
    np.testing.assert_array_equal(plain.hu, asked.hu)


@pytest.mark.parametrize("step", [0.001, 30.0])
def test_impossible_steps_are_refused(scanner: Any, step: float) -> None:
    slices = scanner.series()
    move(slices, [step * k * 20 for k in range(6)] if step < 1 else [step * k for k in range(6)])
    scanner.write(slices)
    if step < 1:
        for data in slices:
            data.PixelSpacing = [0.001, 0.001]
        scanner.n_files = 0
        scanner.write(slices)
        assert "0.001 x 0.001 mm apart" in scanner.refusal()
    else:
        assert "slices 30 mm apart" in scanner.refusal()


def test_small_differences_of_steps_that_add_up_are_refused(scanner: Any) -> None:
    slices = scanner.series(80)
    steps = np.repeat([2.0, 2.09], [40, 39])
    move(slices, [0.0, *np.cumsum(steps)])
    scanner.write(slices)
    # each step is within 5 % of the others; in the middle slices lie 1.8 mm off even ones
    assert "slices 2 to 2.09 mm apart" in scanner.refusal()
