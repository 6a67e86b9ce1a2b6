"""JSON files: written whole, without NaN, with a schema version."""

import json
import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from femur_fea.errors import InputError, MissingInputError, OutOfRangeError
from femur_fea.io.atomic import atomic_path

__all__ = ["read_json", "write_json"]

_SCHEMA_VERSION = 1


def write_json(path: Path, content: Mapping[str, Any]) -> None:
    """Write `content` as JSON, whole or not at all.

    Parameters
    ----------
    path : Path
        File name.
    content : mapping
        Numbers (NumPy's too), strings, None, paths, sequences, arrays and mappings of them, keys
        with their unit. `schema_version` 1 is put first where there is none.

    Raises
    ------
    OutOfRangeError
        If a number is NaN or infinite, which JSON cannot hold, with its key.
    DiskSpaceError
        If the disk is full.
    """
    content = {"schema_version": _SCHEMA_VERSION, **content}
    text = json.dumps(_plain(content, ""), indent=2, allow_nan=False, ensure_ascii=False)
    with atomic_path(path) as temporary:
        temporary.write_text(text + "\n", encoding="utf-8")


def read_json(path: Path) -> dict[str, Any]:
    """Read a JSON object.

    Raises
    ------
    MissingInputError
        If there is no such file.
    InputError
        If it is not one JSON object.
    """
    path = Path(path)
    if not path.is_file():
        raise MissingInputError(
            found=f"no file {path.name!r}", expected="a JSON file", remedy="check the path"
        )
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except UnicodeDecodeError:
        raise _not_json(path, "no UTF-8 text") from None
    except json.JSONDecodeError as error:
        raise _not_json(path, f"{error.msg} in line {error.lineno}") from None
    if not isinstance(content, dict):
        raise _not_json(path, f"a {type(content).__name__} at the top")
    return content


def _not_json(path: Path, reason: str) -> InputError:
    return InputError(
        found=f"{path.name!r} cannot be read: {reason}",
        expected="one JSON object",
        remedy="correct the file or let it be written again",
    )


def _plain(value: Any, where: str) -> Any:
    """Return `value` in Python's own types; `where` is its key for the message."""
    if isinstance(value, Mapping):
        return {str(key): _plain(item, f"{where}.{key}") for key, item in value.items()}
    if isinstance(value, np.generic | np.ndarray):
        value = value.tolist()
    if isinstance(value, list | tuple):
        return [_plain(item, f"{where}[{n}]") for n, item in enumerate(value)]
    if isinstance(value, float) and not math.isfinite(value):
        raise OutOfRangeError(
            found=f"{value} at {where.removeprefix('.')}",
            expected="a finite number, or null where a value does not apply",
            remedy="check how it was computed",
        )
    return str(value) if isinstance(value, Path) else value
