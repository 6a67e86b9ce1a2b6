"""A bone that can be turned in the page: its values, and the few bytes that describe it."""

import base64
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from femur_fea.domain import FloatArray, IntArray
from femur_risk.report.amounts import significant
from femur_risk.report.words import Words

__all__ = ["ColouredSide", "LoadedBone", "ReportModel", "TurnedModel", "describe_model"]

_STEPS = 65535  # of a coordinate between the ends of the bone: some micrometres
_COLOURS = 255  # of a scale; the number after the last stands for no value
_N_TICKS = 5
_N_STOPS = 32
_VIEWS = ("anterior", "posterior", "medial", "lateral")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ColouredSide:
    """A field on the bone or on its twin.

    Attributes
    ----------
    values : (n_triangles,)
        On the triangles of the model; NaN where it was not evaluated.
    site : (3,), mm
        Weakest site, in the femoral frame.
    """

    values: FloatArray
    site: FloatArray


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class LoadedBone:
    """What is shown under one load.

    Attributes
    ----------
    load : str
        Name of the load.
    quantity, unit : str
        What the colours stand for; no unit is an empty string.
    limits : (low, high)
        Ends of the colour scale.
    rgb : (256, 3)
        Its colours from low to high, between 0 and 1.
    bone : ColouredSide
        The bone as it is.
    twin : ColouredSide or None
        Its lesion-free twin, where there is one under the same load.
    """

    load: str
    quantity: str
    unit: str
    limits: tuple[float, float]
    rgb: FloatArray
    bone: ColouredSide
    twin: ColouredSide | None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ReportModel:
    """A bone and its lesion in the femoral frame, and the fields on it.

    Attributes
    ----------
    points : (n, 3), mm
        Corners of the bone's surface.
    triangles : (m, 3)
        Its triangles.
    lesion_points, lesion_triangles : (n, 3), mm and (m, 3)
        The same of the lesion; empty without one.
    loads : tuple of LoadedBone, at least one
        The first is shown first.
    """

    points: FloatArray
    triangles: IntArray
    lesion_points: FloatArray
    lesion_triangles: IntArray
    loads: tuple[LoadedBone, ...]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class TurnedModel:
    """The block of a document that only a screen can show.

    Attributes
    ----------
    heading : str
        What it shows.
    data : mapping
        Plain values for the page's program.
    """

    heading: str
    data: dict[str, Any]
    kind: Literal["model"] = "model"


def describe_model(words: Words, model: ReportModel) -> TurnedModel:
    """Return the block that shows a model, with its words."""
    low, high = model.points.min(axis=0), model.points.max(axis=0)
    keys = ("bone", "twin", "lesion", "load", "hint", "not_evaluated")
    return TurnedModel(
        heading=words["turn_heading"],
        data={
            "words": {key: words[f"turn_{key}"] for key in keys},
            "views": {name: words.term("view", name) for name in _VIEWS},
            "low": low.tolist(),
            "high": high.tolist(),
            "bone": _surface(model.points, model.triangles, low, high),
            "lesion": _surface(model.lesion_points, model.lesion_triangles, low, high)
            if len(model.lesion_triangles)
            else None,
            "loads": [_load(words, each) for each in model.loads],
        },
    )


def _surface(
    points: FloatArray, triangles: IntArray, low: FloatArray, high: FloatArray
) -> dict[str, str]:
    """Return a surface on a grid of whole numbers in the box of the bone."""
    steps = np.clip((points - low) / (high - low), 0.0, 1.0) * _STEPS
    return {
        "points": _bytes(np.round(steps).astype("<u2")),
        "triangles": _bytes(triangles.astype("<u4")),
    }


def _load(words: Words, loaded: LoadedBone) -> dict[str, Any]:
    low, high = loaded.limits
    load = words.term("load", loaded.load)
    quantity = words.term("quantity", loaded.quantity)
    unit = f" ({loaded.unit})" if loaded.unit else ""
    rgb = np.round(255.0 * loaded.rgb).astype(np.uint8)
    stops = rgb[np.linspace(0, len(rgb) - 1, _N_STOPS).astype(int)]
    return {
        "name": load,
        "label": f"{quantity}{unit}, {load}",
        "rgb": _bytes(rgb),
        "bar": ["#{:02x}{:02x}{:02x}".format(*row) for row in stops.tolist()],
        "ticks": [significant(words, x) for x in np.linspace(low, high, _N_TICKS).tolist()],
        "sides": [
            {"values": _bytes(_shades(side.values, loaded.limits)), "site": side.site.tolist()}
            for side in (loaded.bone, loaded.twin)
            if side is not None
        ],
    }


def _shades(values: FloatArray, limits: tuple[float, float]) -> Any:
    """Return values as numbers of colours."""
    low, high = limits
    share = np.clip((values - low) / (high - low), 0.0, 1.0)
    shades = np.full(len(values), _COLOURS, dtype=np.uint8)
    known = np.isfinite(values)
    shades[known] = np.minimum(share[known] * _COLOURS, _COLOURS - 1).astype(np.uint8)
    return shades


def _bytes(values: Any) -> str:
    return base64.b64encode(np.ascontiguousarray(values).tobytes()).decode("ascii")
