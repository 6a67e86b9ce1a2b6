"""The field of view: whether body or bone reach its edge."""

import numpy as np
from scipy import ndimage
from scipy.spatial import cKDTree

from femur_fea.domain import CHOSEN_THRESHOLD, BoolArray, CTVolume, LabelMask, QualityFlag

__all__ = ["field_edge", "view_flags"]

TISSUE_HU = -300.0  # between air and fat
MAX_BODY_AT_EDGE = 0.01  # share of the edge's voxels: a table or a sheet may touch them
NEAR_EDGE_MM = 10.0


def view_flags(ct: CTVolume, femur: LabelMask) -> tuple[QualityFlag, ...]:
    """Return a flag if the field of view cuts the body, a graver one near the bone."""
    edge = field_edge(ct)
    cut = edge & (ct.hu > TISSUE_HU)
    share = float(cut.sum()) / max(1, int(edge.sum()))
    if share <= MAX_BODY_AT_EDGE:
        return ()
    distance = _distance(femur, cut)
    return (
        QualityFlag(
            name="truncation",
            severity="caution" if distance < NEAR_EDGE_MM else "note",
            found=f"tissue in {share:.0%} of the voxels at the edge of the field of view, "
            f"{distance:.0f} mm from the bone at the nearest: not the whole body is shown",
            expected=f"at most {MAX_BODY_AT_EDGE:.0%}, or {NEAR_EDGE_MM:g} mm from the bone",
            effect=CHOSEN_THRESHOLD,
        ),
    )


def field_edge(ct: CTVolume) -> BoolArray:
    """Return which voxels are the last measured ones of their slice, in any direction within it.

    They lie at a side of the image, or beside a voxel where nothing was measured: a circular field
    of view is cut by its circle.
    """
    shape = ct.grid.shape
    measured = np.zeros((shape[0] + 2, shape[1] + 2, shape[2]), dtype=bool)
    measured[1:-1, 1:-1] = True if ct.outside is None else ~ct.outside
    surrounded = measured[2:, 1:-1] & measured[:-2, 1:-1]
    surrounded &= measured[1:-1, 2:]
    surrounded &= measured[1:-1, :-2]
    return np.asarray(measured[1:-1, 1:-1] & ~surrounded)


def _distance(femur: LabelMask, cut: BoolArray) -> float:
    """Return how near the bone comes to tissue that is cut, mm.

    The nearest voxel of the bone is cut itself or has a neighbour outside: others are left out.
    """
    hidden = ndimage.binary_erosion(femur.inside & ~cut)
    bone, tissue = (
        femur.grid.spacing * np.argwhere(where) for where in (femur.inside & ~hidden, cut)
    )
    apart, _ = cKDTree(bone).query(tissue)
    return float(apart.min())
