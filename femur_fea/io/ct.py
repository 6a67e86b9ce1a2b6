"""Reading a CT."""

from pathlib import Path

from femur_fea.domain import CTVolume
from femur_fea.errors import MissingInputError
from femur_fea.io.dicom import read_dicom_folder
from femur_fea.io.hounsfield import check_finite_voxels, check_hounsfield
from femur_fea.io.image import read_image
from femur_fea.io.system_errors import readable

__all__ = ["read_ct"]


def read_ct(path: Path, *, role: str = "the CT") -> CTVolume:
    """Read a CT in Hounsfield units.

    Parameters
    ----------
    path : Path
        A .nii, .nii.gz, .nrrd, .mha or .mhd file, or a folder with one series of DICOM slices.
        Only DICOM tells how the scan was made.
    role : str
        What messages call it: the name of its file can be a patient's.

    Returns
    -------
    CTVolume
        The image; CT numbers keep the type in which they are stored.

    Raises
    ------
    MissingInputError
        If there is nothing at `path`.
    ImageError
        If it is not one complete scalar volume; see `read_image` and `read_dicom_folder`.
    NonFiniteVoxelsError
        If a voxel is NaN or infinite.
    HounsfieldRangeError
        If the values cannot be Hounsfield units.
    """
    path = Path(path)
    with readable(role):
        ct = _read(path, role)
    check_finite_voxels(role, ct.hu)
    check_hounsfield(role, ct.hu)
    return ct


def _read(path: Path, role: str) -> CTVolume:
    if not path.exists():
        raise MissingInputError(
            found=f"no file or folder for {role} at the given path",
            expected="a CT image or a folder of DICOM slices",
            remedy="check the path",
        )
    if path.is_dir():
        return read_dicom_folder(path)
    grid, hu = read_image(path, role=role)
    return CTVolume(grid=grid, hu=hu)
