"""The values at a point of the bone, in words."""

from collections.abc import Sequence

import numpy as np

from femur_fea.domain import FloatArray
from femur_risk.viewer.choice import AXES
from femur_risk.viewer.compose import Composed
from femur_risk.viewer.fields import FIELDS
from femur_risk.viewer.open_run import Solution
from viz.scene import CELL

__all__ = ["cell_at", "read_values"]


def cell_at(composed: Composed, point: FloatArray) -> int:
    """Return the number of the cell that is drawn at or nearest to a point of the frame, (3,)."""
    drawn = composed.part.find_closest_cell(point)
    return int(composed.part.cell_data[CELL][drawn])


def read_values(
    cell: int, point: FloatArray, sides: Sequence[tuple[str, Solution]]
) -> list[dict[str, str]]:
    """Return rows of a table: what is stored of a cell, for each of some solutions.

    Parameters
    ----------
    cell : int
        Number of the cell.
    point : (3,), mm
        Where it was picked, in the frame.
    sides : sequence of (name, Solution)
        The solutions, with what they are called.
    """
    place = [
        {"name": name, "value": f"{value:.1f} mm"} for name, value in zip(AXES, point, strict=True)
    ]
    return [
        {"name": "cell", "value": str(cell)},
        *place,
        *(
            {"name": f"{FIELDS[field].title}, {side}", "value": _written(field, values[cell])}
            for side, solution in sides
            for field, values in solution.fields.items()
        ),
    ]


def _written(field: str, value: float) -> str:
    """Return a value with its unit, to six digits."""
    if not np.isfinite(value):
        return "not evaluated"
    return f"{value:.6g} {FIELDS[field].unit}".strip()
