"""Numbers as the report prints them: three significant digits, with their unit."""

from femur_risk.report.words import Words

__all__ = ["NO_BREAK", "percent", "quantity", "significant", "span", "whole_percent"]

_WHOLE_FROM = 100.0
NO_BREAK = "\xa0"  # between a number and its unit, so that no line ends there


def significant(words: Words, value: float) -> str:
    """Return a number to three significant digits, thousands separated: 5,230 or 0.0123."""
    rounded = float(f"{value:.3g}")
    return words.number(f"{rounded:,.0f}" if abs(rounded) >= _WHOLE_FROM else f"{rounded:g}")


def quantity(words: Words, value: float | None, unit: str) -> str:
    """Return a number with its unit, or a dash where there is none."""
    if value is None:
        return words["none"]
    said = f"{significant(words, value)} {words.term('unit', unit)}"
    return said.rstrip().replace(" ", NO_BREAK)


def whole_percent(words: Words, fraction: float) -> str:
    """Return a share whose own error is of some percent, in whole percent."""
    return quantity(words, round(100.0 * fraction) + 0.0, "%")


def percent(words: Words, fraction: float | None) -> str:
    """Return a fraction in percent, or a dash where there is none."""
    return quantity(words, None if fraction is None else 100.0 * fraction, "%")


def span(words: Words, low: str, high: str) -> str:
    """Return two numbers as the ends of a range."""
    return words.say("to", low=low, high=high)
