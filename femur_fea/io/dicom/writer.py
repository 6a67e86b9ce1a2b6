"""Writing a CT as a series of DICOM slices that names nobody."""

import hashlib
import shutil
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

import numpy as np

from femur_fea.domain import CTVolume, FloatArray
from femur_fea.errors import ConfigError, OutOfRangeError
from femur_fea.io.system_errors import explain_write_error

if TYPE_CHECKING:
    from pydicom.dataset import Dataset
    from pydicom.uid import UID

__all__ = ["write_dicom"]

_UUID_ROOT = "2.25"  # of identifiers that are made from a number of 128 bits, PS3.5 B.2
_PADDING = -2000  # stored where nothing was measured, below every CT number
_STORED = (-1024, 32767)
_PERPENDICULAR = 1e-4  # largest cosine between two axes of the image


def write_dicom(folder: Path, ct: CTVolume, *, pseudonym: str, seed: int) -> None:
    """Write a CT as one file for each slice, the whole series or nothing.

    Parameters
    ----------
    folder : Path
        Where the files shall be; it must not exist or be empty.
    ct : CTVolume
        Whole CT numbers of -1024 HU and more; what is marked as not measured is stored as padding.
    pseudonym : str
        Stands as name and identifier of the patient. No date is written.
    seed : int
        The identifiers of study, series and slices follow from it and the pseudonym: the same
        two give the same series.

    Raises
    ------
    OutOfRangeError
        If CT numbers are not whole or out of range, or the axes of the image are not
        perpendicular, or left-handed, which would turn the order of slices.
    ConfigError
        If there is something in the folder.
    DiskSpaceError
        If the disk is full.

    Notes
    -----
    Slices lie along the image's first two axes, one after the other along the third. The reader
    of this package gives back the same image.
    """
    folder = Path(folder)
    _check_values(ct)
    _check_axes(ct.grid.affine)
    if folder.exists() and any(folder.iterdir()):
        raise ConfigError(
            found="files in the folder of the DICOM series",
            expected="a folder that does not exist or is empty",
            remedy="choose another one",
        )
    temporary = folder.with_name(f".partial-{uuid4().hex[:8]}-{folder.name}")
    try:
        temporary.mkdir(parents=True)
        for k in range(ct.grid.shape[2]):
            _slice(ct, k, pseudonym, seed).save_as(
                temporary / f"{k + 1:04d}.dcm", enforce_file_format=True
            )
        temporary.replace(folder)
    except OSError as error:
        explained = explain_write_error(error, "the DICOM series")
        if explained is None:
            raise
        raise explained from None
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


def _slice(ct: CTVolume, k: int, pseudonym: str, seed: int) -> "Dataset":
    """Return slice k with all that the CT image needs, PS3.3 A.3."""
    from pydicom.dataset import Dataset, FileMetaDataset
    from pydicom.uid import CTImageStorage, ExplicitVRLittleEndian

    data = Dataset()
    data.file_meta = FileMetaDataset()
    data.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    data.file_meta.MediaStorageSOPClassUID = data.SOPClassUID = CTImageStorage
    uid = _identifier(pseudonym, seed, f"slice {k}")
    data.file_meta.MediaStorageSOPInstanceUID = data.SOPInstanceUID = uid
    data.ImageType = ["ORIGINAL", "PRIMARY", "AXIAL"]
    data.Modality = "CT"
    data.PatientName = data.PatientID = pseudonym
    data.PatientIdentityRemoved = "YES"
    data.DeidentificationMethod = "written with a pseudonym and without dates"
    for empty in ("StudyDate", "StudyTime", "AccessionNumber", "ReferringPhysicianName",
                  "StudyID", "PatientBirthDate", "PatientSex"):  # fmt: skip
        setattr(data, empty, "")
    data.StudyInstanceUID = _identifier(pseudonym, seed, "study")
    data.SeriesInstanceUID = _identifier(pseudonym, seed, "series")
    data.FrameOfReferenceUID = _identifier(pseudonym, seed, "frame")
    data.PositionReferenceIndicator = ""
    data.SeriesNumber, data.AcquisitionNumber, data.InstanceNumber = 1, 1, k + 1
    _add_facts(data, ct)
    _add_place(data, ct.grid.affine, k)
    _add_samples(data, ct, k)
    return data


