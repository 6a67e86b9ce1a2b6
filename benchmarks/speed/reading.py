"""Seconds and peak memory of reading a clinical CT, calibrating it and cutting it to the bone.

    uv run python benchmarks/speed/reading.py [--slices 600] [--side 512] [--out FILE]

A series of noisy 16-bit DICOM slices in which a block stands for the bone, a quarter of each side
long, written by this script. Every encoding is read in a process of its own, right after it was
written, so that the files are in the memory of the system; a cold disk adds what it takes to read
them. The whole scan is calibrated before it is cut.
"""

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pydicom
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.encaps import encapsulate, generate_frames
from pydicom.uid import UID, CTImageStorage, ExplicitVRLittleEndian, JPEG2000Lossless, generate_uid

ROOT = Path(__file__).resolve().parents[2]
ENCODINGS = {"uncompressed": ExplicitVRLittleEndian, "JPEG 2000 lossless": JPEG2000Lossless}
AIM = {"seconds": 20.0, "peak_memory_GiB": 2.5}
DISTINCT = 8  # slices of different noise; more would only take longer to write
MARGIN_MM = 10.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What one series took.

    Attributes
    ----------
    encoding : str
        How the pixels are stored.
    n_slices, side : int
        Slices of side x side samples.
    read_seconds, calibrate_seconds, crop_seconds : float
        Wall times.
    seconds : float
        Of the three together.
    peak_memory_GiB : float
        Largest resident size of the process, or of one that it started.
    """

    encoding: str
    n_slices: int
    side: int
    read_seconds: float
    calibrate_seconds: float
    crop_seconds: float
    seconds: float
    peak_memory_GiB: float


def main() -> int:
    """Measure, print and write the JSON file; or be one process that reads."""
    options = parse()
    if options.encoding:
        print(json.dumps(asdict(read(options.folder, options.encoding))))
        return 0
    runs = [measure(name, options) for name in ENCODINGS]
    # not at the top: its imports are no part of the process that reads
    from benchmarks.machine import write_results

    write_results(options.out, {"aim": AIM, "runs": runs})
    for run in runs:
        print(f"{run['encoding']:<20} {run['seconds']:6.1f} s {run['peak_memory_GiB']:6.2f} GiB")
    return 0


def parse() -> argparse.Namespace:
    """Return the options."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--slices", type=int, default=600)
    parser.add_argument("--side", type=int, default=512)
    parser.add_argument("--out", type=Path, default=ROOT / "benchmarks/results/reading.json")
    parser.add_argument("--encoding", help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    return parser.parse_args()


def measure(encoding: str, options: argparse.Namespace) -> dict[str, Any]:
    """Write a series and return what a process of its own takes to read it."""
    with tempfile.TemporaryDirectory() as folder:
        write_series(Path(folder), ENCODINGS[encoding], options.slices, options.side)
        done = subprocess.run(
            [sys.executable, __file__, "--encoding", encoding, "--folder", folder],
            capture_output=True,
            text=True,
            check=True,
        )
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def write_series(folder: Path, syntax: UID, n_slices: int, side: int) -> None:
    """Write slices 1 mm apart."""
    rng = np.random.default_rng(0)
    images = [slice_of(side, rng) for _ in range(DISTINCT)]
    compressed = syntax == JPEG2000Lossless
    pixels = [jpeg_2000(image) if compressed else image.tobytes() for image in images]
    series = generate_uid()
    for k in range(n_slices):
        data = Dataset()
        data.SOPClassUID, data.SOPInstanceUID = CTImageStorage, generate_uid()
        data.SeriesInstanceUID, data.Modality = series, "CT"
        data.ImageType = ["ORIGINAL", "PRIMARY", "AXIAL"]
        data.KVP, data.ConvolutionKernel, data.SliceThickness = 120, "B", 1
        data.Rows = data.Columns = side
        data.PixelSpacing = [0.8, 0.8]
        data.ImageOrientationPatient = [1, 0, 0, 0, 1, 0]
        data.ImagePositionPatient = [0, 0, k]
        data.RescaleSlope, data.RescaleIntercept = 1, -1024
        data.SamplesPerPixel, data.PhotometricInterpretation = 1, "MONOCHROME2"
        data.BitsAllocated, data.BitsStored, data.HighBit, data.PixelRepresentation = 16, 16, 15, 1
        data.PixelData = pixels[k % DISTINCT]
        data["PixelData"].is_undefined_length = compressed
        data.file_meta = FileMetaDataset()
        data.file_meta.TransferSyntaxUID = syntax
        data.file_meta.MediaStorageSOPClassUID = data.SOPClassUID
        data.file_meta.MediaStorageSOPInstanceUID = data.SOPInstanceUID
        data.save_as(folder / f"{k:05}.dcm", enforce_file_format=True)


def slice_of(side: int, rng: np.random.Generator) -> np.ndarray:
    """Return stored values: muscle in air with noise of 15 HU, and a block of bone."""
    j, i = np.mgrid[:side, :side] / side - 0.5
    hu = np.where(i**2 + j**2 < 0.2, 50.0, -1000.0)
    hu[np.maximum(abs(i), abs(j)) < 0.125] = 900.0
    return np.rint(hu + rng.normal(0.0, 15.0, hu.shape) + 1024.0).astype(np.int16)


def jpeg_2000(image: np.ndarray) -> bytes:
    """Return one slice as pixel data in JPEG 2000."""
    import SimpleITK as sitk

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "slice.dcm"
        writer = sitk.ImageFileWriter()
        writer.SetImageIO("GDCMImageIO")
        writer.UseCompressionOn()
        writer.SetCompressor("JPEG2000")
        writer.SetFileName(str(path))
        writer.Execute(sitk.GetImageFromArray(image[None]))
        stored = pydicom.dcmread(path)
        return encapsulate([next(generate_frames(stored.PixelData, number_of_frames=1))])


def read(folder: Path, encoding: str) -> Reading:
    """Read, calibrate and crop, and return what that took."""
    from calibration import apply_curve, average_line
    from femur_fea.domain import CTVolume, LabelMask
    from femur_fea.io import read_ct
    from femur_risk.segmentation import crop

    began = time.perf_counter()
    ct = read_ct(folder)
    after_reading = time.perf_counter()
    density = apply_curve(ct, average_line(ct.acquisition.tube_voltage_kV, "CaHA"))
    after_calibration = time.perf_counter()
    inside = np.zeros(ct.grid.shape, dtype=bool)
    inside[tuple(slice(3 * n // 8, 5 * n // 8) for n in ct.grid.shape)] = True
    whole = CTVolume(grid=ct.grid, hu=density.rho, acquisition=ct.acquisition)
    crop(whole, LabelMask(grid=ct.grid, inside=inside), margin=MARGIN_MM)
    ended = time.perf_counter()
    everyone = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    return Reading(
        encoding=encoding,
        n_slices=ct.grid.shape[2],
        side=ct.grid.shape[0],
        read_seconds=round(after_reading - began, 2),
        calibrate_seconds=round(after_calibration - after_reading, 2),
        crop_seconds=round(ended - after_calibration, 2),
        seconds=round(ended - began, 2),
        peak_memory_GiB=round(
            max(resource.getrusage(who).ru_maxrss for who in everyone) / 2**20, 2
        ),
    )


if __name__ == "__main__":
    sys.exit(main())
