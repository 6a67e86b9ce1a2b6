"""From a TOML file and overrides to a checked configuration."""

import difflib
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from femur_fea.errors import ConfigError, MissingInputError
from femur_risk.config.models import RunConfig

__all__ = ["load_config", "read_overrides", "resolve_config"]

# what a user may have put a name into; a message does not repeat it
_PRIVATE = frozenset({"input.case_id", "input.ct", "input.femur", "input.lesion"})

type Tables = Mapping[str, Mapping[str, Any]]


def load_config(path: Path) -> RunConfig:
    """Return the configuration in a TOML file.

    Raises
    ------
    MissingInputError
        If there is no such file.
    ConfigError
        If it is not TOML, or a key or value is not known.
    """
    return resolve_config(read_overrides(path))


def read_overrides(path: Path) -> dict[str, Any]:
    """Return the tables of a TOML file as they stand, unchecked.

    Raises
    ------
    MissingInputError
        If there is no such file.
    ConfigError
        If it is not TOML.
    """
    if not path.is_file():
        raise MissingInputError(
            found="no configuration file at the given path",
            expected="a TOML file",
            remedy="check the path, or write one with 'femur-fea config new'",
        )
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ConfigError(
            found=f"a configuration file that cannot be read ({error.strerror})",
            expected="a file that the system lets be read",
            remedy="check its permissions",
        ) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(
            found=f"a configuration that is not TOML: {error}",
            expected="TOML, as 'femur-fea config new' writes it",
            remedy="mend that place in the file",
        ) from error


def resolve_config(tables: Mapping[str, Any], overrides: Tables | None = None) -> RunConfig:
    """Return the configuration of `tables` with `overrides` laid over it.

    Parameters
    ----------
    tables
        Tables of a configuration file.
    overrides
        Values by section and key that come first; None leaves a value as it is.

    Raises
    ------
    ConfigError
        If a key or value is not known; all of them are named.
    """
    merged: dict[str, Any] = dict(tables)
    for section, values in (overrides or {}).items():
        given = {key: value for key, value in values.items() if value is not None}
        below = merged.get(section, {})
        if given and isinstance(below, Mapping):
            merged[section] = {**below, **given}
    try:
        return RunConfig.model_validate(merged)
    except ValidationError as error:
        raise _translate(error.errors()) from None


def _translate(details: list[ErrorDetails]) -> ConfigError:
    parts = [_describe(detail) for detail in details]
    return ConfigError(
        found="; ".join(found for found, _, _ in parts),
        expected="; ".join(expected for _, expected, _ in parts),
        remedy="; ".join(dict.fromkeys(remedy for _, _, remedy in parts)),
    )


def _describe(detail: ErrorDetails) -> tuple[str, str, str]:
    """Return what was found, what was expected and what to do, for one fault."""
    place = tuple(str(part) for part in detail["loc"])
    name = ".".join(place)
    if detail["type"] == "extra_forbidden":
        known = _known_keys(place[:-1])
        near = difflib.get_close_matches(place[-1], known, n=1)
        hint = f"did you mean {near[0]!r}?" if near else "remove it, or use one of those keys"
        where = f"in [{'.'.join(place[:-1])}]" if place[:-1] else "at the top level"
        return f"unknown key {place[-1]!r} {where}", f"one of {', '.join(known)}", hint
    if detail["type"] == "value_error":
        return (
            f"settings of [{name}] that contradict each other",
            detail["msg"].removeprefix("Value error, "),
            "give those that belong together",
        )
    if detail["type"] == "model_type":
        return f"{name} that is not a table", f"a table [{name}]", f"put its keys under [{name}]"
    value = "as given" if name in _PRIVATE else repr(detail["input"])
    return (
        f"{name} = {value}",
        detail["msg"].removeprefix("Input should be ").removeprefix("String should "),
        "correct that value; 'femur-fea config new' explains each",
    )


def _known_keys(place: tuple[str, ...]) -> list[str]:
    model: type[BaseModel] = RunConfig
    for part in place:
        section = model.model_fields[part].annotation
        if not (isinstance(section, type) and issubclass(section, BaseModel)):
            return []
        model = section
    return list(model.model_fields)
