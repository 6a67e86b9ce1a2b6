"""Whose femora they are, and that each is there once."""

import numpy as np

from femur_fea.domain import IntArray
from femur_risk.errors import DuplicatedFemurError, PredictionTableError
from femur_risk.validation.columns import FIRST_ROW, groups_of
from femur_risk.validation.table import Cells

__all__ = ["read_patients"]

_FEMORA = 2  # of a patient


def read_patients(cells: Cells) -> IntArray:
    """Return the number of each row's patient; every row is one where none is named.

    Raises
    ------
    PredictionTableError
        If some rows have a pseudonym and others have none.
    DuplicatedFemurError
        If a patient has more than two femora, or two of one side.
    """
    if "patient_id" not in cells.columns:
        return np.arange(cells.n_rows)
    names = cells.columns["patient_id"]
    if None in names:
        raise PredictionTableError(
            found=f"no patient_id in row {names.index(None) + FIRST_ROW}",
            expected="a pseudonym in every row",
            remedy="fill it, or remove the column if every row is another patient",
        )
    patients = groups_of(names)
    _check_femora(cells, patients)
    return patients


def _check_femora(cells: Cells, patients: IntArray) -> None:
    sides = cells.columns.get("side", (None,) * cells.n_rows)
    seen: set[tuple[int, str]] = set()
    counted = np.bincount(patients)
    for k, (patient, side) in enumerate(zip(patients.tolist(), sides, strict=True)):
        femur = (patient, (side or "").lower())
        if counted[patient] > _FEMORA or (counted[patient] > 1 and femur in seen):
            raise DuplicatedFemurError(
                found=f"row {k + FIRST_ROW} of a patient with {counted[patient]} rows",
                expected="each femur once: two rows of a patient differ in 'side'",
                remedy="keep one row for each femur, and name the sides left and right",
            )
        seen.add(femur)
