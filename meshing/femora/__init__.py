"""Femora of persons: shape under published anatomy, bone of age and sex, lesions."""

from meshing.femora.femur import Owner, VirtualFemur, draw_femur_of, ideal_image, with_lesions
from meshing.femora.published import ANATOMY, AnatomySpread
from meshing.femora.shape import PersonShape, draw_shape

__all__ = [
    "ANATOMY",
    "AnatomySpread",
    "Owner",
    "PersonShape",
    "VirtualFemur",
    "draw_femur_of",
    "draw_shape",
    "ideal_image",
    "with_lesions",
]
