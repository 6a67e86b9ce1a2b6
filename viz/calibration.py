"""A calibration line with its references, its 90 % band and their residuals."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from femur_fea.domain import FloatArray
from femur_fea.io import atomic_path

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["draw_calibration"]

_DPI = 120
_SIZE = (8.0, 7.0)  # inches
_NORMAL_95 = 1.6448536269514722
_CORTICAL_HU = 1500.0  # how far the line is shown: to the cortex, where it matters most
_BLUE, _ORANGE = "#1f5fa8", "#c1560b"


def draw_calibration(curve: Mapping[str, Any], path: Path) -> None:
    """Draw a calibration as it is written to curve.json, and save it as PNG.

    Above are the references with error bars of one standard error, the line and its 90 % band;
    below, the same less the line. A line without references is drawn alone, in one panel.

    Parameters
    ----------
    curve
        Content of curve.json.
    path
        Where to write.
    """
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    references = curve["fit"]["references"] if curve["fit"] else []
    figure = Figure(figsize=_SIZE, dpi=_DPI, layout="constrained", facecolor="white")
    FigureCanvasAgg(figure)
    heights = (2.2, 1.0) if references else (1.0,)
    panels = figure.subplots(len(heights), 1, sharex=True, height_ratios=heights, squeeze=False)
    hu = _range(references)
    for less, axes in enumerate(panels[:, 0]):
        _draw_line(axes, curve, hu, less)
        _draw_references(axes, curve, references, less)
        axes.grid(color="0.9", linewidth=0.6)
        axes.set_axisbelow(True)
    upper, lowest = panels[0, 0], panels[-1, 0]
    upper.set_title(_title(curve), fontsize=11, loc="left")
    upper.set_ylabel(f"{curve['density_kind']} density, g/cm3")
    upper.legend(loc="upper left", frameon=False, fontsize=9)
    lowest.set_xlabel(_abscissa(curve))
    if references:
        lowest.set_ylabel("less the line, g/cm3")
        lowest.set_ylim(*_limits(curve, references))
    with atomic_path(path) as temporary:
        figure.savefig(temporary, format="png")


def _range(references: Sequence[Mapping[str, Any]]) -> FloatArray:
    numbers = [reference["ct_number_HU"] for reference in references]
    low, high = min([*numbers, -100.0]), max([*numbers, _CORTICAL_HU])
    margin = 0.04 * (high - low)
    return np.linspace(low - margin, high + margin, 200)


def _error(curve: Mapping[str, Any], hu: FloatArray) -> FloatArray | None:
    """Return the standard error of the line, g/cm3, None where it is not known."""
    if curve["covariance"] is not None:
        (slope, both), (_, intercept) = curve["covariance"]
        return np.asarray(np.sqrt(hu**2 * slope + 2.0 * hu * both + intercept))
    if curve["relative_uncertainty"] is not None:
        return np.asarray(curve["relative_uncertainty"] * np.abs(_density(curve, hu)))
    return None


def _density(curve: Mapping[str, Any], hu: FloatArray) -> FloatArray:
    return np.asarray(curve["intercept_g_per_cm3"] + curve["slope_g_per_cm3_per_HU"] * hu)


def _draw_line(axes: "Axes", curve: Mapping[str, Any], hu: FloatArray, less: float) -> None:
    line = (1.0 - less) * _density(curve, hu)
    axes.plot(hu, line, color=_BLUE, linewidth=1.6, label="line")
    error = _error(curve, hu)
    if error is not None:
        band = _NORMAL_95 * error
        axes.fill_between(
            hu, line - band, line + band, color=_BLUE, alpha=0.18, linewidth=0, label="90 % band"
        )


def _draw_references(
    axes: "Axes",
    curve: Mapping[str, Any],
    references: Sequence[Mapping[str, Any]],
    less: float,
) -> None:
    if not references:
        return
    hu = np.array([reference["ct_number_HU"] for reference in references])
    rho = np.array([reference["density_g_per_cm3"] for reference in references])
    axes.errorbar(
        hu,
        rho - less * _density(curve, hu),
        xerr=[reference["ct_number_standard_error_HU"] for reference in references],
        yerr=[reference["density_standard_error_g_per_cm3"] for reference in references],
        fmt="o",
        color=_ORANGE,
        markersize=4.5,
        capsize=2.5,
        linewidth=1.1,
        label="references, with standard errors",
    )
    if not less:
        _name_references(axes, [reference["name"] for reference in references], hu, rho)


def _name_references(axes: "Axes", names: Sequence[str], hu: FloatArray, rho: FloatArray) -> None:
    """Write the names below and above the line in turn, so that neighbours stay apart."""
    for place, n in enumerate(np.argsort(hu)):
        below = place % 2 == 0
        axes.annotate(
            names[n],
            (hu[n], rho[n]),
            (6, -11) if below else (-6, 6),
            textcoords="offset points",
            fontsize=9,
            ha="left" if below else "right",
        )


def _limits(
    curve: Mapping[str, Any], references: Sequence[Mapping[str, Any]]
) -> tuple[float, float]:
    """Return limits that show the residuals, and so much of the band as does not hide them."""
    shown = [
        abs(reference["residual_g_per_cm3"]) + 1.5 * reference["density_standard_error_g_per_cm3"]
        for reference in references
    ]
    at_ends = _error(curve, np.array([_CORTICAL_HU]))
    band = 0.0 if at_ends is None else _NORMAL_95 * float(at_ends[0])
    half = max([*shown, 1.1 * band, 0.005])
    return -half, half


def _title(curve: Mapping[str, Any]) -> str:
    slope, intercept = curve["slope_g_per_cm3_per_HU"], curve["intercept_g_per_cm3"]
    text = f"{curve['label']}:\n{slope:.4g} g/cm3 per HU, {intercept:+.4f} g/cm3 at 0 HU"
    r2 = curve["fit"]["R2"] if curve["fit"] else None
    return text if r2 is None else f"{text}, R2 {r2:.4f}"


def _abscissa(curve: Mapping[str, Any]) -> str:
    measured = {
        item["name"]: item.get("ct_number_HU") for item in curve["measured"] if "name" in item
    }
    references = curve["fit"]["references"] if curve["fit"] else []
    corrected = any(
        measured.get(reference["name"]) not in (None, reference["ct_number_HU"])
        for reference in references
    )
    return "CT number, HU" + (", of rods less that of their excess water" if corrected else "")
