"""One bone in one piece: what is connected in a mask."""

from dataclasses import dataclass

import numpy as np

from femur_fea.domain import LabelMask
from femur_fea.errors import EmptyMaskError, SegmentationError, SeveralBonesError

__all__ = ["CleanMask", "check_volume", "keep_bone"]

# Head and neck alone of a small adult hold about 40 cm3; a whole large femur 700 cm3.
MIN_FEMUR_VOLUME_MM3 = 20_000.0
MAX_FEMUR_VOLUME_MM3 = 1_000_000.0
# A piece of hip bone or the other femur is larger; flecks of a segmentation are smaller.
MAX_SPECK_VOLUME_MM3 = 1_000.0


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CleanMask:
    """The largest piece of a mask and what was removed beside it.

    Attributes
    ----------
    mask : LabelMask
        The largest piece.
    n_components : int
        Pieces found, the largest included.
    n_specks : int
        Pieces removed.
    speck_volume_mm3 : float
        Their volume together.
    """

    mask: LabelMask
    n_components: int
    n_specks: int
    speck_volume_mm3: float


def keep_bone(femur: LabelMask) -> CleanMask:
    """Return the largest piece of a mask, whose voxels hold together by their faces.

    Voxels that touch in an edge or corner only carry no load from one to the other.

    Raises
    ------
    SeveralBonesError
        If a second piece is larger than `MAX_SPECK_VOLUME_MM3`.
    """
    from scipy import ndimage

    box = bounding_box(femur)
    labels, n_components = ndimage.label(femur.inside[box])
    volumes = np.bincount(labels.ravel())[1:] * femur.grid.voxel_volume
    largest = int(np.argmax(volumes))
    specks = np.delete(volumes, largest)
    if specks.size and specks.max() > MAX_SPECK_VOLUME_MM3:
        big = np.sort(volumes[volumes > MAX_SPECK_VOLUME_MM3])[::-1]
        raise SeveralBonesError(
            found=f"{big.size} separate bodies in the femur mask, of"
            f" {', '.join(f'{v / 1000.0:.1f}' for v in big)} cm3",
            expected=f"one femur, and nothing else above {MAX_SPECK_VOLUME_MM3 / 1000.0:g} cm3",
            remedy="keep one femur in the mask; a displaced fracture cannot be analysed",
        )
    if not specks.size:
        return CleanMask(mask=femur, n_components=1, n_specks=0, speck_volume_mm3=0.0)
    inside = np.zeros(femur.grid.shape, dtype=bool)
    inside[box] = labels == largest + 1
    return CleanMask(
        mask=LabelMask(grid=femur.grid, inside=inside),
        n_components=int(n_components),
        n_specks=int(specks.size),
        speck_volume_mm3=float(specks.sum()),
    )


def check_volume(femur: LabelMask) -> None:
    """Raise unless the volume of a mask can be that of a proximal or whole femur.

    Raises
    ------
    EmptyMaskError
        If it is empty or smaller than `MIN_FEMUR_VOLUME_MM3`.
    SegmentationError
        If it is larger than `MAX_FEMUR_VOLUME_MM3`.
    """
    volume = femur.volume
    expected = (
        f"a proximal femur of {MIN_FEMUR_VOLUME_MM3 / 1000.0:g}"
        f" to {MAX_FEMUR_VOLUME_MM3 / 1000.0:g} cm3"
    )
    if volume < MIN_FEMUR_VOLUME_MM3:
        size = f"of {volume / 1000.0:.2g} cm3" if volume else "without a voxel"
        raise EmptyMaskError(
            found=f"a femur mask {size}",
            expected=expected,
            remedy="check that the mask, and the label in it, are those of the femur, and that "
            "--femur and --lesion are not mixed up",
        )
    if volume > MAX_FEMUR_VOLUME_MM3:
        raise SegmentationError(
            found=f"a femur mask of {volume / 1000.0:.0f} cm3",
            expected=expected,
            remedy="check that the mask, and the label in it, are those of the femur",
        )


def bounding_box(mask: LabelMask) -> tuple[slice, slice, slice]:
    """Return the smallest box of indices that holds a mask with at least one voxel."""
    i, j, k = (_extent(mask.inside.any(axis=axes)) for axes in ((1, 2), (0, 2), (0, 1)))
    return i, j, k


def _extent(occupied: np.ndarray[tuple[int, ...], np.dtype[np.bool_]]) -> slice:
    places = np.flatnonzero(occupied)
    return slice(int(places[0]), int(places[-1]) + 1)
