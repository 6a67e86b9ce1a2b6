"""Reading and writing images on a grid; the axes of ITK are turned into [i, j, k] here."""

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from femur_fea.domain import BoolArray, FloatArray, ImageGrid, IntArray, check_shape
from femur_fea.errors import DiskSpaceError, ImageError, MissingInputError, OutOfRangeError
from femur_fea.io.atomic import atomic_path
from femur_fea.io.nifti import check_nifti, is_nifti, is_nifti_complete
from femur_fea.io.stderr import captured_stderr
from femur_fea.io.system_errors import readable

if TYPE_CHECKING:
    import SimpleITK

__all__ = ["read_image", "write_image"]

IMAGE_SUFFIXES = (".nii", ".nii.gz", ".nrrd", ".mha", ".mhd")

# A voxel of bone: micro-CT has 0.01 mm, and 10 mm is the thickest slice in clinical use.
SPACING_RANGE_MM = (0.01, 10.0)
_ORTHONORMAL_TOLERANCE = 1e-4  # directions are stored in single precision
_DAMAGE = ("Uncompress failed", "data not read completely")  # said by MetaIO on stderr alone


def read_image(path: Path, *, role: str = "the image") -> tuple[ImageGrid, FloatArray | IntArray]:
    """Read one scalar volume.

    Parameters
    ----------
    path : Path
        A file of one of the formats in `IMAGE_SUFFIXES`.
    role : str
        What messages call it: the name of its file can be a patient's.

    Returns
    -------
    grid : ImageGrid
        Where the samples lie, LPS, mm.
    array : (ni, nj, nk)
        The samples as stored, slope and intercept of the file applied.

    Raises
    ------
    MissingInputError
        If there is no such file.
    ImageError
        If the file is of another format, truncated, damaged, without orientation, not a scalar
        volume, or has voxels of an impossible size.
    """
    path = Path(path)
    with readable(role):
        _check_file(path, role)
        if is_nifti(path):
            check_nifti(path, role)
        image = _load(path, role)
    if path.suffix.lower() == ".nrrd" and not image.HasMetaDataKey("NRRD_space"):
        raise ImageError(
            found=f"{role} without the field 'space', so left and right are unknown",
            expected="an orientation in the header",
            remedy="export it again with its orientation",
        )
    return grid_of(image, role), samples_of(image)


def write_image(path: Path, grid: ImageGrid, array: FloatArray | IntArray | BoolArray) -> None:
    """Write one volume as NIfTI, whole or not at all.

    Parameters
    ----------
    path : Path
        File name that ends in .nii or .nii.gz.
    grid : ImageGrid
        Where the samples lie, LPS, mm; its axes must be perpendicular.
    array : (ni, nj, nk)
        Samples; booleans are stored as 0 and 1 of eight bits.

    Raises
    ------
    OutOfRangeError
        If the format does not admit the file name or the grid.
    ShapeError
        If `array` does not fit the grid.
    DiskSpaceError
        If the disk is full.
    """
    import SimpleITK as sitk

    path = Path(path)
    if not is_nifti(path):
        raise OutOfRangeError(
            found=f"the image name {path.name!r}",
            expected="a name that ends in .nii or .nii.gz",
            remedy="choose such a name",
        )
    check_shape("array", array, grid.shape)
    _check_perpendicular(grid.affine)
    stored = array.astype(np.uint8) if array.dtype == np.bool_ else array
    image = sitk.GetImageFromArray(np.ascontiguousarray(stored.transpose(2, 1, 0)))
    image.SetSpacing(grid.spacing.tolist())
    image.SetOrigin(grid.affine[:3, 3].tolist())
    image.SetDirection((grid.affine[:3, :3] / grid.spacing).ravel().tolist())
    with atomic_path(path) as temporary:
        _save(image, temporary, path.name)


