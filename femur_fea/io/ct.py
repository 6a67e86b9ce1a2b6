"""Reading a CT."""

from pathlib import Path

from femur_fea.domain import CTVolume
from femur_fea.errors import MissingInputError
from femur_fea.io.dicom import read_dicom_folder
from femur_fea.io.hounsfield import check_finite_voxels, check_hounsfield
from femur_fea.io.image import read_image

__all__ = ["read_ct"]


def read_ct(path: Path) -> CTVolume:
    """Read a CT in Hounsfield units.

    Parameters
    ----------
    path : Path
        A .nii, .nii.gz, .nrrd, .mha or .mhd file, or a folder with one series of DICOM slices.
        Only DICOM tells how the scan was made.

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
    if not path.exists():
        raise MissingInputError(
            found=f"no file or folder {path.name!r}",
            expected="a CT image or a folder of DICOM slices",
            remedy="check the path",
        )
    if path.is_dir():
        # the folder of an export is often named after the patient
        ct, name = read_dicom_folder(path), "the DICOM series"
    else:
        grid, hu = read_image(path)
        ct, name = CTVolume(grid=grid, hu=hu), path.name
    check_finite_voxels(name, ct.hu)
    check_hounsfield(name, ct.hu)
    return ct
