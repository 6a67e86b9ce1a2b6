"""Figures and scenes of domain values.

A figure is drawn off-screen, without a display or a graphics processor. Every femur is drawn in
the coordinates of its `FemoralFrame`, where x points laterally on either side: a left femur
therefore looks like a right one, and each figure says so.
"""

from viz.bodies import facet_values
from viz.calibration import draw_calibration
from viz.comparison import draw_comparison
from viz.curve import CurveLine, draw_curves
from viz.field import draw_field
from viz.lesion import draw_lesion
from viz.picture import Panel, Picture
from viz.planes import PLANES, ImagePlane
from viz.reduced import ReducedSurface, reduced_bone, reduced_lesion
from viz.scale import ColourScale, common_limits
from viz.section import draw_section
from viz.slices import SliceField, SliceImages, draw_slice
from viz.views import VIEWS, View

__all__ = [
    "PLANES",
    "VIEWS",
    "ColourScale",
    "CurveLine",
    "ImagePlane",
    "Panel",
    "Picture",
    "ReducedSurface",
    "SliceField",
    "SliceImages",
    "View",
    "common_limits",
    "draw_calibration",
    "draw_comparison",
    "draw_curves",
    "draw_field",
    "draw_lesion",
    "draw_section",
    "draw_slice",
    "facet_values",
    "reduced_bone",
    "reduced_lesion",
]
