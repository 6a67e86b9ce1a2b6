"""Methods of calibration by name; a new one is a module of `calibration` and a record here."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from femur_fea.domain import Acquisition, CTVolume, LabelImage, LabelMask, check_density_kind
from femur_fea.errors import CalibrationError, ConfigError
from femur_fea.presets import Preset
from femur_fea.registry import Registry
from femur_risk.config import CalibrationConfig
from femur_risk.pipeline.stage import content_of

# imported in the functions, so that a user's own calibration.py is found and named first
if TYPE_CHECKING:
    from calibration import Calibration, CalibrationCurve, Phantom

__all__ = ["METHODS", "CalibrationMethod", "CalibrationTask", "choose_curve"]

_VOLTAGE_TOLERANCE_KV = 0.5  # voltages are set in steps of 10 kV or more, and stored rounded


@dataclass(frozen=True, slots=True, kw_only=True)
class CalibrationTask:
    """What a method is given.

    Attributes
    ----------
    config : CalibrationConfig
        Settings of the calibration.
    preset : Preset
        Says in which mineral's density the line must end.
    ct : CTVolume
        The whole scan for a method that needs it, else the part round the bone.
    bone : LabelMask
        The checked femur on the grid of `ct`.
    rods : LabelImage or None
        Regions of a phantom's rods, where the user gave them.
    """

    config: CalibrationConfig
    preset: Preset
    ct: CTVolume
    bone: LabelMask
    rods: LabelImage | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CalibrationMethod:
    """One way to a calibration line.

    Attributes
    ----------
    calibrate : callable
        Returns the calibration of a scan.
    check : callable
        Raises, before anything is read, if the configuration cannot be carried out.
    records : callable
        Returns the published records that it takes its numbers from, by name: a changed record is
        another setting.
    needs_whole_scan : bool
        Whether it measures away from the bone.
    """

    calibrate: Callable[[CalibrationTask], "Calibration"]
    check: Callable[[CalibrationConfig, Preset], None]
    records: Callable[[CalibrationConfig], Mapping[str, object]]
    needs_whole_scan: bool


METHODS: Registry[CalibrationMethod] = Registry("calibration method")


def choose_curve(
    config: CalibrationConfig, acquisition: Acquisition, preset: Preset
) -> "CalibrationCurve":
    """Return the fixed or average line that a configuration chooses for a scan.

    Raises
    ------
    ConfigError
        If configuration and file state different tube voltages.
    CalibrationError
        If a given line is that of no scanner, or there is no average line for the voltage.
    DensityKindError
        If the line is that of another mineral than the preset's.
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


def _known_acquisition(task: CalibrationTask) -> Acquisition:
    """Return the facts of the scan, with the tube voltage of file or configuration."""
    acquisition = task.ct.acquisition
    voltage = _tube_voltage(task.config.tube_voltage_kV, acquisition.tube_voltage_kV)
    return replace(acquisition, tube_voltage_kV=voltage)


def _by_line(task: CalibrationTask) -> "Calibration":
    from calibration import Calibration, flags_of_line, flags_of_scan

    curve = choose_curve(task.config, task.ct.acquisition, task.preset)
    known = _known_acquisition(task)
    flags = (*flags_of_line(curve), *flags_of_scan(known, line_is_of_scan=False))
    return Calibration(curve=curve, flags=flags)


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
            expected=f"a line fitted to a phantom of {preset.density_kind}",
            remedy="set method = 'fixed' under [calibration] with slope, intercept and "
            f"phantom_density = {preset.density_kind!r}, or choose another preset",
        )


def _average_lines(_: CalibrationConfig) -> dict[str, object]:
    from calibration import CALIBRATIONS

    return {name: content_of(line) for name, line in CALIBRATIONS.items()}


def _no_records(_: CalibrationConfig) -> dict[str, object]:
    return {}


def _phantom(config: CalibrationConfig) -> "Phantom":
    """Return the phantom of a configuration, with the numbers of its certificate."""
    from calibration import PHANTOMS, with_certificate

    given = config.phantom
    return with_certificate(
        PHANTOMS[given.name or ""],
        rho=given.densities_g_per_cm3,
        rho_se=given.density_errors_g_per_cm3,
        water=given.water_densities_g_per_cm3,
        water_se=given.water_density_errors_g_per_cm3,
    )


def _by_phantom(task: CalibrationTask) -> "Calibration":
    from calibration import calibrate_with_phantom

    return calibrate_with_phantom(task.ct, _phantom(task.config), task.rods)


def _check_phantom(config: CalibrationConfig, preset: Preset) -> None:
    check_density_kind(
        found=_phantom(config).kind, expected=preset.density_kind, where=f"preset {preset.name!r}"
    )


def _record_of_phantom(config: CalibrationConfig) -> dict[str, object]:
    return {str(config.phantom.name): content_of(_phantom(config))}


def _by_air_fat_muscle(task: CalibrationTask) -> "Calibration":
    from calibration import air_fat_muscle

    return air_fat_muscle(replace(task.ct, acquisition=_known_acquisition(task)), task.bone)


def _check_air_fat_muscle(config: CalibrationConfig, preset: Preset) -> None:
    from calibration import AIR_FAT_MUSCLE, prior_energy

    prior_energy(config.tube_voltage_kV)  # raises where it is not known at that voltage
    check_density_kind(
        found=AIR_FAT_MUSCLE.kind, expected=preset.density_kind, where=f"preset {preset.name!r}"
    )


def _records_of_air_fat_muscle(config: CalibrationConfig) -> dict[str, object]:
    from calibration import AIR_FAT_MUSCLE

    return {"densities": content_of(AIR_FAT_MUSCLE), **_records_of_tissues(config)}


def _by_tissues(task: CalibrationTask) -> "Calibration":
    from calibration import multi_tissue, tissues_of_scan

    ct = replace(task.ct, acquisition=_known_acquisition(task))
    return multi_tissue(ct, task.preset.density_kind, tissues_of_scan(ct, task.bone))


def _check_tissues(config: CalibrationConfig, _: Preset) -> None:
    from calibration import prior_energy

    prior_energy(config.tube_voltage_kV)  # raises where it is not known at that voltage


def _records_of_tissues(_: CalibrationConfig) -> dict[str, object]:
    from calibration import EFFECTIVE_ENERGIES, TISSUES, prior_energy

    tissues = {name: content_of(tissue) for name, tissue in TISSUES.items()}
    energies = {f"{at} kV": content_of(prior_energy(at)) for at in (*EFFECTIVE_ENERGIES, None)}
    return {**tissues, **energies}


METHODS.add(
    "average",
    CalibrationMethod(
        calibrate=_by_line,
        check=_check_average,
        records=_average_lines,
        needs_whole_scan=False,
    ),
)
METHODS.add(
    "fixed",
    CalibrationMethod(
        calibrate=_by_line,
        check=_check_fixed,
        records=_no_records,
        needs_whole_scan=False,
    ),
)
METHODS.add(
    "phantom",
    CalibrationMethod(
        calibrate=_by_phantom,
        check=_check_phantom,
        records=_record_of_phantom,
        needs_whole_scan=True,
    ),
)
METHODS.add(
    "air_fat_muscle",
    CalibrationMethod(
        calibrate=_by_air_fat_muscle,
        check=_check_air_fat_muscle,
        records=_records_of_air_fat_muscle,
        needs_whole_scan=True,
    ),
)
METHODS.add(
    "multi_tissue",
    CalibrationMethod(
        calibrate=_by_tissues,
        check=_check_tissues,
        records=_records_of_tissues,
        needs_whole_scan=True,
    ),
)
