"""What a configuration chooses: loads, and with them constants that nobody checked yet."""

from pathlib import Path

from femur_fea.io import read_json
from femur_fea.loads import LOAD_CASES
from femur_fea.presets import PRESETS
from femur_risk.config import RunConfig
from femur_risk.pipeline import layout

__all__ = ["load_names", "unverified_constants"]


def load_names(config: RunConfig) -> tuple[str, ...]:
    """Return the loads that are computed: those asked for, or those of the preset."""
    return config.loads.names or PRESETS[config.preset.name].load_names


def unverified_constants(config: RunConfig, folder: Path) -> tuple[str, ...]:
    """Return the names of those parts of a run whose numbers were not checked in print."""
    preset = PRESETS[config.preset.name]
    named = [name for name in preset.unverified if not name.startswith("load ")]
    named += [
        f"load {name}" for name in load_names(config) if LOAD_CASES[name].provenance == "unverified"
    ]
    curve = folder / layout.CURVE
    if curve.is_file() and read_json(curve)["provenance"] == "unverified":
        named.append(f"calibration {read_json(curve)['method']}")
    return tuple(named)
