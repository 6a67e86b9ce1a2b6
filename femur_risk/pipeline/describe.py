"""The presets as plain values, for people who choose one."""

from typing import TYPE_CHECKING, Any

from femur_fea.loads import LOAD_CASES
from femur_fea.presets import PRESETS, Preset

if TYPE_CHECKING:
    from femur_fea.domain import PublishedRecord

__all__ = ["describe_presets"]


def describe_presets() -> dict[str, dict[str, Any]]:
    """Return every preset with its parts, their sources and whether these were checked."""
    return {name: _describe(preset) for name, preset in PRESETS.items()}


def _describe(preset: Preset) -> dict[str, Any]:
    records: list[tuple[str, str, PublishedRecord]] = [
        *(
            ("density conversion", name, record)
            for name, record in zip(preset.conversion_names, preset.conversions, strict=True)
        ),
        ("material law", preset.law_name, preset.law),
        ("failure criterion", preset.criterion_name, preset.criterion),
        *(("load", name, LOAD_CASES[name]) for name in preset.load_names),
    ]
    return {
        "source": preset.source,
        "density_kind": preset.density_kind,
        "nu": preset.nu,
        "parts": [
            {
                "part": part,
                "name": name,
                "source": record.source,
                "verified": record.provenance != "unverified",
            }
            for part, name, record in records
        ],
    }
