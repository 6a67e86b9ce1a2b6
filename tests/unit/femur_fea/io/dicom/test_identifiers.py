"""What names a patient, a place or a scan does not leave the reader."""

import logging
import traceback
import warnings
from pathlib import Path
from typing import Any

import pytest
from pydicom.dataset import Dataset
from pydicom.uid import UID

from femur_fea.errors import FemurFEAError

SECRET = "Zacharias"
SECRET_DATE = "19340517"
SECRET_UID = UID("1.2.826.0.1.4711.4712.4713")
SECRETS = (SECRET, SECRET.upper(), SECRET_DATE, "1934-05-17", "4711.4712")

TEXTS = (
    "AccessionNumber", "AdditionalPatientHistory", "DeviceSerialNumber", "ImageComments",
    "InstitutionAddress", "InstitutionName", "InstitutionalDepartmentName", "MedicalRecordLocator",
    "OperatorsName", "OtherPatientIDs", "PatientAddress", "PatientComments", "PatientID",
    "PatientMotherBirthName", "PatientName", "PerformingPhysicianName", "ProtocolName",
    "ReferringPhysicianName", "RequestingPhysician", "SeriesDescription", "StationName",
    "StudyDescription", "StudyID", "SourceApplicationEntityTitle",
)  # fmt: skip
DATES = ("PatientBirthDate", "StudyDate", "SeriesDate", "AcquisitionDate", "ContentDate")
UIDS = ("SOPInstanceUID", "StudyInstanceUID", "FrameOfReferenceUID", "DeviceUID")


def fill(data: Dataset, keep_series: bool = False) -> Dataset:
    """Put a secret wherever a header can hold one."""
    for keyword in TEXTS[:-1]:
        setattr(data, keyword, SECRET)
    for keyword in DATES:
        setattr(data, keyword, SECRET_DATE)
    for keyword in UIDS:
        setattr(data, keyword, SECRET_UID)
    if not keep_series:
        data.SeriesInstanceUID = SECRET_UID
    request = Dataset()
    request.RequestedProcedureDescription = SECRET
    request.StudyInstanceUID = SECRET_UID
    data.RequestAttributesSequence = [request]
    block = data.private_block(0x0029, SECRET, create=True)
    block.add_new(0x01, "LO", SECRET)
    return data


@pytest.fixture
def place(scanner: Any, tmp_path: Path) -> Any:
    """Return a scanner whose folder and files are named after the patient."""
    scanner.folder = tmp_path / SECRET
    (scanner.folder / SECRET).mkdir(parents=True)
    return scanner


def leaks(text: str) -> list[str]:
    return [secret for secret in SECRETS if secret in text]


def break_nothing(slices: list[Any]) -> None:
    pass


def leave_a_gap(slices: list[Any]) -> None:
    del slices[2]


def double_a_place(slices: list[Any]) -> None:
    slices[2].ImagePositionPatient = slices[1].ImagePositionPatient


def tilt(slices: list[Any]) -> None:
    for k, data in enumerate(slices):
        data.ImagePositionPatient[1] += 0.3 * k


def spoil_a_number(slices: list[Any]) -> None:
    slices[2].add_new("Rows", "LO", SECRET)


def spoil_a_place(slices: list[Any]) -> None:
    slices[2].add_new("PixelSpacing", "LO", [SECRET, SECRET])


def spoil_the_kernel(slices: list[Any]) -> None:
    secret = Dataset()
    secret.PatientName = SECRET
    for data in slices:
        data.add_new("ConvolutionKernel", "SQ", [secret])


def lose_the_encoding(slices: list[Any]) -> None:
    for data in slices:
        data.SpecificCharacterSet = SECRET


def spoil_the_pixels(slices: list[Any]) -> None:
    slices[2].PixelData = SECRET.encode() + b" "


def part_the_kernels(slices: list[Any]) -> None:
    for data in slices[3:]:
        data.SeriesInstanceUID = f"{SECRET_UID}.1"


@pytest.mark.parametrize(
    "spoil",
    [
        break_nothing, leave_a_gap, double_a_place, tilt, spoil_a_number, spoil_a_place,
        spoil_the_kernel, lose_the_encoding, spoil_the_pixels, part_the_kernels,
    ],
)  # fmt: skip
def test_no_identifier_is_in_any_value_warning_error_log_or_output(
    place: Any,
    spoil: Any,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    slices = [fill(data) for data in place.series()]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of pydicom about what is spoilt
        spoil(slices)
        place.write(slices)
    caplog.clear()
    said = ""
    with warnings.catch_warnings(record=True) as caught, caplog.at_level(logging.DEBUG):
        warnings.simplefilter("always")
        try:
            ct = place.read()
            said += f"{ct!r} {ct.acquisition!r} {ct.grid!r}"
        except FemurFEAError as error:
            said += f"{error!r} {vars(error)} {''.join(traceback.format_exception(error))}"
    said += " ".join(str(warning.message) for warning in caught)
    said += caplog.text + "".join(capfd.readouterr())
    assert leaks(said) == []
    assert said != ""


def test_no_identifier_is_in_the_header_that_is_kept(place: Any) -> None:
    from femur_fea.io.dicom.file import read_headers

    paths = place.write([fill(data, keep_series=True) for data in place.series(2)])
    assert leaks(repr(read_headers(paths))) == []


def test_the_tags_that_are_looked_at_are_none_that_identify() -> None:
    from femur_fea.io.dicom.tags import TAGS

    # the one identifier among them tells series apart and is never shown
    assert set(TAGS).isdisjoint((*TEXTS, *DATES, *UIDS))
    assert [tag for tag in TAGS if tag.endswith("UID")] == ["SOPClassUID", "SeriesInstanceUID"]
