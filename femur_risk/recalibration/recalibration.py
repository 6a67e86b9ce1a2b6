"""A recalibration with what it rests on, and its file."""

from pathlib import Path
from typing import Literal

import numpy as np
from pydantic import Field, ValidationError

from femur_fea.domain import FloatArray
from femur_fea.io import read_json, write_json
from femur_risk.config import Section
from femur_risk.errors import RecalibrationError
from femur_risk.recalibration.maps import ProbabilityMap

__all__ = ["Recalibration", "read_recalibration", "write_recalibration"]


class Recalibration(Section):
    """A map of probabilities, and the outcomes that it was fitted to.

    Attributes
    ----------
    mapping : ProbabilityMap
        The map.
    prediction : str
        Column of the probabilities that it was fitted to; it is for no others.
    horizon_days : float, days
        The time that they are for.
    n, n_fractured : int
        Femora and fractures that it was fitted to.
    n_operated : int
        Femora of the table that were operated on, unbroken, and counted as lost.
    simulated : bool
        Whether these outcomes were simulated.
    deaths : {"competing", "censored"}
        Whether who died counts as not fractured, or as lost to follow-up.
    model : str or None
        Which model the probabilities came of, as its `risk.json` names it; None where the table
        does not tell.
    fitted_range : tuple of float
        Lowest and highest probability that it was fitted to.
    draws : tuple of ProbabilityMap
        Maps as likely as `mapping`: their spread is what the outcomes leave open.
    table_sha256 : str
        Hash of their table.
    software_version : str
        Of femur-fea.
    """

    schema_version: Literal[3] = 3
    mapping: ProbabilityMap
    prediction: str
    horizon_days: float = Field(gt=0.0)
    n: int = Field(ge=2)
    n_fractured: int = Field(ge=1)
    n_operated: int = Field(ge=0)
    simulated: bool
    deaths: Literal["competing", "censored"]
    model: str | None
    fitted_range: tuple[float, float]
    draws: tuple[ProbabilityMap, ...] = Field(min_length=20)
    table_sha256: str
    software_version: str

    def apply(self, probability: FloatArray) -> FloatArray:
        """Return probabilities put right, shape (n,)."""
        return self.mapping.apply(probability)

    def drawn(self, probability: FloatArray) -> FloatArray:
        """Return what each of the draws makes of probabilities, shape (n_draws, n)."""
        return np.array([each.apply(probability) for each in self.draws])

    def extrapolates(self, probability: float) -> bool:
        """Whether a probability lies outside those that it was fitted to."""
        low, high = self.fitted_range
        return not low <= probability <= high


def write_recalibration(recalibration: Recalibration, path: Path) -> None:
    """Write a recalibration as JSON, whole or not at all.

    Raises
    ------
    DiskSpaceError, ConfigError
        If the file cannot be written.
    """
    write_json(path, recalibration.model_dump(mode="json"))


def read_recalibration(path: Path) -> Recalibration:
    """Read a recalibration.

    Raises
    ------
    MissingInputError
        If there is no such file.
    InputError
        If it is no JSON object.
    RecalibrationError
        If it is none of a recalibration.
    """
    content = read_json(path)
    try:
        return Recalibration.model_validate(content)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        raise RecalibrationError(
            found=f"{place}: {first['msg'].lower()}",
            expected="a file that 'femur-fea validate --recalibrate' has written",
            remedy="write it again",
        ) from None
