"""The values at a point of the bone and of its images, in words."""

from collections.abc import Sequence

import numpy as np

from femur_fea.domain import FemoralFrame, FloatArray
from femur_risk.opened import FIELDS, Solution, ViewedScan
from femur_risk.viewer.choice import AXES
from femur_risk.viewer.compose import Composed
from viz.scene import CELL

__all__ = ["cell_around", "cell_at", "read_images", "read_place", "read_values"]

type Rows = list[dict[str, str]]


def cell_at(composed: Composed, point: FloatArray) -> int:
    """Return the number of the cell that is drawn at or nearest to a point of the frame, (3,)."""
    drawn = composed.part.find_closest_cell(point)
    return int(composed.part.cell_data[CELL][drawn])


def cell_around(composed: Composed, point: FloatArray) -> int | None:
    """Return the number of the cell that holds a point of the frame, (3,); None outside."""
    drawn = composed.part.find_containing_cell(point) if composed.part.n_cells else -1
    return int(composed.part.cell_data[CELL][drawn]) if drawn >= 0 else None


def read_place(point: FloatArray) -> Rows:
    """Return rows of a table: where a point of the frame, (3,), mm, lies."""
    return [
        {"name": name, "value": f"{value:.1f} mm"} for name, value in zip(AXES, point, strict=True)
    ]


def read_values(cell: int, sides: Sequence[tuple[str, Solution]]) -> Rows:
    """Return rows of a table: what is stored of a cell, for each of some solutions.

    Parameters
    ----------
    cell : int
        Number of the cell.
    sides : sequence of (name, Solution)
        The solutions, with what they are called.
    """
    return [
        {"name": "cell", "value": str(cell)},
        *(
            {"name": f"{FIELDS[field].title}, {side}", "value": _written(field, values[cell])}
            for side, solution in sides
            for field, values in solution.fields.items()
        ),
    ]


def read_images(scan: ViewedScan, frame: FemoralFrame, point: FloatArray) -> Rows:
    """Return rows of a table: what the voxel holds in which a point of the frame, (3,), lies."""
    index = np.round(scan.grid.to_index(frame.to_world(point[None])))[0].astype(int)
    if np.any(index < 0) or np.any(index >= scan.grid.shape):
        return []
    voxel = tuple(index)
    return [
        {"name": "CT number", "value": f"{scan.hu[voxel]:.0f} HU"},
        {"name": "Density of the voxel", "value": f"{scan.rho[voxel]:.3f} g/cm3"},
    ]


def _written(field: str, value: float) -> str:
    """Return a value with its unit, to six digits."""
    if not np.isfinite(value):
        return "not evaluated"
    return f"{value:.6g} {FIELDS[field].unit}".strip()
