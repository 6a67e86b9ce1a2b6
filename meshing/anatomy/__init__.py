"""Landmarks, axes and side of a femur."""

from meshing.anatomy.frame import detect_side, find_frame
from meshing.anatomy.shaft import LEAST_SHAFT, deepest_fit

__all__ = ["LEAST_SHAFT", "deepest_fit", "detect_side", "find_frame"]
