"""A scanner that writes small CT series into a folder."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.encaps import encapsulate
from pydicom.sequence import Sequence
from pydicom.uid import (
    CTImageStorage,
    EnhancedCTImageStorage,
    ExplicitVRLittleEndian,
    generate_uid,
)

from femur_fea.domain import CTVolume
from femur_fea.errors import ImageError
from femur_fea.io import read_ct

NAME = "Doe^Jane"
ROWS, COLUMNS = 8, 10
ORIGIN = np.array([-20.0, 7.5, -300.0])
STEP = 1.5


class Scanner:
    """Writes slices of 8 x 10 samples, 0.8 mm by 0.6 mm, 1.5 mm apart, feet first."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.n_files = 0

    def stored(self, k: int) -> np.ndarray:
        """Return the stored values of slice k, [row, column], 1000 above HU."""
        rng = np.random.default_rng(k)
        values = rng.integers(0, 2500, (ROWS, COLUMNS)).astype(np.uint16)
        values[0, :2] = 500, 1800  # some fat, some bone, as any scan of a hip
        return values

    def hu(self, k: int) -> np.ndarray:
        """Return the CT numbers of slice k, [column, row]."""
        return self.stored(k).T.astype(int) - 1000

    def slice(self, k: int, series: str, **tags: Any) -> Dataset:
        """Return slice number k of a series, with some tags set; those set to None are absent."""
        data = Dataset()
        data.SOPClassUID = CTImageStorage
        data.SOPInstanceUID = generate_uid()
        data.SeriesInstanceUID = series
        data.Modality = "CT"
        data.ImageType = ["ORIGINAL", "PRIMARY", "AXIAL"]
        data.PatientName = NAME
        data.PatientID = "4711-secret"
        data.Rows, data.Columns = ROWS, COLUMNS
        data.PixelSpacing = [0.8, 0.6]
        data.ImageOrientationPatient = [1, 0, 0, 0, 1, 0]
        data.ImagePositionPatient = [*ORIGIN[:2], ORIGIN[2] - STEP * k]
        data.RescaleSlope, data.RescaleIntercept = 1, -1000
        data.KVP = 120
        data.ConvolutionKernel = "B60f"
        data.SliceThickness = 2
        data.SamplesPerPixel = 1
        data.PhotometricInterpretation = "MONOCHROME2"
        data.BitsAllocated, data.BitsStored, data.HighBit, data.PixelRepresentation = 16, 16, 15, 0
        data.PixelData = self.stored(k).tobytes()
        for keyword, value in tags.items():
            if value is None:
                del data[keyword]
            else:
                setattr(data, keyword, value)
        return data

    def series(self, n: int = 6, **tags: Any) -> list[Dataset]:
        """Return the slices of one series."""
        uid = generate_uid()
        return [self.slice(k, uid, **tags) for k in range(n)]

    def enhanced(self, n: int = 6, **tags: Any) -> Dataset:
        """Return the same series as one multi-frame object."""
        frames = self.series(n)
        data = self.slice(0, generate_uid(), **tags)
        data.SOPClassUID = EnhancedCTImageStorage
        data.NumberOfFrames = n
        for moved in (
            "ImagePositionPatient", "ImageOrientationPatient", "PixelSpacing", "SliceThickness",
            "RescaleSlope", "RescaleIntercept", "KVP", "ConvolutionKernel",
        ):  # fmt: skip
            delattr(data, moved)
        data.SharedFunctionalGroupsSequence = Sequence(
            [
                item(
                    PixelMeasuresSequence=item(PixelSpacing=[0.8, 0.6], SliceThickness=2),
                    PlaneOrientationSequence=item(ImageOrientationPatient=[1, 0, 0, 0, 1, 0]),
                    CTReconstructionSequence=item(
                        ConvolutionKernel="B60f", ReconstructionDiameter=360
                    ),
                    CTXRayDetailsSequence=item(KVP=120, FilterMaterial="COPPER"),
                )
            ]
        )
        data.PerFrameFunctionalGroupsSequence = Sequence(
            [
                item(
                    PlanePositionSequence=item(ImagePositionPatient=one.ImagePositionPatient),
                    PixelValueTransformationSequence=item(
                        RescaleSlope=1, RescaleIntercept=-1000, RescaleType="HU"
                    ),
                    CTExposureSequence=item(ExposureInmAs=100.0 + k),
                )
                for k, one in enumerate(frames)
            ]
        )
        data.PixelData = b"".join(one.PixelData for one in frames)
        return data

    def write(self, slices: list[Dataset], syntax: str = ExplicitVRLittleEndian) -> list[Path]:
        """Write slices into the folder, behind those that are there."""
        return [self._write(data, syntax) for data in slices]

    def compress(self, slices: list[Dataset], frames: list[bytes], syntax: str) -> list[Path]:
        """Write slices whose pixels are compressed, one stream each."""
        for data, frame in zip(slices, frames, strict=True):
            data.PixelData = encapsulate([frame])
            data["PixelData"].is_undefined_length = True
        return self.write(slices, syntax)

    def read(self, **options: Any) -> CTVolume:
        """Read the folder."""
        return read_ct(self.folder, **options)

    def refusal(self, **options: Any) -> str:
        """Return the message with which the folder is refused, which never names the patient."""
        with pytest.raises(ImageError) as caught:
            self.read(**options)
        message = str(caught.value)
        assert "Doe" not in message
        assert "4711" not in message
        assert self.folder.name not in message
        return message

    def _write(self, data: Dataset, syntax: str) -> Path:
        data.file_meta = FileMetaDataset()
        data.file_meta.TransferSyntaxUID = syntax
        data.file_meta.MediaStorageSOPClassUID = data.SOPClassUID
        data.file_meta.MediaStorageSOPInstanceUID = data.SOPInstanceUID
        path = self.folder / f"{NAME}-{self.n_files:02}.dcm"
        self.n_files += 1
        data.save_as(path, enforce_file_format=True)
        return path


def item(**values: Any) -> Any:
    """Return an item with values; those that are items themselves become sequences of one."""
    data = Dataset()
    for keyword, value in values.items():
        setattr(data, keyword, Sequence([value]) if isinstance(value, Dataset) else value)
    return data


@pytest.fixture
def scanner(tmp_path: Path) -> Scanner:
    folder = tmp_path / f"scan of {NAME}"
    folder.mkdir()
    return Scanner(folder)
