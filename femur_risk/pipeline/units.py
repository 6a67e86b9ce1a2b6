"""Keys and units of strength in the artefacts: of a load that is a force, and of a moment."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from femur_fea.domain import LoadQuantity

__all__ = ["LOAD_UNITS", "LoadUnits", "strength_keys"]


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadUnits:
    """How a load of one quantity is written.

    Attributes
    ----------
    suffix : str
        Unit at the end of a key: strength_N, strength_Nm.
    label : str
        The same in a sentence.
    scale : float
        That unit over the one inside, N or N mm.
    stiffness_key : str
        Key of the stiffness.
    stiffness_label : str
        Unit of the stiffness in a sentence.
    motion_key : str
        Column of the curve, beside that of the load.
    """

    suffix: str
    label: str
    scale: float
    stiffness_key: str
    stiffness_label: str
    motion_key: str


LOAD_UNITS: Mapping[LoadQuantity, LoadUnits] = {
    "force": LoadUnits(
        suffix="N",
        label="N",
        scale=1.0,
        stiffness_key="stiffness_N_per_mm",
        stiffness_label="N/mm",
        motion_key="displacement_mm",
    ),
    "moment": LoadUnits(
        suffix="Nm",
        label="N m",
        scale=1e-3,
        stiffness_key="stiffness_Nm_per_rad",
        stiffness_label="N m/rad",
        motion_key="rotation_rad",
    ),
}


def strength_keys(name: str, result: Mapping[str, Any] | None) -> dict[str, Any]:
    """Return a quantity under the keys of all units; null in those that do not apply.

    Parameters
    ----------
    name : str
        What stands before the unit, such as "strength" or "first_yield".
    result : mapping or None
        Content of a result.json; None if there is none.
    """
    keys = [f"{name}_{units.suffix}" for units in LOAD_UNITS.values()]
    return {key: None if result is None else result.get(key) for key in keys}
