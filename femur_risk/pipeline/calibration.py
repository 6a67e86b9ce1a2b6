"""Stage calibration: from CT numbers to equivalent density."""

from pathlib import Path
from typing import TYPE_CHECKING

from femur_fea.domain import Acquisition, check_density_kind
from femur_fea.errors import ConfigError
from femur_fea.io import write_image, write_json
from femur_fea.presets import PRESETS, Preset
from femur_risk.config import CalibrationConfig
from femur_risk.pipeline import layout
from femur_risk.pipeline.artefacts import read_checked_ct
from femur_risk.pipeline.run import Run
from femur_risk.pipeline.stage import Stage, content_of

if TYPE_CHECKING:
    from calibration import CalibrationCurve

__all__ = ["CALIBRATION", "choose_curve"]

_VOLTAGE_TOLERANCE_KV = 0.5  # voltages are set in steps of 10 kV or more, and stored rounded


def _settings(run: Run) -> dict[str, object]:
    # here and below not at the top, so that a user's own calibration.py is found and named first
    from calibration import CALIBRATIONS

    config = run.config.calibration
    lines = CALIBRATIONS.items() if config.method == "average" else ()
    return {
        "calibration": config.model_dump(mode="json"),
        "density_kind": PRESETS[run.config.preset.name].density_kind,
        "lines": {name: content_of(line) for name, line in lines},
    }


def _make(run: Run, place: Path) -> None:
    """Write curve.json and the density image."""
    from calibration import apply_curve

    preset = PRESETS[run.config.preset.name]
    ct = read_checked_ct(run.folder)
    curve = choose_curve(run.config.calibration, ct.acquisition, preset)
    density = apply_curve(ct, curve)
    write_json(place / layout.CURVE, curve.to_dict())
    write_image(place / layout.DENSITY, density.grid, density.rho)


def choose_curve(
    config: CalibrationConfig, acquisition: Acquisition, preset: Preset
) -> "CalibrationCurve":
    """Return the line that a configuration chooses for a scan.

    Parameters
    ----------
    config
        Settings of the calibration.
    acquisition
        What the scan's file tells of its making.
    preset
        Says in which mineral's density the line must end.

    Raises
    ------
    ConfigError
        If configuration and file state different tube voltages.
    CalibrationError
        If a given line is that of no scanner, or there is no average line for the voltage.
    DensityKindError
        If the line is that of another mineral.
    """
    curve = _line(config, acquisition, preset)
    check_density_kind(
        found=curve.kind, expected=preset.density_kind, where=f"preset {preset.name!r}"
    )
    return curve


def _line(
    config: CalibrationConfig, acquisition: Acquisition, preset: Preset
) -> "CalibrationCurve":
    from calibration import average_line, fixed_line

    slope, intercept = config.slope_g_per_cm3_per_HU, config.intercept_g_per_cm3
    if slope is not None and intercept is not None and config.phantom_density is not None:
        return fixed_line(
            slope,
            intercept,
            config.phantom_density,
            relative_uncertainty=config.relative_uncertainty,
        )
    voltage = _tube_voltage(config.tube_voltage_kV, acquisition.tube_voltage_kV)
    return average_line(voltage, preset.density_kind)


def _tube_voltage(stated: float | None, in_file: float | None) -> float | None:
    """Return the tube voltage that either of two sources knows, kV."""
    if stated is None or in_file is None:
        return stated if in_file is None else in_file
    if abs(stated - in_file) > _VOLTAGE_TOLERANCE_KV:
        raise ConfigError(
            found=f"calibration.tube_voltage_kV = {stated:g} for a CT whose header says "
            f"{in_file:g} kV",
            expected="one tube voltage",
            remedy="leave tube_voltage_kV out, or check that this is the scan that is meant",
        )
    return in_file


CALIBRATION = Stage(
    name="calibration",
    upstream=("segmentation",),
    owns=layout.OWNED["calibration"],
    libraries=("numpy", "SimpleITK"),
    settings=_settings,
    make=_make,
)
