"""Where panels and words stand on a sheet, in pixels from its upper left corner."""

from collections.abc import Sequence

import numpy as np

from femur_fea.domain import BoolArray, FloatArray
from viz.picture import Window

__all__ = ["GAP", "MARGIN", "fit_windows", "free_place", "panel_lefts"]

MARGIN = 40
GAP = 28
_WIDEST_MARGIN_MM = 22.0


def fit_windows(
    boxes: Sequence[tuple[FloatArray, FloatArray]], *, width: int, height: int
) -> tuple[Window, ...]:
    """Return windows side by side on one scale, as large as `width` and `height` admit.

    Where the height decides, the windows share the spare width, up to 22 mm at either edge: the
    words around the bone need it.

    Parameters
    ----------
    boxes : sequence of (lower, upper), mm
        What each window must hold.
    width, height : int, pixels
        Room for all windows together, gaps included.
    """
    sizes = np.array([upper - lower for lower, upper in boxes])
    room = width - GAP * (len(boxes) - 1) - len(boxes)
    scale = float(min(room / sizes[:, 0].sum(), (height - 1) / sizes[:, 1].max()))
    spare = (room / scale - sizes[:, 0].sum()) / (2 * len(boxes))
    aside = np.array((min(spare, _WIDEST_MARGIN_MM), 0.0))
    return tuple(Window.around(lower - aside, upper + aside, scale) for lower, upper in boxes)


def panel_lefts(windows: Sequence[Window], *, width: int) -> tuple[int, ...]:
    """Return the left edges of a row of windows spread over `width` pixels."""
    used = sum(w.size[0] for w in windows)
    gap = (width - used) / (len(windows) + 1)
    widths = np.cumsum([0, *(w.size[0] for w in windows[:-1])])
    return tuple(round(gap * (k + 1) + before) for k, before in enumerate(widths))


def free_place(
    taken: BoolArray, size: tuple[int, int], near: FloatArray, *, clear: int
) -> FloatArray | None:
    """Return the centre of the free box nearest to a pixel, or None where there is none.

    Parameters
    ----------
    taken : (height, width), bool
        Pixels that something is drawn on.
    size : (width, height), pixels
        The box to place.
    near : (2,), pixels
        Column and row that the box should be close to.
    clear : int, pixels
        Distance that the box keeps from what is taken.
    """
    wide, high = size[0] + 2 * clear, size[1] + 2 * clear
    if wide >= taken.shape[1] or high >= taken.shape[0]:
        return None
    table = np.pad(taken.astype(np.int64), ((1, 0), (1, 0))).cumsum(axis=0).cumsum(axis=1)
    covered = (
        table[high:, wide:] - table[:-high, wide:] - table[high:, :-wide] + table[:-high, :-wide]
    )
    row, column = np.nonzero(covered == 0)
    if not len(row):
        return None
    centres = np.column_stack((column + wide / 2.0, row + high / 2.0))
    return np.asarray(centres[np.argmin(np.linalg.norm(centres - near, axis=1))])
