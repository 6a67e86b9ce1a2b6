"""Texts in which no input is called by the name of its file, which can be a patient's."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from femur_fea.errors import FemurFEAError

__all__ = ["anonymous_errors", "without_names"]


def without_names(text: str, inputs: Mapping[str, Path]) -> str:
    """Return a text with the path or file name of every input replaced by its role.

    Parameters
    ----------
    text
        Any message.
    inputs
        Paths of the inputs by role: ct, femur, lesion.
    """
    for role, path in inputs.items():
        called = f"<{role}>"
        for name in (repr(path.name), str(path), path.name):
            text = text.replace(name, called)
    return text


@contextmanager
def anonymous_errors(inputs: Mapping[str, Path]) -> Iterator[None]:
    """Rename the inputs in every error of the project that leaves the block."""
    try:
        yield
    except FemurFEAError as error:
        error.found = without_names(error.found, inputs)
        error.expected = without_names(error.expected, inputs)
        error.remedy = without_names(error.remedy, inputs)
        error.args = (error.found, error.expected, error.remedy)
        raise
