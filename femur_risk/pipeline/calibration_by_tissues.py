"""Calibration by the patient's own tissues."""

from typing import TYPE_CHECKING

from femur_fea.presets import Preset
from femur_risk.config import CalibrationConfig
from femur_risk.pipeline.calibration_task import CalibrationMethod, CalibrationTask, check_mineral
from femur_risk.pipeline.stage import content_of

# imported in the functions, so that a user's own calibration.py is found and named first
if TYPE_CHECKING:
    from calibration import Calibration

__all__ = ["AIR_FAT_MUSCLE", "MULTI_TISSUE"]


def _by_air_fat_muscle(task: CalibrationTask) -> "Calibration":
    from calibration import air_fat_muscle

    return air_fat_muscle(task.tube_scan, task.bone)


def _check_air_fat_muscle(config: CalibrationConfig, preset: Preset) -> None:
    from calibration import AIR_FAT_MUSCLE, prior_energy

    prior_energy(config.tube_voltage_kV)  # raises where it is not known at that voltage
    check_mineral(AIR_FAT_MUSCLE.kind, preset, whose="the calibration 'air_fat_muscle'")


def _records_of_air_fat_muscle(config: CalibrationConfig) -> dict[str, object]:
    from calibration import AIR_FAT_MUSCLE

    return {"densities": content_of(AIR_FAT_MUSCLE), **_records_of_tissues(config)}


def _by_tissues(task: CalibrationTask) -> "Calibration":
    from calibration import multi_tissue, tissues_of_scan

    ct = task.tube_scan
    return multi_tissue(ct, task.preset.density_kind, tissues_of_scan(ct, task.bone, task.lesion))


def _check_tissues(config: CalibrationConfig, _: Preset) -> None:
    from calibration import prior_energy

    prior_energy(config.tube_voltage_kV)  # raises where it is not known at that voltage


def _records_of_tissues(_: CalibrationConfig) -> dict[str, object]:
    from calibration import EFFECTIVE_ENERGIES, TISSUES, prior_energy

    tissues = {name: content_of(tissue) for name, tissue in TISSUES.items()}
    energies = {f"{at} kV": content_of(prior_energy(at)) for at in (*EFFECTIVE_ENERGIES, None)}
    return {**tissues, **energies}


AIR_FAT_MUSCLE = CalibrationMethod(
    calibrate=_by_air_fat_muscle,
    check=_check_air_fat_muscle,
    records=_records_of_air_fat_muscle,
    needs_whole_scan=True,
)
MULTI_TISSUE = CalibrationMethod(
    calibrate=_by_tissues,
    check=_check_tissues,
    records=_records_of_tissues,
    needs_whole_scan=True,
)
