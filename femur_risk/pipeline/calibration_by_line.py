"""Calibration by a line that is given, or by an average one."""

from typing import TYPE_CHECKING

from femur_fea.domain import Acquisition
from femur_fea.errors import CalibrationError
from femur_fea.presets import Preset
from femur_risk.config import CalibrationConfig
from femur_risk.pipeline.calibration_task import (
    CalibrationMethod,
    CalibrationTask,
    check_mineral,
    tube_voltage,
    ways_to,
)
from femur_risk.pipeline.stage import content_of

# imported in the functions, so that a user's own calibration.py is found and named first
if TYPE_CHECKING:
    from calibration import Calibration, CalibrationCurve

__all__ = ["AVERAGE", "FIXED", "choose_curve"]


def choose_curve(
    config: CalibrationConfig, acquisition: Acquisition, preset: Preset
) -> "CalibrationCurve":
    """Return the fixed or average line that a configuration chooses for a scan.

    Raises
    ------
    ConfigError
        If configuration and file state different tube voltages.
    CalibrationError
        If a given line is that of no scanner, or there is no average line for the voltage or for
        an image that is computed for one energy.
    DensityKindError
        If the line is that of another mineral than the preset's.
    """
    curve = _line(config, acquisition, preset)
    check_mineral(curve.kind, preset, whose="the given line")
    return curve


def _line(
    config: CalibrationConfig, acquisition: Acquisition, preset: Preset
) -> "CalibrationCurve":
    from calibration import average_line, check_spectrum, fixed_line

    slope, intercept = config.slope_g_per_cm3_per_HU, config.intercept_g_per_cm3
    if slope is not None and intercept is not None and config.phantom_density is not None:
        return fixed_line(
            slope,
            intercept,
            config.phantom_density,
            relative_uncertainty=config.relative_uncertainty,
        )
    check_spectrum(acquisition)
    return average_line(tube_voltage(config, acquisition), preset.density_kind)


def _by_line(task: CalibrationTask) -> "Calibration":
    from calibration import Calibration, flags_of_line

    curve = choose_curve(task.config, task.ct.acquisition, task.preset)
    voltage = task.scan.acquisition.tube_voltage_kV
    return Calibration(curve=curve, flags=flags_of_line(curve, voltage))


def _check_fixed(config: CalibrationConfig, preset: Preset) -> None:
    choose_curve(config, Acquisition(), preset)


def _check_average(config: CalibrationConfig, preset: Preset) -> None:
    if config.tube_voltage_kV is not None:
        choose_curve(config, Acquisition(), preset)
    else:
        _check_average_line(preset)


def _check_average_line(preset: Preset) -> None:
    """Raise if no average line, of whatever voltage, gives the density that a preset takes."""
    from calibration import CALIBRATIONS

    minerals = sorted({line.kind for line in CALIBRATIONS.values()})
    if preset.density_kind not in minerals:
        raise CalibrationError(
            found=f"no calibration line for the preset {preset.name!r}, which takes density of "
            f"{preset.density_kind}; average lines give {', '.join(minerals)}",
            expected=f"a calibration that gives density of {preset.density_kind}",
            remedy=f"{ways_to(preset.density_kind)}; or choose another preset",
        )


def _average_lines(_: CalibrationConfig) -> dict[str, object]:
    from calibration import CALIBRATIONS

    return {name: content_of(line) for name, line in CALIBRATIONS.items()}


def _no_records(_: CalibrationConfig) -> dict[str, object]:
    return {}


AVERAGE = CalibrationMethod(
    calibrate=_by_line, check=_check_average, records=_average_lines, needs_whole_scan=False
)
FIXED = CalibrationMethod(
    calibrate=_by_line, check=_check_fixed, records=_no_records, needs_whole_scan=False
)
