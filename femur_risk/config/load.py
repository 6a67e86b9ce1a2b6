"""From a TOML file and overrides to a checked configuration."""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from femur_fea.errors import ConfigError, MissingInputError
from femur_risk.config.faults import explain_faults
from femur_risk.config.models import RunConfig

__all__ = ["laid_over", "load_config", "read_overrides", "resolve_config"]

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
        Values by section and key that come first; None leaves a value as it is, and a table
        within a section is laid over that one.

    Raises
    ------
    ConfigError
        If a key or value is not known; all of them are named.
    """
    given = {section: values for section, values in (overrides or {}).items() if values}
    try:
        return RunConfig.model_validate(laid_over(tables, given))
    except ValidationError as error:
        raise explain_faults(error.errors(), overrides or {}) from None


def laid_over(table: Mapping[str, Any], over: Mapping[str, Any]) -> dict[str, Any]:
    """Return a table with the values of another laid over it, tables within it likewise."""
    merged = dict(table)
    for key, value in over.items():
        below = merged.get(key, {})
        if isinstance(value, Mapping) and value:
            if isinstance(below, Mapping) and (filled := laid_over(below, value)):
                merged[key] = filled
        elif value is not None:
            merged[key] = value
    return merged
