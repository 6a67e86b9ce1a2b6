"""Whose femora they are, and that each is there once."""

import numpy as np

from femur_fea.domain import IntArray
from femur_risk.errors import DuplicatedFemurError, PatientMismatchError, PredictionTableError
from femur_risk.validation.columns import FIRST_ROW, groups_of
from femur_risk.validation.table import Cells

__all__ = ["read_patients"]

_FEMORA = 2  # of a patient
_SIDES = {"l": "left", "left": "left", "r": "right", "right": "right"}
_OF_A_PATIENT = ("sex", "age_years", "mass_kg", "primary")


def read_patients(cells: Cells) -> IntArray:
    """Return the number of each row's patient; every row is one where none is named.

    Raises
    ------
    PredictionTableError
        If some rows have a pseudonym and others have none, or a side is neither left nor right.
    DuplicatedFemurError
        If a patient has more than two femora, or two of one side.
    PatientMismatchError
        If two femora of a patient differ in sex, age, mass or primary tumour.
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
    for name in _OF_A_PATIENT:
        if name in cells.columns:
            _check_same(cells, patients, name)
    return patients


def _check_same(cells: Cells, patients: IntArray, name: str) -> None:
    """Raise if two femora of a patient differ in what a patient has once; gaps do not count."""
    seen: dict[int, tuple[int, str]] = {}
    for k, (patient, text) in enumerate(zip(patients.tolist(), cells.columns[name], strict=True)):
        if text is None:
            continue
        first, told = seen.setdefault(patient, (k, _meant(name, text)))
        if told != _meant(name, text):
            raise PatientMismatchError(
                found=f"rows {first + FIRST_ROW} and {k + FIRST_ROW} of one patient, which differ "
                f"in {name!r}",
                expected="the same sex, age, mass and primary tumour for both femora of a patient",
                remedy="correct one of them, or give each patient a patient_id of its own",
            )


def _meant(name: str, text: str) -> str:
    """Return what a cell means, so that 70 is 70.0 and F is female."""
    if name == "sex":
        return text.lower()[:1]
    if name == "primary":
        return text.lower()
    return f"{float(text):.6g}"


def _side(text: str | None, row: int) -> str:
    if text is None:
        return ""
    if text.lower() not in _SIDES:
        raise PredictionTableError(
            found=f"the side {text[:20]!r} in row {row + FIRST_ROW}",
            expected="left or right (l or r)",
            remedy="correct it, or leave the cell empty",
        )
    return _SIDES[text.lower()]


def _check_femora(cells: Cells, patients: IntArray) -> None:
    sides = cells.columns.get("side", (None,) * cells.n_rows)
    seen: set[tuple[int, str]] = set()
    counted = np.bincount(patients)
    for k, (patient, side) in enumerate(zip(patients.tolist(), sides, strict=True)):
        femur = (patient, _side(side, k))
        if counted[patient] > _FEMORA or (counted[patient] > 1 and femur in seen):
            raise DuplicatedFemurError(
                found=f"row {k + FIRST_ROW} of a patient with {counted[patient]} rows",
                expected="each femur once: two rows of a patient differ in 'side'",
                remedy="keep one row for each femur, and name the sides left and right",
            )
        seen.add(femur)
