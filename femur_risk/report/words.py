"""The report's words in one language, and the numbers as it writes them."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

__all__ = ["ENGLISH", "LANGUAGES", "Words", "find_words"]

ENGLISH = "en"
LANGUAGES = (ENGLISH, "de")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Words:
    """A catalogue: `languages/<language>.toml`.

    Attributes
    ----------
    language : str
        Its code.
    entries : mapping from str to mapping from str to str
        Texts by table and key; the table `words` holds what no list of terms does.
    """

    language: str
    entries: Mapping[str, Mapping[str, str]]

    def __getitem__(self, key: str) -> str:
        return self.entries["words"][key]

    def say(self, key: str, **values: str) -> str:
        """Return a sentence with its places filled in."""
        return self[key].format(**values)

    def term(self, table: str, name: str) -> str:
        """Return what a name of the software is called; a name that is not in the table stays."""
        return self.entries[table].get(name.replace(" ", "_"), name)

    def number(self, digits: str) -> str:
        """Return a number in English digits as this language writes it."""
        return digits.translate({ord(","): self["thousands"], ord("."): self["decimal"]})

    @property
    def is_original(self) -> bool:
        """Whether it is the language of what the software says elsewhere."""
        return self.language == ENGLISH


@cache  # a file that comes with the software
def find_words(language: str) -> Words:
    """Return the catalogue of a language in `LANGUAGES`."""
    text = (files("femur_risk.report") / "languages" / f"{language}.toml").read_text("utf-8")
    return Words(language=language, entries=tomllib.loads(text))
