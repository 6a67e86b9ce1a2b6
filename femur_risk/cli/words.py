"""Words of options that no setting checks: numbers and sides."""

from typing import TYPE_CHECKING

from femur_fea.errors import ConfigError

if TYPE_CHECKING:
    from femur_fea.domain import Side

__all__ = ["read_real", "read_side", "read_whole", "wrong_word"]


def read_real(option: str, text: str) -> float:
    """Return the number that an option's text is."""
    try:
        return float(text)
    except ValueError:
        raise wrong_word(option, text, "a number") from None


def read_whole(option: str, text: str) -> int:
    """Return the whole number of at least 0 that an option's text is."""
    if not text.isdecimal():
        raise wrong_word(option, text, "a whole number of at least 0")
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
