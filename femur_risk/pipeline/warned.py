"""The warnings of the project as text."""

import re
import warnings
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from femur_fea.errors import FemurFEAWarning

__all__ = ["recorded_warnings", "unsaid"]

_NUMBER = re.compile(r"\d+(\.\d+)?")


@contextmanager
def recorded_warnings() -> Iterator[list[str]]:
    """Collect the warnings of the project as text; hand on all others when the block ends."""
    texts: list[str] = []
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always", FemurFEAWarning)
        yield texts
    for warning in caught:
        if issubclass(warning.category, FemurFEAWarning):
            texts.append(" ".join(str(warning.message).split()))
        else:
            warnings.warn_explicit(
                warning.message, warning.category, warning.filename, warning.lineno
            )


def unsaid(texts: Iterable[str], said: Iterable[str]) -> tuple[str, ...]:
    """Return each text once that was not said, whatever the numbers in it.

    A changed model warns of what the unchanged one warns of with other numbers.

    Parameters
    ----------
    texts : iterable of str
        Warnings.
    said : iterable of str
        Warnings that were given already.
    """
    wordings = {_NUMBER.sub("#", text) for text in said}
    first: dict[str, str] = {}
    for text in texts:
        first.setdefault(_NUMBER.sub("#", text), text)
    return tuple(text for wording, text in first.items() if wording not in wordings)
