"""All laws as a Markdown page, so that no list of them is typed by hand."""

from collections.abc import Mapping

from femur_fea.domain import PublishedRecord
from femur_fea.materials.anisotropy import CORTEX_ANISOTROPY
from femur_fea.materials.conversion import DENSITY_CONVERSIONS
from femur_fea.materials.law import DensityLaw
from femur_fea.materials.modulus import MATERIAL_LAWS
from femur_fea.materials.softening import SOFTENING_LAWS
from femur_fea.materials.strength import STRENGTH_LAWS

__all__ = ["laws_page"]

_HEAD = """# Laws

Made from the registries by `.ci/laws_page.py`; do not edit. Densities rho in g/cm3, moduli and
strengths in MPa. A law takes the kind of density that is named and refuses every other one.
"Unverified": these numbers were read neither in the text that is cited nor in open code that uses
them; results that rest on them say so. "Not known": the range of density in which the law was
measured is not known to us.
"""


def laws_page() -> str:
    """Return every registered law with its equation, range, provenance and source."""
    parts = [
        _HEAD,
        _section("Young's modulus", _law_rows(MATERIAL_LAWS), "density", "measured, g/cm3"),
        _section("Strength", _law_rows(STRENGTH_LAWS), "density", "measured, g/cm3"),
        _section("Softening", _softening_rows(), "density", "specimen, mm"),
        _section("Density", _conversion_rows(), "from", "to"),
        _section(
            "Transversely isotropic cortex", _cortex_rows(), "G axial / E", "Poisson's ratios"
        ),
    ]
    return "\n".join(parts)


def _section(title: str, rows: list[str], third: str, fourth: str) -> str:
    head = f"| name | equation | {third} | {fourth} | provenance | source |"
    return "\n".join([f"## {title}", "", head, "|---" * 6 + "|", *rows, ""])


def _law_rows(laws: Mapping[str, DensityLaw]) -> list[str]:
    return [
        _row(name, law.equation, law.density_kind, _range(law.rho_range), law)
        for name, law in laws.items()
    ]


def _softening_rows() -> list[str]:
    return [
        _row(name, law.equation, law.density_kind, f"{law.specimen_length:g}", law)
        for name, law in SOFTENING_LAWS.items()
    ]


def _conversion_rows() -> list[str]:
    return [
        _row(name, record.equation, record.from_kind, record.to_kind, record)
        for name, record in DENSITY_CONVERSIONS.items()
    ]


def _cortex_rows() -> list[str]:
    return [
        _row(
            name,
            f"E transverse = {record.E_transverse:.3f} E axial",
            f"{record.G_axial:.3f}",
            f"axial {record.nu_axial:g}, transverse {record.nu_transverse:g}",
            record,
        )
        for name, record in CORTEX_ANISOTROPY.items()
    ]


def _row(name: str, equation: str, third: str, fourth: str, record: PublishedRecord) -> str:
    return f"| `{name}` | {equation} | {third} | {fourth} | {record.provenance} | {record.source} |"


def _range(measured: tuple[float, float] | None) -> str:
    return "not known" if measured is None else f"{measured[0]:g} to {measured[1]:g}"
