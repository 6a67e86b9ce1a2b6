"""Several series in a folder."""

from typing import Any

import numpy as np
import pytest

from femur_fea.errors import FemurFEAWarning, SeriesError

MR_IMAGE = "1.2.840.10008.5.1.4.1.1.4"


def spaced(slices: list[Any], step: float) -> list[Any]:
    for k, data in enumerate(slices):
        data.ImagePositionPatient[2] = -300.0 + step * k
    return slices


def scout(scanner: Any, **tags: Any) -> Any:
    (view,) = scanner.series(1, ImageType=["ORIGINAL", "PRIMARY", "LOCALIZER"], **tags)
    view.ImageOrientationPatient = [1, 0, 0, 0, 0, -1]
    return view


def test_the_rule_takes_the_longer_series_and_reports_both(scanner: Any) -> None:
    scanner.write(scanner.series(4, ConvolutionKernel="B30f"))
    scanner.write(scanner.series(6))
    with pytest.warns(FemurFEAWarning, match="read one of 2 series, chosen by rule") as told:
        ct = scanner.read()
    assert ct.acquisition.kernel == "B60f"
    message = str(told[0].message)
    assert "number 2: 6 slices of 10 x 8, 1.5 mm apart over 7.5 mm, 2 mm thick, kernel B60f," in (
        message
    )
    assert "left out: number 1: 4 slices of 10 x 8, 1.5 mm apart over 4.5 mm" in message


def test_of_series_of_one_length_the_finest_is_taken(scanner: Any) -> None:
    scanner.write(spaced(scanner.series(4), 3.0))
    scanner.write(spaced(scanner.series(10), 1.0))
    scanner.write(spaced(scanner.series(7), 1.5))
    with pytest.warns(FemurFEAWarning, match="number 2: 10 slices"):
        assert scanner.read().grid.spacing[2] == pytest.approx(1.0)


def test_of_series_of_one_spacing_the_thinnest_is_taken(scanner: Any) -> None:
    scanner.write(scanner.series(SliceThickness=3))
    scanner.write(scanner.series(SliceThickness=1.5))
    with pytest.warns(FemurFEAWarning, match="by rule: number 2"):
        assert scanner.read().acquisition.slice_thickness_mm == 1.5


def test_original_slices_come_before_derived_ones(scanner: Any) -> None:
    scanner.write(scanner.series(4))
    scanner.write(scanner.series(8, ImageType=["DERIVED", "SECONDARY", "AXIAL"]))
    with pytest.warns(FemurFEAWarning, match="by rule: number 1"):
        assert scanner.read().hu.shape[2] == 4


def test_slices_of_a_tube_voltage_come_before_those_computed_for_one_energy(scanner: Any) -> None:
    scanner.write(scanner.series(4))
    scanner.write(scanner.series(8, ImageType=["ORIGINAL", "PRIMARY", "AXIAL", "VMI"]))
    with pytest.warns(FemurFEAWarning, match="by rule: number 1"):
        assert scanner.read().hu.shape[2] == 4


@pytest.mark.parametrize("word", ["MPR", "MIP", "REFORMATTED", "PROJECTION IMAGE"])
def test_reformatted_slices_come_last(scanner: Any, word: str) -> None:
    scanner.write(scanner.series(4, ImageType=["DERIVED", "SECONDARY", "AXIAL"]))
    scanner.write(scanner.series(8, ImageType=["ORIGINAL", "PRIMARY", word]))
    with pytest.warns(FemurFEAWarning, match="reformatted"):
        assert scanner.read().hu.shape[2] == 4


def test_axial_slices_come_before_coronal_ones(scanner: Any) -> None:
    coronal = scanner.series(9, ImageOrientationPatient=[1, 0, 0, 0, 0, -1])
    for k, data in enumerate(coronal):
        data.ImagePositionPatient = [0.0, 1.0 * k, 0.0]
    scanner.write(coronal)
    scanner.write(scanner.series(4))
    with pytest.warns(FemurFEAWarning, match="not axial"):
        assert scanner.read().hu.shape[2] == 4


@pytest.mark.parametrize("own_series", [True, False])
def test_a_scout_view_is_left_out_with_a_note(scanner: Any, own_series: bool) -> None:
    slices = scanner.series()
    view = scout(scanner)
    if not own_series:
        view.SeriesInstanceUID = slices[0].SeriesInstanceUID
    scanner.write([view, *slices])
    with pytest.warns(FemurFEAWarning, match="left out: number 1: 1 slices.*scout view"):
        assert scanner.read().hu.shape[2] == 6


