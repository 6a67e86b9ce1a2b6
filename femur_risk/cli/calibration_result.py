"""What `femur-fea calibrate` shows: the line and how it fits.

What to mind is among the warnings of the stages, which the screen shows as they end.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from femur_fea.io import read_json
from femur_risk.pipeline import layout

if TYPE_CHECKING:
    from femur_risk.cli.screen import Screen

__all__ = ["show_calibration"]


def show_calibration(screen: "Screen", folder: Path) -> None:
    """Show the calibration of a run, as tables and sentences or as JSON."""
    curve = read_json(folder / layout.CURVE)
    if screen.wants_json:
        screen.print_json(curve)
        return
    _show_line(screen, curve)
    if curve["fit"] is not None:
        _show_references(screen, curve["fit"])
    for what, path in (
        ("curve", layout.CURVE),
        ("plot", layout.CURVE_PLOT),
        ("density", layout.DENSITY),
    ):
        screen.console.print(
            f"{what:<9} {folder / path}", highlight=False, markup=False, soft_wrap=True
        )


def _show_line(screen: "Screen", curve: Mapping[str, Any]) -> None:
    from rich.table import Table

    table = Table(title=f"Calibration: {curve['label']}", show_header=False, title_justify="left")
    table.add_row(
        "density per HU",
        _with_error(
            1e3 * curve["slope_g_per_cm3_per_HU"],
            _times(1e3, curve["slope_standard_error_g_per_cm3_per_HU"]),
            "mg/cm3",
        ),
    )
    table.add_row(
        "density at 0 HU",
        _with_error(
            1e3 * curve["intercept_g_per_cm3"],
            _times(1e3, curve["intercept_standard_error_g_per_cm3"]),
            "mg/cm3",
        ),
    )
    table.add_row("mineral", curve["density_kind"])
    uncertainty = curve["relative_uncertainty"]
    table.add_row(
        "standard uncertainty of cortical density",
        "not stated" if uncertainty is None else f"{100.0 * uncertainty:.1f} %",
    )
    table.add_row("source", f"{curve['source']} ({curve['provenance']})")
    screen.console.print(table, markup=False)


def _show_references(screen: "Screen", fit: Mapping[str, Any]) -> None:
    from rich.table import Table

    r2 = "of two, which every line fits" if fit["R2"] is None else f"R2 {fit['R2']:.5f}"
    table = Table(title=f"References: {r2}", title_justify="left")
    for heading in ("name", "CT number, HU", "density, mg/cm3", "less the line, mg/cm3"):
        table.add_column(heading, justify="left" if heading == "name" else "right")
    for reference in fit["references"]:
        table.add_row(
            reference["name"],
            _with_error(reference["ct_number_HU"], reference["ct_number_standard_error_HU"], ""),
            _with_error(
                1e3 * reference["density_g_per_cm3"],
                1e3 * reference["density_standard_error_g_per_cm3"],
                "",
            ),
            f"{1e3 * reference['residual_g_per_cm3']:+.1f}",
        )
    screen.console.print(table, markup=False)


def _times(factor: float, value: float | None) -> float | None:
    return None if value is None else factor * value


def _with_error(value: float, error: float | None, unit: str) -> str:
    text = f"{value:.4g}" if error is None else f"{value:.4g} +- {error:.2g}"
    return f"{text} {unit}".rstrip()
