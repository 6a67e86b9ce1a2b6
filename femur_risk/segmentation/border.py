"""Where the border of the scan cuts the bone."""

import numpy as np

from femur_fea.domain import CTVolume, FloatArray, LabelMask
from femur_fea.errors import MaskBorderError

__all__ = ["check_border", "check_measured"]

_INFERIOR = np.array([0.0, 0.0, -1.0])
_NAMES = {
    (0, 1): "left",
    (0, -1): "right",
    (1, 1): "posterior",
    (1, -1): "anterior",
    (2, 1): "superior",
    (2, -1): "inferior",
}


def check_border(femur: LabelMask) -> bool:
    """Raise if the scan cuts the bone anywhere but distally; return whether it does there.

    The distal border is the face of the image that points most nearly inferiorly, whatever the
    order and direction of its axes.

    Parameters
    ----------
    femur : LabelMask
        The femur.

    Returns
    -------
    bool
        Whether the bone reaches the distal border of the image.

    Raises
    ------
    MaskBorderError
        With the borders and the numbers of voxels there.
    """
    cut: dict[str, int] = {}
    faces = [(axis, end) for axis in range(3) for end in (0, -1)]
    outward = {face: _outward(femur, *face) for face in faces}
    distal = max(faces, key=lambda face: float(outward[face] @ _INFERIOR))
    for axis, end in faces:
        count = int(np.count_nonzero(np.take(femur.inside, end, axis=axis)))
        if count and (axis, end) != distal:
            cut[_name(outward[axis, end])] = count
    if cut:
        where = ", ".join(f"{name} ({count} voxels)" for name, count in cut.items())
        raise MaskBorderError(
            found=f"a femur mask that touches these borders of the scan: {where}",
            expected="a femur that lies inside the scan, cut at its distal end at most",
            remedy="give a scan that shows the whole proximal femur, or correct the mask",
        )
    return bool(np.take(femur.inside, distal[1], axis=distal[0]).any())


def check_measured(ct: CTVolume, femur: LabelMask) -> None:
    """Raise if the bone reaches where the scanner measured nothing.

    Parameters
    ----------
    ct : CTVolume
        The scan.
    femur : LabelMask
        The femur on its grid.

    Raises
    ------
    MaskBorderError
        With the number of voxels there.
    """
    if ct.outside is None:
        return
    count = int(np.count_nonzero(femur.inside & ct.outside))
    if count:
        raise MaskBorderError(
            found=f"a femur mask with {count} voxels where the scanner measured nothing",
            expected="a femur that lies inside the field of view",
            remedy="give a scan that shows the whole proximal femur, or correct the mask",
        )


def _outward(femur: LabelMask, axis: int, end: int) -> FloatArray:
    """Return the unit vector that points out of the image at one end of an axis, LPS."""
    direction = femur.grid.affine[:3, axis] / femur.grid.spacing[axis]
    return np.asarray(-direction if end == 0 else direction)


def _name(outward: FloatArray) -> str:
    axis = int(np.argmax(np.abs(outward)))
    return _NAMES[axis, 1 if outward[axis] > 0.0 else -1]
