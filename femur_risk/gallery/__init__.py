"""Every figure of a run, and the overviews of a cohort, in a folder of their own."""

from femur_risk.gallery.cohort import draw_cohort
from femur_risk.gallery.run import draw_gallery

__all__ = ["draw_cohort", "draw_gallery"]
