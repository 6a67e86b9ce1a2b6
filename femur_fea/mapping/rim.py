"""The rim of a lesion, in which the image cannot tell tumour from bone."""

import numpy as np
from scipy import ndimage

from femur_fea.domain import FloatArray, LabelMask

__all__ = ["LESION_RIM", "distance_from"]

# mm around the lesion that are neither trusted to be healthy nor judged as bone: a modelling
# choice, about the blur of a clinical CT and one voxel of its mask
LESION_RIM = 2.0


def distance_from(lesion: LabelMask) -> FloatArray:
    """Return the distance of every voxel from the lesion, shape of the grid, mm; 0 inside."""
    return np.asarray(ndimage.distance_transform_edt(~lesion.inside, sampling=lesion.grid.spacing))
