"""Whether this version can carry out what a configuration asks for."""

from femur_fea.domain import Acquisition
from femur_fea.errors import UnavailableError
from femur_fea.presets import PRESETS
from femur_risk.config import RunConfig
from femur_risk.pipeline.calibration import choose_curve
from femur_risk.pipeline.choices import check_model, directions_of, load_names

__all__ = ["check_settings"]


def check_settings(config: RunConfig) -> None:
    """Raise unless a run can use a configuration, as far as that is known without its input.

    Raises
    ------
    UnavailableError
        If the tier belongs to a later version.
    ConfigError
        If the model is not that of the preset.
    UnknownNameError
        If preset or load is not registered, with the nearest name.
    DensityKindError
        If the preset takes the density of another mineral.
    CalibrationError
        If the line that is given is that of no scanner, or there is no average line for the tube
        voltage that is stated.
    """
    if config.solver.tier == "surrogate":
        raise UnavailableError(
            found="the tier 'surrogate', which is not available in this version",
            expected="tier 'fe' or 'auto'",
            remedy="leave tier out, or use a later version",
        )
    for name in load_names(config):
        directions_of(name)  # raises, with the nearest name, if there is none
    check_model(config)
    _check_calibration(config)


def _check_calibration(config: RunConfig) -> None:
    calibration = config.calibration
    if calibration.method == "fixed" or calibration.tube_voltage_kV is not None:
        choose_curve(calibration, Acquisition(), PRESETS[config.preset.name])