def _add_facts(data: "Dataset", ct: CTVolume) -> None:
    facts = ct.acquisition
    numbers = {
        "KVP": facts.tube_voltage_kV,
        "SliceThickness": facts.slice_thickness_mm,
        "Exposure": None if facts.exposure_mAs is None else round(facts.exposure_mAs),
        "ReconstructionDiameter": facts.reconstruction_diameter_mm,
    }
    texts = {
        "ConvolutionKernel": facts.kernel,
        "Manufacturer": facts.manufacturer,
        "ManufacturerModelName": facts.scanner_model,
    }
    # attributes of type 2 are there without a value where it is not known
    data.KVP = data.SliceThickness = None
    data.Manufacturer = ""
    for keyword, value in {**numbers, **texts}.items():
        if value is not None:
            setattr(data, keyword, value)
    if facts.beam_filter is not None:
        data.FilterMaterial = facts.beam_filter.split()
    if facts.contrast_agent is not None:
        data.ContrastBolusAgent = "unknown agent" if facts.contrast_agent else "NONE"


def _add_place(data: "Dataset", affine: FloatArray, k: int) -> None:
    spacing = np.linalg.norm(affine[:3, :3], axis=0)
    directions = (affine[:3, :2] / spacing[:2]).T.ravel()
    data.ImageOrientationPatient = [_decimal(float(value)) for value in directions]
    data.ImagePositionPatient = [
        _decimal(float(value)) for value in affine[:3, 3] + k * affine[:3, 2]
    ]
    data.PixelSpacing = [_decimal(float(spacing[1])), _decimal(float(spacing[0]))]


def _add_samples(data: "Dataset", ct: CTVolume, k: int) -> None:
    stored = ct.hu[:, :, k].astype("<i2")
    if ct.outside is not None:
        stored[ct.outside[:, :, k]] = _PADDING
        data.PixelPaddingValue = _PADDING
    data.SamplesPerPixel, data.PhotometricInterpretation = 1, "MONOCHROME2"
    data.Columns, data.Rows = stored.shape
    data.BitsAllocated = data.BitsStored = 16
    data.HighBit, data.PixelRepresentation = 15, 1
    data.RescaleSlope, data.RescaleIntercept, data.RescaleType = 1, 0, "HU"
    data.PixelData = np.ascontiguousarray(stored.T).tobytes()


def _decimal(value: float) -> str:
    """Return a number in the sixteen characters that a decimal string has."""
    return f"{value:.9g}" if abs(value) >= 1e-6 else "0"


def _identifier(pseudonym: str, seed: int, what: str) -> "UID":
    from pydicom.uid import UID

    digest = hashlib.sha256(f"{pseudonym}\n{seed}\n{what}".encode()).digest()
    return UID(f"{_UUID_ROOT}.{int.from_bytes(digest[:16], 'big')}")


def _check_values(ct: CTVolume) -> None:
    low, high = float(ct.hu.min()), float(ct.hu.max())
    is_whole = np.issubdtype(ct.hu.dtype, np.integer) or bool(np.all(ct.hu == np.rint(ct.hu)))
    if is_whole and low >= _STORED[0] and high <= _STORED[1]:
        return
    raise OutOfRangeError(
        found=f"{'whole' if is_whole else 'broken'} CT numbers from {low:g} to {high:g} HU",
        expected=f"whole numbers from {_STORED[0]} to {_STORED[1]} HU",
        remedy="round them, or write the image as NIfTI",
    )


def _check_axes(affine: FloatArray) -> None:
    axes = affine[:3, :3] / np.linalg.norm(affine[:3, :3], axis=0)
    apart = float(np.abs(axes.T @ axes - np.eye(3)).max())
    if apart <= _PERPENDICULAR and float(np.linalg.det(axes)) > 0.0:
        return
    raise OutOfRangeError(
        found=f"axes with a cosine of {apart:.2g} between them and the determinant "
        f"{float(np.linalg.det(axes)):.2g}",
        expected="perpendicular, right-handed axes",
        remedy="turn the order of the slices, or write the image as NIfTI",
    )
