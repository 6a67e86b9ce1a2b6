"""What a configuration chooses: loads, and with them constants that nobody checked yet."""

from pathlib import Path

from femur_fea.domain import PublishedRecord
from femur_fea.errors import UnavailableError
from femur_fea.io import read_json
from femur_fea.loads import LOAD_CASES
from femur_fea.presets import PRESETS
from femur_fea.strength import StrainLimits
from femur_risk.config import RunConfig
from femur_risk.pipeline import layout

__all__ = ["chosen_records", "load_names", "strain_limits", "unverified_constants"]


def load_names(config: RunConfig) -> tuple[str, ...]:
    """Return the loads that are computed: those asked for, or those of the preset."""
    return config.loads.names or PRESETS[config.preset.name].load_names


def strain_limits(config: RunConfig) -> StrainLimits:
    """Return the failure criterion of the preset.

    Raises
    ------
    UnavailableError
        If the preset has none because its model is nonlinear.
    """
    preset = PRESETS[config.preset.name]
    if preset.criterion is None:
        raise UnavailableError(
            found=f"the preset {preset.name!r}, whose nonlinear model is not available in this "
            "version",
            expected="a preset of a linear model",
            remedy="use another preset; 'femur-fea presets' lists them",
        )
    return preset.criterion


def chosen_records(config: RunConfig) -> tuple[tuple[str, PublishedRecord], ...]:
    """Return every published record that a configuration chooses, with its name."""
    loads = [(f"load {name}", LOAD_CASES[name]) for name in load_names(config)]
    parts = [(part.name, part.record) for part in PRESETS[config.preset.name].parts]
    return (*parts, *loads)


def unverified_constants(config: RunConfig, folder: Path) -> tuple[str, ...]:
    """Return the names of those parts of a run whose numbers were not checked in print."""
    named = [name for name, record in chosen_records(config) if record.provenance == "unverified"]
    curve = folder / layout.CURVE
    if curve.is_file() and read_json(curve)["provenance"] == "unverified":
        named.append(f"calibration {read_json(curve)['method']}")
    return tuple(named)
