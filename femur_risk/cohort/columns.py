"""The columns of the table of results, and where each value stands in what a run leaves."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from femur_fea.io import read_json
from femur_risk.comparators import RULES
from femur_risk.pipeline import layout, quantity_of
from femur_risk.pipeline.units import LOAD_UNITS

__all__ = ["Column", "result_columns", "values_of"]

type Kind = Literal["text", "number", "count", "truth"]

_UNITS = {"points": "points", "mm": "mm", "%": "percent", "body weights": "BW"}
_OF_RUN: Mapping[str, tuple[Path, str, Kind]] = {
    "side": (layout.STRENGTH, "side", "text"),
    "preset": (layout.STRENGTH, "preset", "text"),
    "tier": (layout.STRENGTH, "tier", "text"),
    "simulated": (layout.STRENGTH, "simulated", "truth"),
    "calibration": (layout.STRENGTH, "calibration", "text"),
    "femur_volume_mm3": (layout.QUALITY, "femur.volume_mm3", "number"),
    "lesion_volume_mm3": (layout.QUALITY, "lesion.volume_mm3", "number"),
    "head_radius_mm": (layout.FRAME, "head_radius_mm", "number"),
    "neck_shaft_angle_deg": (layout.FRAME, "neck_shaft_angle_deg", "number"),
    "shaft_length_mm": (layout.FRAME, "shaft_length_mm", "number"),
    "element": (layout.MESH_QUALITY, "element", "text"),
    "n_cells": (layout.MESH_QUALITY, "n_cells", "count"),
}
_RISK: Mapping[str, tuple[str, Kind]] = {
    "risk_assessable": ("assessable", "truth"),
    "fracture_probability_1_month": ("horizons.0.probability", "number"),
    "fracture_probability_3_months": ("horizons.1.probability", "number"),
    "fracture_probability_6_months": ("horizons.2.probability", "number"),
    "fracture_probability_6_months_median": ("horizons.2.median", "number"),
    "fracture_probability_6_months_interval_90_low": ("horizons.2.interval_90.0", "number"),
    "fracture_probability_6_months_interval_90_high": ("horizons.2.interval_90.1", "number"),
    "fracture_probability_12_months": ("horizons.3.probability", "number"),
    "calibrated_probability_6_months": ("calibrated.probability", "number"),
    "calibrated_probability_6_months_interval_90_low": ("calibrated.interval_90.0", "number"),
    "calibrated_probability_6_months_interval_90_high": ("calibrated.interval_90.1", "number"),
    "calibrated_to_outcomes": ("calibrated_to_outcomes", "truth"),
    "risk_model": ("model", "text"),
    "risk_not_assessable": ("not_assessable", "text"),
    "risk_class": ("risk_class", "text"),
    **{
        f"{name}_{end}{f'_{_UNITS[rule.unit]}' if rule.unit else ''}": (
            f"rules.{k}.value.{i}",
            "number",
        )
        for k, (name, rule) in enumerate(RULES.items())
        for i, end in enumerate(("low", "high"))
    },
    **{f"{name}_verdict": (f"rules.{k}.verdict", "text") for k, name in enumerate(RULES)},
}
_PARTS = ("shaft", "neck")
_RIGIDITIES = {
    "smallest_EA_N": "smallest_EA_N",
    "smallest_EI_N_mm2": "smallest_EI_N_mm2",
    "smallest_GJ_N_mm2": "smallest_GJ_N_mm2",
    "smallest_EA_ratio": "smallest_ratio.EA.value",
    "smallest_EI_ratio": "smallest_ratio.EI.value",
    "smallest_GJ_ratio": "smallest_ratio.GJ.value",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column of the table of results.

    Attributes
    ----------
    name : str
        Its heading, with the unit.
    kind : {"text", "number", "count", "truth"}
        What its cells hold, if they hold anything.
    file : Path
        The artefact of the run that has the value.
    place : str
        Keys and positions that lead to it, joined by dots.
    """

    name: str
    kind: Kind
    file: Path
    place: str


def result_columns(loads: Sequence[str]) -> tuple[Column, ...]:
    """Return the columns of runs with these loads, whatever their results."""
    return (
        *(
            Column(name=name, kind=kind, file=file, place=place)
            for name, (file, place, kind) in _OF_RUN.items()
        ),
        *(column for load in loads for column in _columns_of(load)),
        *(
            Column(
                name=f"{part}_{name}",
                kind="number",
                file=layout.STRENGTH,
                place=f"rigidity.{part}.{place}",
            )
            for part in _PARTS
            for name, place in _RIGIDITIES.items()
        ),
        *(
            Column(name=name, kind=kind, file=layout.RISK, place=place)
            for name, (place, kind) in _RISK.items()
        ),
    )


def _columns_of(load: str) -> Iterator[Column]:
    units = LOAD_UNITS[quantity_of(load)]
    unit = units.suffix
    numbers = {
        f"strength_{unit}": f"strength_{unit}",
        "strength_BW": "strength_BW",
        f"strength_interval_90_low_{unit}": f"interval_90_{unit}.0",
        f"strength_interval_90_high_{unit}": f"interval_90_{unit}.1",
        f"first_yield_{unit}": f"first_yield_{unit}",
        units.stiffness_key: units.stiffness_key,
        f"healed_strength_{unit}": f"healed_strength_{unit}",
        "strength_loss_fraction": "strength_loss_fraction",
        "strength_loss_interval_90_low": "strength_loss_interval_90.0",
        "strength_loss_interval_90_high": "strength_loss_interval_90.1",
        "strain_fold_ratio": "strain_fold_ratio.largest",
        "weakest_x_mm": "weakest_site.point_mm.0",
        "weakest_y_mm": "weakest_site.point_mm.1",
        "weakest_z_mm": "weakest_site.point_mm.2",
    }
    texts = {
        "weakest_region": "weakest_site.region",
        "weakest_direction": "weakest_direction",
        "criterion": "criterion",
        "curve_end": "curve_end",
    }
    kinds: tuple[tuple[Kind, Mapping[str, str]], ...] = (("number", numbers), ("text", texts))
    for kind, places in kinds:
        for name, place in places.items():
            yield Column(
                name=f"{load}_{name}",
                kind=kind,
                file=layout.STRENGTH,
                place=f"loads.{load}.{place}",
            )


def values_of(folder: Path, columns: Sequence[Column]) -> dict[str, Any]:
    """Return the values of a finished run by column; None where one does not apply."""
    files = {column.file for column in columns}
    content = {file: read_json(folder / file) for file in files}
    return {column.name: _at(content[column.file], column.place) for column in columns}


def _at(content: Any, place: str) -> Any:
    """Return the value that keys and positions lead to, texts joined; None where there is none."""
    for step in place.split("."):
        if content is None:
            return None
        if content == []:  # horizons of a femur whose risk cannot be assessed
            return None
        content = content[int(step)] if isinstance(content, list) else content[step]
    return "; ".join(content) or None if isinstance(content, list) else content
