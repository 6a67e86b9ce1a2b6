"""The fields of a solution that can be shown, as they are stored."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from femur_fea.domain import FloatArray
from femur_fea.strength import principal_strains, von_mises

__all__ = ["DENSITY_ARRAY", "FIELDS", "FieldKind", "read_fields"]

DENSITY_ARRAY = "density_g_per_cm3"


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldKind:
    """One field: what it is called and how it follows from what is stored.

    Attributes
    ----------
    title : str
        Its name.
    unit : str
        Its unit; empty for a number without one.
    stored : str
        The array of field.vtu that it is made of; `DENSITY_ARRAY` comes from the density image.
    of : callable
        From that array to one value of each cell, shape (n_cells,), in `unit`.
    is_of_judged : bool
        Whether the scale reaches as far as bone that is judged: at loads and supports, which is
        not, stress and strain are singular.
    threshold : float or None
        Value from which the colours turn red.
    """

    title: str
    unit: str
    stored: str
    of: Callable[[FloatArray], FloatArray]
    is_of_judged: bool = True
    threshold: float | None = None


FIELDS: Mapping[str, FieldKind] = {
    "risk_factor": FieldKind(
        title="Strain over its limit",
        unit="",
        stored="risk_factor",
        of=lambda values: values,
        threshold=1.0,
    ),
    "plastic_strain": FieldKind(
        title="Plastic strain", unit="%", stored="plastic_strain", of=lambda values: 100.0 * values
    ),
    "stress": FieldKind(title="Von Mises stress", unit="MPa", stored="stress_MPa", of=von_mises),
    "tension": FieldKind(
        title="Largest principal strain",
        unit="%",
        stored="strain",
        of=lambda strain: 100.0 * principal_strains(strain)[:, 0],
    ),
    "compression": FieldKind(
        title="Largest compressive strain",
        unit="%",
        stored="strain",
        of=lambda strain: -100.0 * principal_strains(strain)[:, 2],
    ),
    "modulus": FieldKind(
        title="Young's modulus",
        unit="GPa",
        stored="E_modulus_MPa",
        of=lambda values: values / 1000.0,
        is_of_judged=False,
    ),
    "density": FieldKind(
        title="Equivalent density",
        unit="g/cm3",
        stored=DENSITY_ARRAY,
        of=lambda values: values,
        is_of_judged=False,
    ),
}


def read_fields(stored: Mapping[str, npt.NDArray[np.generic]]) -> dict[str, FloatArray]:
    """Return one value of each cell of every field that the cell data of a solution have."""
    return {
        name: kind.of(np.asarray(stored[kind.stored], dtype=float))
        for name, kind in FIELDS.items()
        if kind.stored in stored
    }
