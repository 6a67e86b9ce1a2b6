"""Reading a folder of DICOM slices.

Only the tags listed here are parsed, so no identifier of the patient ever enters the process's
values, messages or logs. Files are named by their number in the folder, sorted by name, from 1.
"""

import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from femur_fea.domain import Acquisition, CTVolume, FloatArray, ImageGrid, IntArray
from femur_fea.errors import ImageError
from femur_fea.io.image import samples_of
from femur_fea.io.stderr import captured_stderr

__all__ = ["read_dicom_folder"]

_TAGS = [
    "SeriesInstanceUID",
    "Modality",
    "Rows",
    "Columns",
    "NumberOfFrames",
    "ImageOrientationPatient",
    "ImagePositionPatient",
    "PixelSpacing",
    "RescaleSlope",
    "RescaleIntercept",
    "KVP",
    "ConvolutionKernel",
    "SliceThickness",
    "ContrastBolusAgent",
]
_REQUIRED = [
    "Rows",
    "Columns",
    "ImageOrientationPatient",
    "ImagePositionPatient",
    "PixelSpacing",
]
_MIN_SLICES = 2
_DIRECTION_TOLERANCE = 1e-3  # headers hold few decimals
_STEP_TOLERANCE = 0.05  # of the slice distance; a missing slice makes 1
_TILT_TOLERANCE = 1e-3  # 0.3 mm over a scan of 300 mm
_DICOM_SUFFIXES = (".dcm", ".ima")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Slice:
    """One file: its number in the folder and the tags in `_TAGS`."""

    number: int
    path: Path
    tags: Any


def read_dicom_folder(folder: Path) -> CTVolume:
    """Read the one CT series in a folder and its subfolders.

    Objects of other modalities and files that are not DICOM are left alone.

    Parameters
    ----------
    folder : Path
        Folder with the slices, in any order and under any names.

    Returns
    -------
    CTVolume
        CT numbers with each slice's rescale applied, ordered by position, and the facts of the
        scan.

    Raises
    ------
    ImageError
        If there is no CT series or more than one, if slices are missing, doubled, tilted or
        differ in size, or if a slice is damaged.
    """
    slices = _one_series(_read_headers(folder))
    first = slices[0].tags
    _check_uniform(slices)
    ordered, affine = _arrange(slices)
    hu = _read_pixels(ordered)
    grid = ImageGrid(shape=(int(first.Columns), int(first.Rows), len(ordered)), affine=affine)
    return CTVolume(grid=grid, hu=hu, acquisition=_acquisition(first))


