"""The recalibration that a run was given, and the model that it has to be for."""

from pathlib import Path

from femur_fea import __version__
from femur_fea.presets import PRESETS
from femur_risk.assessment import check_recalibration
from femur_risk.config import RunConfig
from femur_risk.exposure import ACTIVITIES
from femur_risk.pipeline.choices import uncertainty_mode
from femur_risk.pipeline.fingerprint import hash_values
from femur_risk.pipeline.stage import content_of
from femur_risk.recalibration import Recalibration, read_recalibration
from femur_risk.reliability import MODEL_ERRORS

__all__ = ["MODEL_ERROR", "model_of", "read_own_recalibration"]

MODEL_ERROR = MODEL_ERRORS["finite_elements"]
_DIGITS = 8


def model_of(config: RunConfig) -> str:
    """Return the name of all that a probability of this configuration rests on but the patient."""
    preset = config.preset.name
    content = {
        "preset": preset,
        "settings": {
            name: getattr(config, name).model_dump(mode="json")
            for name in ("mapping", "mesh", "loads")
        },
        "activities": {name: content_of(record) for name, record in ACTIVITIES.items()},
        "model_error": content_of(MODEL_ERROR),
        "days_borne": config.risk.days_borne,
        "calibration": config.calibration.method,
        "uncertainty": uncertainty_mode(config),
        "loads": PRESETS[preset].load_names,
    }
    return f"{preset}-{__version__}-{hash_values(content)[:_DIGITS]}"


def read_own_recalibration(config: RunConfig, path: Path) -> Recalibration:
    """Read the recalibration of a run.

    Raises
    ------
    MissingInputError, InputError, RecalibrationError
        If it is none, or not for the probability of this run.
    """
    found = read_recalibration(path)
    simulated = config.input.simulated
    check_recalibration(found, model=model_of(config), simulated=simulated)
    return found
