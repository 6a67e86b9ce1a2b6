"""Errors of strength on meshes, against its value on an infinitely fine one."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np

from femur_fea.presets import PRESETS

__all__ = ["Limits", "Point", "heading", "tabulate"]

COARSEST_FITTED = 4.0  # mm
FEWEST_FITTED = 3
NEAR = 0.1  # of the default edge length

type Limits = dict[tuple[str, str], float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """One preset on one mesh.

    Attributes
    ----------
    preset : str
        Name of the preset.
    edge_length_mm : float
        Edge length of the mesh.
    n_dofs : int
        Unknowns.
    seconds : float
        Meshing and all solutions.
    peak_memory_MB : float
        Largest resident size of the process.
    date, femur_fea : str or None
        When it was measured and with which version; None where that was not written.
    strength_N : dict
        Strength by load, "<load>" with the lesion and "<load>@healed" without.
    """

    preset: str
    edge_length_mm: float
    n_dofs: int
    seconds: float
    peak_memory_MB: float
    date: str | None
    femur_fea: str | None
    strength_N: dict[str, float]


def tabulate(points: Iterable[Point], limits: Limits) -> list[dict[str, Any]]:
    """Return, for every preset and load, the strength on each mesh and its error.

    Parameters
    ----------
    points : iterable of Point
        All meshes.
    limits : dict
        Extrapolated strength, N, by preset and load; where there is none, that of the points.
    """
    by_load: dict[tuple[str, str], dict[float, float]] = {}
    for point in points:
        for load, force in point.strength_N.items():
            by_load.setdefault((point.preset, load), {})[point.edge_length_mm] = force
    return [
        {
            "preset": preset,
            "load": load,
            "default_mm": PRESETS[preset].edge_length_mm,
            "strength_N": {heading(edge): found[edge] for edge in sorted(found, reverse=True)},
            **convergence(found, limits.get((preset, load)), PRESETS[preset].edge_length_mm),
        }
        for (preset, load), found in by_load.items()
    ]


def heading(edge_length: float) -> str:
    """Return how a table calls a mesh."""
    return f"{edge_length:g} mm"


def convergence(found: dict[float, float], limit: float | None, default: float) -> dict[str, Any]:
    """Return the strength on an infinitely fine mesh and how far the meshes lie from it.

    Parameters
    ----------
    found : dict
        Strength, N, by edge length, mm.
    limit : float or None
        Strength on an infinitely fine mesh; None where it is to be extrapolated, which also tells
        how far the meshes lie from the line that was fitted.
    default : float
        Edge length of the preset, mm.
    """
    edges = np.array([edge for edge in found if edge <= COARSEST_FITTED])
    scatter = None
    if limit is None:
        if edges.size < FEWEST_FITTED:
            return dict.fromkeys(
                ("extrapolated_N", "scatter_percent", "near_default", "error_percent")
            )
        forces = np.array([found[edge] for edge in edges])
        slope, limit = np.polyfit(edges**2, forces, 1)
        scatter = percent(np.abs(forces - limit - slope * edges**2).max(), limit)
    return {
        "extrapolated_N": round(float(limit), 1),
        "scatter_percent": scatter,
        "near_default": near_default(found, float(limit), default),
        "error_percent": {
            heading(edge): percent(found[edge] - limit, limit)
            for edge in sorted(found, reverse=True)
        },
    }


def near_default(found: dict[float, float], limit: float, default: float) -> dict[str, Any]:
    """Return mean and scatter of the error of all meshes about as fine as the default one.

    Parameters
    ----------
    found : dict
        Strength, N, by edge length, mm.
    limit : float
        Strength on an infinitely fine mesh, N.
    default : float
        Edge length of the preset, mm.
    """
    errors = [
        100.0 * (force - limit) / limit
        for edge, force in found.items()
        if abs(edge - default) <= NEAR * default
    ]
    return {
        "n_meshes": len(errors),
        "mean_error_percent": round(float(np.mean(errors)), 2) if errors else None,
        "sd_percent": round(float(np.std(errors, ddof=1)), 2) if len(errors) > 1 else None,
    }


def percent(part: float, whole: float) -> float:
    """Return a part in percent of the whole."""
    return round(float(100.0 * part / whole), 2)
