"""What a command line says: its numbers, and what is wrong with its words."""

from contextlib import suppress

import typer

from femur_fea.errors import ConfigError

__all__ = ["explain_usage", "number"]


def number(text: str | None) -> float | str | None:
    """Return the number that a text is, or the text: the configuration knows what it may be."""
    for kind in (int, float):
        with suppress(ValueError, TypeError):
            return kind(text)  # type: ignore[arg-type] # None is neither, and stays what it is
    return text


def explain_usage(error: typer.TyperException) -> ConfigError:
    """Return the error of words that are no command, option or argument as one of ours."""
    command = getattr(getattr(error, "ctx", None), "command_path", "femur-fea")
    told = error.format_message().rstrip(".")
    return ConfigError(
        found=f"{told[0].lower()}{told[1:]}",
        expected=f"a command line as '{command} --help' shows it",
        remedy="add it" if told.lower().startswith("missing") else "correct that word",
    )