def grid_of(image: "SimpleITK.Image", role: str) -> ImageGrid:
    """Return where the samples of an ITK image lie."""
    spacing = np.array(image.GetSpacing())
    low, high = SPACING_RANGE_MM
    if not np.all((spacing >= low) & (spacing <= high)):
        raise ImageError(
            found=f"{role} with voxels of {' x '.join(f'{s:.3g}' for s in spacing)} mm",
            expected=f"between {low:g} and {high:g} mm along each axis",
            remedy="correct the spacing, or its unit, in the header",
        )
    affine = np.eye(4)
    affine[:3, :3] = np.array(image.GetDirection()).reshape(3, 3) * spacing
    affine[:3, 3] = image.GetOrigin()
    ni, nj, nk = image.GetSize()
    return ImageGrid(shape=(ni, nj, nk), affine=affine)


def samples_of(image: "SimpleITK.Image") -> FloatArray | IntArray:
    """Return the samples of an ITK image as [i, j, k]."""
    import SimpleITK as sitk

    samples: FloatArray | IntArray = sitk.GetArrayFromImage(image)
    return samples.transpose(2, 1, 0)


def _check_file(path: Path, role: str) -> None:
    if not path.exists():
        raise MissingInputError(
            found=f"no file for {role} at the given path",
            expected="an image file",
            remedy="check the path",
        )
    if not path.is_file() or not path.name.lower().endswith(IMAGE_SUFFIXES):
        raise ImageError(
            found=f"{role} in a file that is not of a known image format",
            expected=f"a file that ends in {', '.join(IMAGE_SUFFIXES)}",
            remedy="convert it, or give the folder if these are DICOM slices",
        )


def _load(path: Path, role: str) -> "SimpleITK.Image":
    import SimpleITK as sitk

    reason = "damaged or not an image"
    image = None
    with captured_stderr() as chatter:
        try:
            image = sitk.ReadImage(str(path))
        except RuntimeError as error:
            if "orthonormal" in str(error):
                reason = "without perpendicular axes"
    # the library's own message names the full path, which may hold a patient's name
    if image is None or any(phrase in line for line in chatter for phrase in _DAMAGE):
        raise ImageError(
            found=f"{role} is {reason}",
            expected="a complete scalar volume on perpendicular axes",
            remedy="copy or export the file again",
        )
    return _check_volume(image, role)


def _check_volume(image: "SimpleITK.Image", role: str) -> "SimpleITK.Image":
    size = image.GetSize()
    if len(size) == 4 and size[3] == 1:
        image = image[:, :, :, 0]
        size = image.GetSize()
    components = image.GetNumberOfComponentsPerPixel()
    if len(size) != 3 or min(size) < 2 or components != 1:
        raise ImageError(
            found=f"{role} of {' x '.join(str(n) for n in size)} samples"
            f" with {components} value(s) each",
            expected="one volume of at least 2 samples along each of three axes, one value each",
            remedy="export the volume itself, not a slice, a colour image or a time series",
        )
    return image


def _check_perpendicular(affine: FloatArray) -> None:
    axes = affine[:3, :3] / np.linalg.norm(affine[:3, :3], axis=0)
    apart = float(np.abs(axes.T @ axes - np.eye(3)).max())
    if apart > _ORTHONORMAL_TOLERANCE:
        raise OutOfRangeError(
            found=f"a grid whose axes are not perpendicular (cosine {apart:.2g})",
            expected="perpendicular axes, which is all that the file format can hold",
            remedy="resample the image onto a regular grid first",
        )


def _save(image: "SimpleITK.Image", temporary: Path, name: str) -> None:
    """Write with ITK, which reports a full disk on stderr alone or not at all."""
    import SimpleITK as sitk

    with captured_stderr():
        try:
            sitk.WriteImage(image, str(temporary), useCompression=True)
            written = is_nifti_complete(temporary)
        except RuntimeError:
            written = False
    if not written:
        raise DiskSpaceError(
            found=f"{name!r} could not be written in full",
            expected="room for it on the disk, in the quota and in the file-size limit",
            remedy="free some space or choose another output folder",
        )
