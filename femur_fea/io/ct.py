"""Reading a CT."""

from pathlib import Path

from femur_fea.domain import CTVolume
from femur_fea.errors import MissingInputError, SeriesError
from femur_fea.io.dicom import UnevenSlices, is_dicom, read_dicom
from femur_fea.io.hounsfield import check_finite_voxels, check_hounsfield
from femur_fea.io.image import read_image
from femur_fea.io.system_errors import readable

__all__ = ["read_ct"]


def read_ct(
    path: Path,
    *,
    role: str = "the CT",
    series: int | None = None,
    uneven_slices: UnevenSlices = "refuse",
) -> CTVolume:
    """Read a CT in Hounsfield units.

    Parameters
    ----------
    path : Path
        A .nii, .nii.gz, .nrrd, .mha or .mhd file, a DICOM file, or a folder that holds, with its
        subfolders, one or more DICOM series. Only DICOM tells how the scan was made.
    role : str
        What messages call it: the name of its file can be a patient's.
    series : int, optional
        Which DICOM series, by the number that messages give it; else a rule chooses one.
    uneven_slices : {"refuse", "interpolate"}
        What to do with DICOM slices that are not evenly spaced.

    Returns
    -------
    CTVolume
        The image; CT numbers keep the type in which they are stored.

    Raises
    ------
    MissingInputError
        If there is nothing at `path`.
    SeriesError
        If no one DICOM series can be singled out; see `femur_fea.io.dicom.choice`.
    ImageError
        If it is not one complete scalar volume; see `read_image` and `read_dicom`.
    NonFiniteVoxelsError
        If a voxel is NaN or infinite.
    HounsfieldRangeError
        If the values cannot be Hounsfield units.
    """
    path = Path(path)
    with readable(role):
        files = _dicom_files(path, role)
        if files is not None:
            ct = read_dicom(files, series=series, uneven_slices=uneven_slices)
        else:
            _check_no_series(role, series)
            grid, hu = read_image(path, role=role)
            ct = CTVolume(grid=grid, hu=hu)
    check_finite_voxels(role, ct.hu)
    check_hounsfield(role, ct.hu)
    return ct


def _dicom_files(path: Path, role: str) -> list[Path] | None:
    """Return the files that may be DICOM, None where `path` is an image of another format."""
    if not path.exists():
        raise MissingInputError(
            found=f"no file or folder for {role} at the given path",
            expected="a CT image or a folder of DICOM slices",
            remedy="check the path",
        )
    if path.is_dir():
        return sorted(file for file in path.rglob("*") if file.is_file())
    return [path] if is_dicom(path) else None


def _check_no_series(role: str, series: int | None) -> None:
    if series is not None:
        raise SeriesError(
            found=f"series number {series} of {role}, which is one image",
            expected="a folder of DICOM series where one is to be chosen",
            remedy="leave --series out",
        )
