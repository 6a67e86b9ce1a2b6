"""Landmarks, axes and side of a femur."""

from meshing.anatomy.frame import detect_side, find_frame
from meshing.anatomy.shaft import LEAST_SHAFT

__all__ = ["LEAST_SHAFT", "detect_side", "find_frame"]
