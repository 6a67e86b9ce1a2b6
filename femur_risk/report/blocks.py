"""What a report is made of, whichever file shows it: sections of blocks, every string ready."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from femur_risk.report.model import TurnedModel

__all__ = [
    "Block",
    "Document",
    "Fact",
    "Facts",
    "Listing",
    "Picture",
    "Section",
    "Sentences",
    "Table",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Rows under headings.

    Attributes
    ----------
    heading : str
        What it shows; empty where the section says it.
    columns : tuple of str
        Headings.
    rows : tuple of tuple of str
        Cells, the first of each row being its name.
    notes : tuple of str
        What the reader must know of it.
    """

    heading: str = ""
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    notes: tuple[str, ...] = ()
    kind: Literal["table"] = "table"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """A name, its value, and whether the reader must take note of it."""

    name: str
    value: str
    is_alarming: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """Facts under one heading."""

    heading: str
    facts: tuple[Fact, ...]
    kind: Literal["facts"] = "facts"


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """Items under a heading."""

    heading: str
    items: tuple[str, ...]
    kind: Literal["listing"] = "listing"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentences:
    """Sentences that stand on their own.

    Attributes
    ----------
    role : {"result", "warning", "note"}
        How they are told: as the answer, as what limits it, or in passing.
    sentences : tuple of str
        The sentences.
    """

    role: Literal["result", "warning", "note"]
    sentences: tuple[str, ...]
    kind: Literal["sentences"] = "sentences"


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A picture.

    Attributes
    ----------
    png : Path
        The file.
    caption : str
        What it shows.
    is_key : bool
        Whether it is the one that stands beside the result.
    """

    png: Path
    caption: str
    is_key: bool = False
    kind: Literal["picture"] = "picture"


type Block = Table | Facts | Listing | Sentences | Picture | TurnedModel


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """Blocks under a heading.

    Attributes
    ----------
    name : str
        What the style of a page knows it by.
    heading : str
        The heading.
    blocks : tuple of Block, at least one
        From top to bottom.
    """

    name: str
    heading: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A report whose every string is ready to be shown as text.

    Attributes
    ----------
    language : str
        Code of the language of its words.
    title : str
        What it is.
    case_id : str
        Pseudonym.
    notice : str
        What stands on every page.
    year, month, day : int
        Of the run.
    identity : tuple of Fact
        Whose femur it is, and what made the report.
    sections : tuple of Section
        From first to last.
    """

    language: str
    title: str
    case_id: str
    notice: str
    year: int
    month: int
    day: int
    identity: tuple[Fact, ...]
    sections: tuple[Section, ...]

    @property
    def pictures(self) -> tuple[Picture, ...]:
        """All pictures, from first to last."""
        blocks = (block for section in self.sections for block in section.blocks)
        return tuple(block for block in blocks if isinstance(block, Picture))

    @property
    def has_model(self) -> bool:
        """Whether there is something that only a screen can show."""
        blocks = (block for section in self.sections for block in section.blocks)
        return any(isinstance(block, TurnedModel) for block in blocks)
