"""All loads as a Markdown page, so that no list of them is typed by hand."""

from collections.abc import Mapping

from femur_fea.loads.definition import LoadDefinition
from femur_fea.loads.family import LoadFamily
from femur_fea.loads.library import LOAD_CASES, LOAD_FAMILIES

__all__ = ["loads_page"]

_HEAD = """# Loads

Made from the registries by `.ci/loads_page.py`; do not edit. Forces in the femoral frame: +x
lateral, +y anterior, +z proximal. "Unverified": these numbers were read neither
in the text that is cited nor in open code that uses them, or a part of the load is a modelling
choice; reports name every such load. How each acts on a mesh, and what it needs of the shaft, is
told in [theory.md](theory.md).
"""
_DIRECTIONS = """## Directions

What the names stand for by which `strength.json`, terminal and report call the directions of a
family. A fall's adduction is the angle by which the proximal end of the shaft is tilted into the
plate; internal rotation turns the posterolateral side to the plate. Bending is told by the side to
which the middle of the shaft is pushed and which is stretched: 0 degrees is lateral, 90 anterior,
180 medial, 270 posterior.

| family | direction | what it is |
|---|---|---|"""


def loads_page() -> str:
    """Return every registered load with what acts, its provenance and its source."""
    return "\n".join(
        [
            _HEAD,
            _section("Load cases", LOAD_CASES),
            _section("Families", LOAD_FAMILIES),
            _directions(),
        ]
    )


def _section(title: str, records: Mapping[str, LoadDefinition] | Mapping[str, LoadFamily]) -> str:
    rows = [
        f"| `{name}` | {record.description} | {record.provenance} | {record.source} |"
        for name, record in records.items()
    ]
    head = "| name | what acts | provenance | source |"
    return "\n".join([f"## {title}", "", head, "|---" * 4 + "|", *rows, ""])


def _directions() -> str:
    rows = [
        f"| `{family.name}` | `{member.name}` | {member.direction_words} |"
        for family in LOAD_FAMILIES.values()
        for member in family.members
    ]
    return "\n".join([_DIRECTIONS, *rows, ""])
