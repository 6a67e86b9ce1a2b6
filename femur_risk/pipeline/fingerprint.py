"""Hashes of what a file or a set of values holds, whatever it is called and wherever it lies."""

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path

__all__ = ["hash_file", "hash_values"]


def hash_file(path: Path) -> str:
    """Return the SHA-256 of a file's bytes, as hexadecimal digits."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def hash_values(values: Mapping[str, object]) -> str:
    """Return a hash of plain values, whatever the order of their keys."""
    text = json.dumps(values, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()
