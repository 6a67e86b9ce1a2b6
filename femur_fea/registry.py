"""Named collections of published records: laws, load cases, criteria, presets."""

import difflib
from collections.abc import Iterable, Iterator, Mapping

from femur_fea.errors import ConfigError, UnknownNameError

__all__ = ["Registry", "unknown_name"]


class Registry[T](Mapping[str, T]):
    """A mapping from names to records that is filled once and never overwritten.

    Parameters
    ----------
    noun : str
        What the records are, for messages: "material law".
    """

    def __init__(self, noun: str) -> None:
        self._noun = noun
        self._items: dict[str, T] = {}

    def add(self, name: str, item: T) -> T:
        """Register `item` under `name` and return it.

        Raises
        ------
        ConfigError
            If the name is taken, for a citable record is never replaced, or if the record itself
            carries another name.
        """
        own_name = getattr(item, "name", name)
        if own_name != name:
            raise ConfigError(
                found=f"a {self._noun} that calls itself {own_name!r}, to be registered as "
                f"{name!r}",
                expected="one name",
                remedy="give the record the name that it is registered under",
            )
        if name in self._items:
            raise ConfigError(
                found=f"a second {self._noun} named {name!r}",
                expected="one record per name",
                remedy="register it under another name",
            )
        self._items[name] = item
        return item

    def __getitem__(self, name: str) -> T:
        try:
            return self._items[name]
        except KeyError:
            raise unknown_name(self._noun, name, self._items) from None

    def __contains__(self, name: object) -> bool:
        return name in self._items

    def __iter__(self) -> Iterator[str]:
        return iter(self._items)

    def __len__(self) -> int:
        return len(self._items)


def unknown_name(noun: str, name: str, known: Iterable[str]) -> UnknownNameError:
    """Return the error of a name that is not registered, with the nearest of those that are."""
    names = sorted(known)
    near = difflib.get_close_matches(name, names, n=1)
    return UnknownNameError(
        found=f"no {noun} named {name!r}",
        expected=f"one of {', '.join(names)}",
        remedy=f"did you mean {near[0]!r}?" if near else "choose one of them",
    )
