"""What is wrong with a configuration, in the words of its user: option or key, value, remedy."""

import difflib
from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from typing import Any

from pydantic import BaseModel
from pydantic_core import ErrorDetails

from femur_fea.errors import ConfigError
from femur_risk.config.models import RunConfig
from femur_risk.config.options import option_name

__all__ = ["explain_faults"]

# what a user may have put a name into; a message does not repeat it
_PRIVATE = frozenset(
    f"input.{key}" for key in ("case_id", "ct", "femur", "lesion", "rods", "recalibration")
)
_EXPECTED = {
    "literal_error": "{expected}",
    "greater_than": "a number above {gt:g}",
    "greater_than_equal": "a number of at least {ge:g}",
    "less_than_equal": "a number of at most {le:g}",
    "finite_number": "a finite number",
    "float_parsing": "a number",
    "float_type": "a number",
    "int_parsing": "a whole number",
    "int_from_float": "a whole number",
    "int_type": "a whole number",
    "bool_parsing": "true or false",
    "bool_type": "true or false",
    "string_type": "a text",
    "string_unicode": "text in UTF-8: a file may have to be renamed",
    "string_too_short": "a text that is not empty",
    "string_pattern_mismatch": "1 to 64 letters (a to z, A to Z), digits, '_' and '-'",
    "tuple_type": "a list",
    "too_short": "a list that is not empty",
}

type _Parts = tuple[str, str, str]


def explain_faults(details: list[ErrorDetails], overrides: Mapping[str, Any]) -> ConfigError:
    """Return one error that names every fault.

    Parameters
    ----------
    details
        What pydantic found.
    overrides
        Values by section and key that came from options of the command line.
    """
    parts = [
        _describe(place, list(group), overrides) for place, group in groupby(details, key=_place)
    ]
    return ConfigError(
        found="; ".join(found for found, _, _ in parts),
        expected="; ".join(expected for _, expected, _ in parts),
        remedy="; ".join(dict.fromkeys(remedy for _, _, remedy in parts)),
    )


def _place(detail: ErrorDetails) -> tuple[str, ...]:
    """Return sections and key; what follows them is an item of a list or one of several types."""
    place: list[str] = []
    for part in detail["loc"]:
        if _section(place) is None:
            break
        place.append(str(part))
    return tuple(place)


def _describe(
    place: tuple[str, ...], details: list[ErrorDetails], overrides: Mapping[str, Any]
) -> _Parts:
    """Return what was found, what was expected and what to do, for one key."""
    name, detail = ".".join(place), details[0]
    if detail["type"] == "extra_forbidden":
        return _unknown_key(place)
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
        f"{_called(place, overrides)} = {value}",
        _expected(details),
        "correct that value; 'femur-fea config new' explains each",
    )


def _called(place: tuple[str, ...], overrides: Mapping[str, Any]) -> str:
    """Return the key and, where the value comes from the command line, its option."""
    name = ".".join(place)
    value: Any = overrides
    for part in place:
        value = value.get(part) if isinstance(value, Mapping) else None
    return name if value is None else f"{option_name(name)} ({name})"


def _expected(details: Iterable[ErrorDetails]) -> str:
    kinds = {detail["type"]: detail.get("ctx", {}) for detail in details}
    if len(kinds) > 1:
        kinds.pop("too_short", None)  # a list is short of its items that are at fault
    return " or ".join(
        _EXPECTED[kind].format(**context) if kind in _EXPECTED else f"a valid value ({kind})"
        for kind, context in kinds.items()
    )


def _unknown_key(place: tuple[str, ...]) -> _Parts:
    known = _known_keys(place[:-1])
    near = difflib.get_close_matches(place[-1], known, n=1)
    hint = f"did you mean {near[0]!r}?" if near else "remove it, or use one of those keys"
    where = f"in [{'.'.join(place[:-1])}]" if place[:-1] else "at the top level"
    return f"unknown key {place[-1]!r} {where}", f"one of {', '.join(known)}", hint


def _known_keys(place: tuple[str, ...]) -> list[str]:
    model = _section(place)
    return [] if model is None else list(model.model_fields)


def _section(place: Sequence[str]) -> type[BaseModel] | None:
    """Return the section at a place, None where a key or nothing is there."""
    model: type[BaseModel] = RunConfig
    for part in place:
        field = model.model_fields.get(part)
        section = None if field is None else field.annotation
        if not (isinstance(section, type) and issubclass(section, BaseModel)):
            return None
        model = section
    return model
