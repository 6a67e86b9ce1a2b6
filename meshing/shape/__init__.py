"""A statistical shape model of the femur: samples, registration, completion."""

from meshing.shape.anatomy import Anatomy, measure_anatomy
from meshing.shape.completion import CompletedMask, complete_mask
from meshing.shape.frame import registered_frame
from meshing.shape.landmarks import Landmarks
from meshing.shape.local import LocalField, local_field
from meshing.shape.model import (
    ShapeModel,
    load_shape_model,
    read_shape_model,
    write_shape_model,
)
from meshing.shape.quality import FitQuality
from meshing.shape.regions import REGIONS, Region
from meshing.shape.registration import Registration, find_side, register_mask, register_surface
from meshing.shape.sampling import FemurShape, draw_femur, femur_with
from meshing.shape.stature import STATURE, Sex, Stature, femur_length

__all__ = [
    "REGIONS",
    "STATURE",
    "Anatomy",
    "CompletedMask",
    "FemurShape",
    "FitQuality",
    "Landmarks",
    "LocalField",
    "Region",
    "Registration",
    "Sex",
    "ShapeModel",
    "Stature",
    "complete_mask",
    "draw_femur",
    "femur_length",
    "femur_with",
    "find_side",
    "load_shape_model",
    "local_field",
    "measure_anatomy",
    "read_shape_model",
    "register_mask",
    "register_surface",
    "registered_frame",
    "write_shape_model",
]
