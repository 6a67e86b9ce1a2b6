"""The presets as plain values, for people who choose one."""

from typing import Any

from femur_fea.loads import find_load
from femur_fea.presets import PRESETS, Preset, PresetPart

__all__ = ["describe_presets"]


def describe_presets() -> dict[str, dict[str, Any]]:
    """Return every preset with its parts, their sources and whether these were checked."""
    return {name: _describe(preset) for name, preset in PRESETS.items()}


def _describe(preset: Preset) -> dict[str, Any]:
    loads = (
        PresetPart(role="load", name=name, record=find_load(name)) for name in preset.load_names
    )
    return {
        "source": preset.source,
        "model": preset.model,
        "density_kind": preset.density_kind,
        "nu": preset.nu,
        "edge_length_mm": preset.edge_length_mm,
        "edge_length_reason": preset.edge_length_reason,
        "parts": [
            {
                "part": part.role,
                "name": part.name,
                "source": part.record.source,
                "verified": part.record.provenance != "unverified",
            }
            for part in (*preset.parts, *loads)
        ],
    }
