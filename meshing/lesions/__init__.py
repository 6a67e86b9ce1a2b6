"""Virtual lesions in an image of any femur, with mask, healed twin and growth."""

from meshing.lesions.content import DENSITY_CONTENT, HU_CONTENT, LesionContent
from meshing.lesions.draw import LEVEL_SHARES, draw_lesion, draw_site
from meshing.lesions.insert import (
    USUAL_BLUR,
    WithLesions,
    grow_in_ct,
    grow_in_density,
    insert_into_ct,
    insert_into_density,
)
from meshing.lesions.lesion import LESION_KINDS, Lesion, LesionKind
from meshing.lesions.noise import CTNoise, make_noise, measure_noise
from meshing.lesions.sites import LESION_SITES, LesionSite, place_at_site

__all__ = [
    "DENSITY_CONTENT",
    "HU_CONTENT",
    "LESION_KINDS",
    "LESION_SITES",
    "LEVEL_SHARES",
    "USUAL_BLUR",
    "CTNoise",
    "Lesion",
    "LesionContent",
    "LesionKind",
    "LesionSite",
    "WithLesions",
    "draw_lesion",
    "draw_site",
    "grow_in_ct",
    "grow_in_density",
    "insert_into_ct",
    "insert_into_density",
    "make_noise",
    "measure_noise",
    "place_at_site",
]
