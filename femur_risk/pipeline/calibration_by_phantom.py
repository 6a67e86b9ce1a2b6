"""Calibration by a phantom in the scan."""

from typing import TYPE_CHECKING

from femur_fea.errors import ConfigError
from femur_fea.presets import Preset
from femur_risk.config import CalibrationConfig
from femur_risk.pipeline.calibration_task import CalibrationMethod, CalibrationTask, check_mineral
from femur_risk.pipeline.stage import content_of

# imported in the functions, so that a user's own calibration.py is found and named first
if TYPE_CHECKING:
    from calibration import Calibration, Phantom

__all__ = ["PHANTOM"]


def _phantom(config: CalibrationConfig) -> "Phantom":
    """Return the phantom of a configuration, with the numbers of its certificate."""
    from calibration import PHANTOMS, with_certificate

    given = config.phantom
    if given.name is None:
        listed = ", ".join(f"{name} ({phantom.kind})" for name, phantom in PHANTOMS.items())
        raise ConfigError(
            found="the calibration 'phantom' without the name of a phantom",
            expected=f"one of {listed}",
            remedy="give --phantom NAME, or name under [calibration.phantom]",
        )
    return with_certificate(
        PHANTOMS[given.name],
        rho=given.densities_g_per_cm3,
        rho_se=given.density_errors_g_per_cm3,
        water=given.water_densities_g_per_cm3,
        water_se=given.water_density_errors_g_per_cm3,
    )


def _by_phantom(task: CalibrationTask) -> "Calibration":
    from calibration import calibrate_with_phantom

    return calibrate_with_phantom(task.ct, _phantom(task.config), task.rods)


def _check_phantom(config: CalibrationConfig, preset: Preset) -> None:
    check_mineral(_phantom(config).kind, preset, whose=f"the phantom {config.phantom.name!r}")


def _record_of_phantom(config: CalibrationConfig) -> dict[str, object]:
    return {str(config.phantom.name): content_of(_phantom(config))}


PHANTOM = CalibrationMethod(
    calibrate=_by_phantom, check=_check_phantom, records=_record_of_phantom, needs_whole_scan=True
)