def _read_headers(folder: Path) -> list[_Slice]:
    """Return the CT images below a folder, whatever series they are of."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    slices = []
    for number, path in enumerate(files, start=1):
        tags = _read_tags(path)
        modality = None if tags is None else tags.get("Modality")
        if modality is None and path.suffix.lower() in _DICOM_SUFFIXES:
            raise ImageError(
                found=f"DICOM file number {number} is damaged or empty",
                expected="a readable header in every DICOM file",
                remedy="copy or export the series again",
            )
        if modality == "CT":
            slices.append(_Slice(number=number, path=path, tags=tags))
    return slices


def _read_tags(path: Path) -> Any:
    """Return the tags in `_TAGS`, or None if the file is not DICOM."""
    import pydicom
    from pydicom.errors import InvalidDicomError

    try:
        with warnings.catch_warnings():
            # pydicom's warnings quote the values that they complain about
            warnings.filterwarnings("ignore", module="pydicom")
            return pydicom.dcmread(path, stop_before_pixels=True, specific_tags=_TAGS)
    except (InvalidDicomError, EOFError):
        return None


def _one_series(slices: Sequence[_Slice]) -> list[_Slice]:
    series: dict[str, list[_Slice]] = {}
    for item in slices:
        series.setdefault(str(item.tags.get("SeriesInstanceUID")), []).append(item)
    if len(series) != 1:
        sizes = ", ".join(
            f"{len(group)} slices of {group[0].tags.get('Columns')} x {group[0].tags.get('Rows')}"
            for group in series.values()
        )
        raise ImageError(
            found=f"{len(series)} CT series in the folder{f' ({sizes})' if sizes else ''}",
            expected="the DICOM slices of one CT series",
            remedy="put the series that is meant into a folder of its own",
        )
    (only,) = series.values()
    return only


def _check_uniform(slices: Sequence[_Slice]) -> None:
    """Raise unless all slices have the tags of geometry and agree in them."""
    first = slices[0].tags
    for item in slices:
        missing = [tag for tag in _REQUIRED if tag not in item.tags]
        if missing or "NumberOfFrames" in item.tags:
            reason = f"without {', '.join(missing)}" if missing else "with several frames"
            raise ImageError(
                found=f"DICOM file number {item.number} {reason}",
                expected="one slice with its position in each file",
                remedy="export the series as single CT slices, without scout views",
            )
        for tag in ("ImageOrientationPatient", "PixelSpacing"):
            if not np.allclose(item.tags[tag].value, first[tag].value, atol=_DIRECTION_TOLERANCE):
                raise _unlike(item, tag)
        for tag in ("Rows", "Columns", "RescaleSlope", "RescaleIntercept"):
            if item.tags.get(tag) != first.get(tag):
                raise _unlike(item, tag)


def _unlike(item: _Slice, tag: str) -> ImageError:
    return ImageError(
        found=f"DICOM file number {item.number} differs from the first in {tag}",
        expected="slices of one size, direction and scale",
        remedy="leave out scout views and reformatted slices of the series",
    )


def _arrange(slices: Sequence[_Slice]) -> tuple[list[_Slice], FloatArray]:
    """Return the slices ordered along their normal, and the affine to LPS, mm."""
    first = slices[0].tags
    row, column = np.array(first.ImageOrientationPatient, dtype=float).reshape(2, 3)
    normal = np.cross(row, column)
    place = np.array([item.tags.ImagePositionPatient for item in slices], dtype=float)
    order = np.argsort(place @ normal)
    place = place[order]
    ordered = [slices[n] for n in order]
    _check_steps(ordered, place, normal)
    between_rows, between_columns = (float(value) for value in first.PixelSpacing)
    affine = np.eye(4)
    affine[:3, 0] = row * between_columns
    affine[:3, 1] = column * between_rows
    affine[:3, 2] = normal * ((place[-1] - place[0]) @ normal) / (len(place) - 1)
    affine[:3, 3] = place[0]
    return ordered, affine


def _check_steps(ordered: Sequence[_Slice], place: FloatArray, normal: FloatArray) -> None:
    if len(ordered) < _MIN_SLICES:
        raise ImageError(
            found=f"{len(ordered)} slice in the CT series",
            expected=f"at least {_MIN_SLICES} slices",
            remedy="give the whole series",
        )
    along = np.diff(place @ normal)
    distance = float(np.median(along))
    uneven = np.flatnonzero(np.abs(along - distance) > _STEP_TOLERANCE * distance)
    if distance <= 0.0 or uneven.size:
        n = int(uneven[0]) if uneven.size else 0
        raise ImageError(
            found=f"{uneven.size} uneven steps between slices; from DICOM file number"
            f" {ordered[n].number} to {ordered[n + 1].number} it is {along[n]:.3g} mm",
            expected=f"steps of {distance:.3g} mm: no slice missing or doubled",
            remedy="export the whole series again",
        )
    total = place[-1] - place[0]
    tilt = float(np.linalg.norm(total - (total @ normal) * normal) / (total @ normal))
    if tilt > _TILT_TOLERANCE:
        raise ImageError(
            found=f"slices shifted sideways by {tilt:.3g} mm per mm: a tilted gantry",
            expected="slices stacked along their normal",
            remedy="resample the series onto a regular grid first",
        )


def _read_pixels(ordered: Sequence[_Slice]) -> FloatArray | IntArray:
    """Return CT numbers, slope and intercept applied by GDCM."""
    import SimpleITK as sitk

    reader = sitk.ImageSeriesReader()
    reader.SetFileNames([str(item.path) for item in ordered])
    image = None
    with captured_stderr():
        try:
            image = reader.Execute()
        except RuntimeError:
            damaged = _first_damaged(ordered)
    if image is None:
        raise ImageError(
            found=damaged,
            expected="readable pixels in every slice",
            remedy="copy or export the series again",
        )
    return samples_of(image)


def _first_damaged(ordered: Sequence[_Slice]) -> str:
    """Return a message that names the first slice that cannot be read alone, by its index."""
    import SimpleITK as sitk

    for item in ordered:
        try:
            sitk.ReadImage(str(item.path))
        except RuntimeError:
            return f"DICOM file number {item.number} is damaged or of an unknown compression"
    return f"a series of {len(ordered)} slices that cannot be read together"


def _acquisition(tags: Any) -> Acquisition:
    kernel = tags.get("ConvolutionKernel")
    parts = kernel if isinstance(kernel, Sequence) and not isinstance(kernel, str) else [kernel]
    return Acquisition(
        tube_voltage_kV=_number(tags.get("KVP")),
        kernel=" ".join(str(part) for part in parts if part) or None,
        slice_thickness_mm=_number(tags.get("SliceThickness")),
        contrast_agent=bool(str(tags.get("ContrastBolusAgent") or "").strip()),
    )


def _number(value: Any) -> float | None:
    return None if value in (None, "") else float(value)
