"""Bone of any femur: cortex, trabeculae and marrow in anatomical coordinates."""

from meshing.bone.coordinates import FemurCoordinates, coordinates_of
from meshing.bone.cortex import cortical_density, cortical_thickness
from meshing.bone.fill import fill_bone, mix_edge, random_bone
from meshing.bone.geometry import BoneGeometry, geometry_of_mask
from meshing.bone.measure import RegionMeasure, measure_regions, measure_thickness
from meshing.bone.published import AGE_COURSES, AgeCourse
from meshing.bone.quality import (
    SPREADS,
    BoneQuality,
    Spread,
    contralateral,
    draw_quality,
    mean_quality,
)
from meshing.bone.shaft_line import ShaftLine, find_shaft_line
from meshing.bone.surface_geometry import geometry_of_surface
from meshing.bone.trabeculae import TRABECULAR_GROUPS, TrabecularGroup

__all__ = [
    "AGE_COURSES",
    "SPREADS",
    "TRABECULAR_GROUPS",
    "AgeCourse",
    "BoneGeometry",
    "BoneQuality",
    "FemurCoordinates",
    "RegionMeasure",
    "ShaftLine",
    "Spread",
    "TrabecularGroup",
    "contralateral",
    "coordinates_of",
    "cortical_density",
    "cortical_thickness",
    "draw_quality",
    "fill_bone",
    "find_shaft_line",
    "geometry_of_mask",
    "geometry_of_surface",
    "mean_quality",
    "measure_regions",
    "measure_thickness",
    "mix_edge",
    "random_bone",
]
