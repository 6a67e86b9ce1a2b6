"""Numbers as the report prints them: three significant digits, with their unit."""

from femur_risk.report.words import WORDS

__all__ = ["NO_BREAK", "percent", "quantity", "significant", "whole_percent"]

_WHOLE_FROM = 100.0
NO_BREAK = "\xa0"  # between a number and its unit, so that no line ends there


def significant(value: float) -> str:
    """Return a number to three significant digits, thousands separated: 5,230 or 0.0123."""
    rounded = float(f"{value:.3g}")
    return f"{rounded:,.0f}" if abs(rounded) >= _WHOLE_FROM else f"{rounded:g}"


def quantity(value: float | None, unit: str) -> str:
    """Return a number with its unit, or a dash where there is none."""
    if value is None:
        return WORDS["none"]
    return f"{significant(value)} {unit}".rstrip().replace(" ", NO_BREAK)


def whole_percent(fraction: float) -> str:
    """Return a share whose own error is of some percent, in whole percent."""
    return quantity(round(100.0 * fraction) + 0.0, "%")


def percent(fraction: float | None) -> str:
    """Return a fraction in percent, or a dash where there is none."""
    return quantity(None if fraction is None else 100.0 * fraction, "%")
