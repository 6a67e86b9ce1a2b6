"""Words of options that no setting checks: numbers and sides."""

from math import isfinite
from typing import TYPE_CHECKING

from femur_fea.errors import ConfigError

if TYPE_CHECKING:
    from femur_fea.domain import Side

__all__ = [
    "read_not_negative",
    "read_positive",
    "read_real",
    "read_side",
    "read_whole",
    "wrong_word",
]


def read_real(option: str, text: str) -> float:
    """Return the finite number that an option's text is."""
    try:
        value = float(text)
    except ValueError:
        value = float("nan")
    if not isfinite(value):
        raise wrong_word(option, text, "a number")
    return value


def read_positive(option: str, text: str) -> float:
    """Return the number above 0 that an option's text is."""
    value = read_real(option, text)
    if value <= 0.0:
        raise wrong_word(option, text, "a number above 0")
    return value


def read_not_negative(option: str, text: str) -> float:
    """Return the number of at least 0 that an option's text is."""
    value = read_real(option, text)
    if value < 0.0:
        raise wrong_word(option, text, "a number of at least 0")
    return value


def read_whole(option: str, text: str, *, at_least: int = 0) -> int:
    """Return the whole number of at least `at_least` that an option's text is."""
    if not (text.isascii() and text.isdecimal() and int(text) >= at_least):
        raise wrong_word(option, text, f"a whole number of at least {at_least}")
    return int(text)


def read_side(text: str | None) -> "Side | None":
    """Return the side that was given, if one was."""
    if text == "left":
        return "left"
    if text == "right":
        return "right"
    if text is None:
        return None
    raise wrong_word("side", text, "left or right")


def wrong_word(option: str, text: str, expected: str) -> ConfigError:
    """Return the error of an option's word."""
    return ConfigError(
        found=f"--{option} = {text!r}", expected=expected, remedy="correct that option"
    )
