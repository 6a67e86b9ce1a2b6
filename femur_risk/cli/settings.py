"""Settings on the command line: an option for each, and the values that were typed."""

import inspect
from collections.abc import Callable, Mapping, Sequence
from typing import Annotated, Any

import typer

from femur_risk.cli.usage import number
from femur_risk.config import OPTIONS, Option

__all__ = ["overrides_of", "with_settings"]

type Typed = str | Sequence[str] | None


def with_settings(
    command: Callable[..., None], options: Sequence[Option] = OPTIONS
) -> inspect.Signature:
    """Return the signature of a command with a parameter for every option, in place of any."""
    signature = inspect.signature(command)
    *own, _ = signature.parameters.values()
    listed = [*map(_parameter, options), *own]
    return signature.replace(parameters=sorted(listed, key=lambda parameter: parameter.kind))


def overrides_of(typed: Mapping[str, Typed], options: Sequence[Option] = OPTIONS) -> dict[str, Any]:
    """Return the values of options, by the parameters' names, as tables of a configuration."""
    tables: dict[str, Any] = {}
    for option in options:
        table = tables
        *sections, key = option.place.split(".")
        for section in sections:
            table = table.setdefault(section, {})
        table[key] = _value(option, typed[_variable(option)])
    return tables


def _parameter(option: Option) -> inspect.Parameter:
    told = typer.Option(option.name, metavar=option.metavar, help=option.help)
    kind: Any = list[str] if option.takes_list else str
    return inspect.Parameter(
        _variable(option),
        inspect.Parameter.KEYWORD_ONLY,
        default=None,
        annotation=Annotated[kind | None, told],
    )


def _variable(option: Option) -> str:
    return option.name.removeprefix("--").replace("-", "_")


def _value(option: Option, typed: Typed) -> object:
    """Return what was typed, as the configuration takes it; it knows what the value may be."""
    if isinstance(typed, str):
        return number(typed) if option.takes_number else typed
    if typed is None:
        return None
    return [name.strip() for name in ",".join(typed).split(",")]