def test_a_scout_without_a_place_does_not_matter(scanner: Any) -> None:
    view = scout(scanner)
    del view.ImagePositionPatient, view.PixelSpacing
    scanner.write([*scanner.series(), view])
    with pytest.warns(FemurFEAWarning, match="scout view"):
        assert scanner.read().hu.shape[2] == 6


def test_series_that_differ_in_kernel_alone_are_for_the_user_to_choose(scanner: Any) -> None:
    scanner.write(scanner.series())
    scanner.write(scanner.series(ConvolutionKernel="B30f", KVP=100))
    message = scanner.refusal()
    assert "2 CT series in the folder" in message
    assert "number 1: 6 slices of 10 x 8, 1.5 mm apart over 7.5 mm, 2 mm thick, kernel B60f" in (
        message
    )
    assert "kernel B30f, 100 kV" in message
    assert "--series" in message
    assert "2." not in message.replace("2.25", "")  # no identifier of a series
    with pytest.warns(FemurFEAWarning, match="as asked for: number 2"):
        assert scanner.read(series=2).acquisition.kernel == "B30f"


def test_the_number_asked_for_comes_before_the_rule(scanner: Any) -> None:
    scanner.write(scanner.series(8))
    scanner.write(scanner.series(4))
    with pytest.warns(FemurFEAWarning, match="as asked for"):
        assert scanner.read(series=2).hu.shape[2] == 4


@pytest.mark.parametrize("number", [0, 2, -1])
def test_a_number_that_is_not_there_is_refused(scanner: Any, number: int) -> None:
    scanner.write(scanner.series())
    assert f"no series number {number} among 1 CT series" in scanner.refusal(series=number)


def test_a_single_series_asked_for_by_its_number_gives_no_warning(scanner: Any) -> None:
    scanner.write(scanner.series())
    np.testing.assert_array_equal(scanner.read(series=1).hu, scanner.read().hu)


def test_a_scout_asked_for_is_no_volume(scanner: Any) -> None:
    scanner.write([scout(scanner), *scanner.series()])
    with pytest.warns(FemurFEAWarning, match="as asked for"):
        assert "1 slice in the CT series" in scanner.refusal(series=1)


def test_a_folder_without_ct_is_refused(scanner: Any) -> None:
    with pytest.raises(SeriesError, match="0 CT series"):
        scanner.read()
    scanner.write(scanner.series(Modality="MR", SOPClassUID=MR_IMAGE))
    with pytest.raises(SeriesError, match="0 CT series"):
        scanner.read()


@pytest.mark.parametrize(
    "tags",
    [
        {"Modality": "MR", "SOPClassUID": MR_IMAGE},
        {"SOPClassUID": "1.2.840.10008.5.1.4.1.1.7", "ImagePositionPatient": None},  # a picture
        {"SOPClassUID": "1.2.840.10008.5.1.4.1.1.66", "ImagePositionPatient": None,
         "PixelData": None},  # raw data
    ],
)  # fmt: skip
def test_other_objects_beside_the_ct_do_not_matter(scanner: Any, tags: dict[str, Any]) -> None:
    scanner.write([*scanner.series(1, **tags), *scanner.series()])
    assert scanner.read().hu.shape == (10, 8, 6)


def test_a_slice_that_belongs_to_no_series_is_refused(scanner: Any) -> None:
    slices = scanner.series()
    del slices[5].SeriesInstanceUID
    scanner.write(slices)
    assert "number 6 without SeriesInstanceUID" in scanner.refusal()


def test_a_ct_image_of_another_modality_is_refused_rather_than_left_out(scanner: Any) -> None:
    slices = scanner.series()
    slices[5].Modality = "C"
    scanner.write(slices)
    assert "number 6 whose header ends early, or lacks the modality" in scanner.refusal()


def test_a_damaged_series_is_not_replaced_by_a_coarser_one(scanner: Any) -> None:
    slices = scanner.series(8)
    del slices[3].ImagePositionPatient
    scanner.write(slices)
    scanner.write(spaced(scanner.series(4), 3.5))
    with pytest.warns(FemurFEAWarning, match="by rule: number 1"):
        assert "number 4 without ImagePositionPatient" in scanner.refusal()
