"""What a validation leaves on disk."""

from pathlib import Path

from femur_fea.io import write_json
from femur_risk.recalibration import write_recalibration
from femur_risk.validation.page import write_page
from femur_risk.validation.validate import Validation

__all__ = ["write_validation"]


def write_validation(found: Validation, folder: Path) -> tuple[Path, ...]:
    """Write validation.json, validation.html, population.json and a recalibration, if any.

    Returns
    -------
    tuple of Path
        The files, the page last.

    Raises
    ------
    DiskSpaceError, ConfigError
        If they cannot be written.
    """
    record, population = folder / "validation.json", folder / "population.json"
    recalibration, page = folder / "recalibration.json", folder / "validation.html"
    write_json(record, found.record.model_dump(mode="json"))
    write_json(population, found.population.model_dump(mode="json"))
    recalibration.unlink(missing_ok=True)  # one of an earlier call would not be of this record
    saved = []
    if found.recalibration is not None:
        write_recalibration(found.recalibration, recalibration)
        saved.append(recalibration)
    write_page(found.record, page)
    return (record, population, *saved, page)
