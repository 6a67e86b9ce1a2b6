"""What a method of calibration is, and what it is given."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from femur_fea.domain import (
    Acquisition,
    CTVolume,
    DensityKind,
    LabelImage,
    LabelMask,
    spectrum_of,
)
from femur_fea.errors import ConfigError, DensityKindError
from femur_fea.presets import PRESETS, Preset
from femur_risk.config import CalibrationConfig

# imported in the functions, so that a user's own calibration.py is found and named first
if TYPE_CHECKING:
    from calibration import Calibration

__all__ = ["CalibrationMethod", "CalibrationTask", "check_mineral", "tube_voltage", "ways_to"]


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
    lesion : LabelMask or None
        What of it is no healthy bone, on the same grid, where the case has a lesion.
    rods : LabelImage or None
        Regions of a phantom's rods, where the user gave them.
    """

    config: CalibrationConfig
    preset: Preset
    ct: CTVolume
    bone: LabelMask
    lesion: LabelMask | None
    rods: LabelImage | None

    @property
    def scan(self) -> CTVolume:
        """The scan, with the tube voltage that file or configuration tells."""
        facts = self.ct.acquisition
        voltage = tube_voltage(self.config, facts)
        return replace(self.ct, acquisition=replace(facts, tube_voltage_kV=voltage))

    @property
    def tube_scan(self) -> CTVolume:
        """The scan, for a method that rests on the spectrum of a tube.

        Raises
        ------
        CalibrationError
            If the image is computed for X-rays of one energy.
        """
        from calibration import check_spectrum

        check_spectrum(self.ct.acquisition)
        return self.scan


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


def check_mineral(found: DensityKind, preset: Preset, *, whose: str) -> None:
    """Raise unless a calibration gives density of the mineral that a preset takes.

    Parameters
    ----------
    found : {"CaHA", "K2HPO4"}
        The mineral of the calibration.
    preset : Preset
        The chain of laws.
    whose : str
        Which calibration it is.

    Raises
    ------
    DensityKindError
        With the calibrations that would serve, and the presets that take this one.
    """
    if found == preset.density_kind:
        return
    taking = [name for name, other in PRESETS.items() if other.density_kind == found]
    raise DensityKindError(
        found=f"{whose}, which gives density of {found}, for the preset {preset.name!r}",
        expected=f"a calibration that gives density of {preset.density_kind}",
        remedy=f"{ways_to(preset.density_kind)}; or a preset that takes {found}: "
        f"{', '.join(taking)}. No line of one mineral is turned into that of another",
    )


def ways_to(mineral: DensityKind) -> str:
    """Return every calibration that gives density of a mineral, as what to do."""
    from calibration import PHANTOMS

    phantoms = " or ".join(name for name, each in PHANTOMS.items() if each.kind == mineral)
    return (
        f"calibrate by a phantom of {mineral} in the scan (--calibration phantom --phantom "
        f"{phantoms}), by the scan's own tissues (--calibration multi_tissue), or by the line of a "
        f"phantom of {mineral} (method = 'fixed' under [calibration] with slope, intercept and "
        f"phantom_density = {mineral!r})"
    )


def tube_voltage(config: CalibrationConfig, acquisition: Acquisition) -> float | None:
    """Return the tube voltage that file or configuration tells, kV.

    None where neither does, or where the image does not belong to one voltage.

    Raises
    ------
    ConfigError
        If they contradict each other.
    """
    from calibration import VOLTAGE_TOLERANCE_KV

    stated, in_file = config.tube_voltage_kV, acquisition.tube_voltage_kV
    if spectrum_of(acquisition.image_type) != "tube":
        return None
    if stated is None or in_file is None:
        return stated if in_file is None else in_file
    if abs(stated - in_file) > VOLTAGE_TOLERANCE_KV:
        raise ConfigError(
            found=f"calibration.tube_voltage_kV = {stated:g} for a CT whose header says "
            f"{in_file:g} kV",
            expected="one tube voltage",
            remedy="leave tube_voltage_kV out, or check that this is the scan that is meant",
        )
    return in_file
