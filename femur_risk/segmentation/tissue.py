"""Whether the CT shows bone, and no metal, where the mask says that bone is."""

import numpy as np

from femur_fea.domain import BoolArray, CTVolume, FloatArray, IntArray, LabelMask
from femur_fea.errors import MetalError, SegmentationError
from femur_risk.segmentation.components import bounding_box

__all__ = ["check_bone", "check_metal"]

# Dense cortical bone ends near 2000 HU: at most 1872 HU in a humerus at 0.8 mm and 1183 HU in a
# femur at 3 mm, while titanium and steel give 2500 HU and more (2700 to 3382 HU in a hip screw).
METAL_HU = 2300.0
# One voxel of 3 mm, or a piece of wire 2 mm thick and 6 mm long; a thin-slice scan with a sharp
# kernel has single voxels of noise above the threshold (2 mm3 in a spine without implant).
MIN_METAL_VOLUME_MM3 = 20.0
# Masks leave metal out, so it is looked for round the mask too: a nail of 10 mm fills the canal
# between two walls of mask.
METAL_REACH_MM = 5.0

# Fat marrow lies near -100 HU; only air and the edge of the field of view lie below this.
AIR_HU = -250.0
MAX_AIR_FRACTION = 0.02
# Muscle with contrast agent stays below this; a third of a porotic femur at 3 mm lies above.
DENSE_HU = 200.0
MIN_DENSE_FRACTION = 0.05


def check_metal(ct: CTVolume, femur: LabelMask) -> float:
    """Raise if there is metal in or at the bone; return the highest CT number inside, HU.

    Raises
    ------
    MetalError
        If more than `MIN_METAL_VOLUME_MM3` within `METAL_REACH_MM` of the mask, or in a cavity
        of it, lies above `METAL_HU`.
    """
    box = _padded_box(femur)
    hu, inside = ct.hu[box], femur.inside[box]
    bright = hu > METAL_HU
    # the distances cost seconds in a thin-slice scan and are rarely needed
    if bright.any():
        metal = bright & _near(inside, femur.grid.spacing)
        volume = int(np.count_nonzero(metal)) * femur.grid.voxel_volume
        if volume >= MIN_METAL_VOLUME_MM3:
            raise MetalError(
                found=f"{volume / 1000.0:.3g} cm3 above {METAL_HU:.0f} HU in or at the femur,"
                f" up to {float(hu[metal].max()):.0f} HU",
                expected=f"bone without metal: less than {MIN_METAL_VOLUME_MM3 / 1000.0:g} cm3"
                f" above {METAL_HU:.0f} HU within {METAL_REACH_MM:g} mm",
                remedy="a femur with an implant cannot be analysed; use the other side or a scan"
                " from before the operation",
            )
    return float(hu[inside].max())


def check_bone(ct: CTVolume, femur: LabelMask) -> None:
    """Raise unless the CT numbers inside a mask can be those of a femur.

    Raises
    ------
    SegmentationError
        If more than `MAX_AIR_FRACTION` is air, or less than `MIN_DENSE_FRACTION` is dense.
    """
    hu = ct.hu[femur.inside]
    air = float(np.mean(hu < AIR_HU))
    if air > MAX_AIR_FRACTION:
        raise _not_bone(
            hu,
            f"{air:.0%} of it below {AIR_HU:.0f} HU",
            "CT and mask lie apart or are of two scans",
        )
    dense = float(np.mean(hu > DENSE_HU))
    if dense < MIN_DENSE_FRACTION:
        raise _not_bone(
            hu,
            f"{dense:.1%} of it above {DENSE_HU:.0f} HU",
            "it lies on soft tissue or is of another scan or patient",
        )


def _not_bone(hu: FloatArray | IntArray, fact: str, cause: str) -> SegmentationError:
    return SegmentationError(
        found=f"a femur mask with a mean of {float(hu.mean()):.0f} HU and {fact}",
        expected=f"at most {MAX_AIR_FRACTION:.0%} below {AIR_HU:.0f} HU and at least"
        f" {MIN_DENSE_FRACTION:.0%} above {DENSE_HU:.0f} HU",
        remedy=f"check whether {cause}: look at the mask on top of the CT",
    )


def _padded_box(femur: LabelMask) -> tuple[slice, ...]:
    reach = np.ceil(METAL_REACH_MM / femur.grid.spacing).astype(int)
    return tuple(
        slice(max(side.start - int(n), 0), side.stop + int(n))
        for side, n in zip(bounding_box(femur), reach, strict=True)
    )


def _near(inside: BoolArray, spacing: FloatArray) -> BoolArray:
    """Return the voxels within `METAL_REACH_MM` of a mask, and those that it encloses."""
    from scipy import ndimage

    distance = ndimage.distance_transform_edt(~inside, sampling=spacing)
    return np.asarray(ndimage.binary_fill_holes(distance <= METAL_REACH_MM))
