"""Names of sharp kernels: for bone, lung and detail."""

import re
from dataclasses import dataclass, replace

from femur_fea.domain import Effect, Provenance
from femur_risk.quality.effects import KERNEL

__all__ = ["effect_of_kernel"]


@dataclass(frozen=True, slots=True, kw_only=True)
class _SharpNames:
    pattern: re.Pattern[str]
    provenance: Provenance
    source: str


def _from_memory(pattern: str, maker: str, *, flags: re.RegexFlag = re.NOFLAG) -> _SharpNames:
    return _SharpNames(
        pattern=re.compile(pattern, flags),
        provenance="unverified",
        source=f"{maker}, from memory",
    )


_SHARP = (
    _SharpNames(
        pattern=re.compile(r"B[5-8]0s\b"),
        provenance="published",
        source='Siemens, SOMATOM Sensation, "Body Kernels"',
    ),
    _from_memory(r"[A-Z][a-z]?[5-9]\d[a-z]?\b", "Siemens"),  # B70f, Br64, Bl57
    _from_memory(r"(HD[ _]?)?(BONE[ _]?PLUS|BONE|EDGE|LUNG|ULTRA)\b", "GE", flags=re.IGNORECASE),
    _from_memory(r"FC(3\d|5\d|8\d)\b", "Canon and Toshiba", flags=re.IGNORECASE),
    _from_memory(r"(D|E|L|YC|YD|YE)\b", "Philips"),
)


def effect_of_kernel(kernel: str) -> Effect | None:
    """Return what a kernel with the name of a sharp one may do to strength; None for another name.

    The effect is published. It is "unverified" for a name that was not read in its maker's text,
    for then the kernel may be another than the name suggests.
    """
    for names in _SHARP:
        if names.pattern.match(kernel.strip()):
            source = f"{KERNEL.source}; name of the kernel: {names.source}"
            return replace(KERNEL, source=source, provenance=names.provenance)
    return None
