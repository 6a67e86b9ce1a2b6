"""Whether this version can carry out what a configuration asks for."""

from collections.abc import Iterator
from contextlib import contextmanager

from femur_fea.errors import UnknownNameError
from femur_fea.presets import PRESETS
from femur_risk.config import RunConfig
from femur_risk.errors import UnavailableError
from femur_risk.pipeline.calibration_methods import METHODS
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
        If preset, load or phantom is not registered, with the nearest name.
    DensityKindError
        If the preset takes the density of another mineral.
    CalibrationError
        If the line that is given is that of no scanner, or there is no average line for the tube
        voltage that is stated, or for the mineral of the preset, or a certificate does not fit
        the phantom.
    """
    if config.solver.tier == "surrogate":
        raise UnavailableError(
            found="the tier 'surrogate', which is not available in this version",
            expected="tier 'fe' or 'auto'",
            remedy="leave tier out, or use a later version",
        )
    with _given_as("--preset (preset.name)"):
        preset = PRESETS[config.preset.name]
    with _given_as("--loads (loads.names)"):
        for name in load_names(config):
            directions_of(name)  # raises, with the nearest name, if there is none
    check_model(config)
    with _given_as("--phantom (calibration.phantom.name)"):
        METHODS[config.calibration.method].check(config.calibration, preset)


@contextmanager
def _given_as(place: str) -> Iterator[None]:
    """Say in which option and key a name was given that nobody knows."""
    try:
        yield
    except UnknownNameError as error:
        raise UnknownNameError(
            found=f"{error.found}, as {place} has it", expected=error.expected, remedy=error.remedy
        ) from None
