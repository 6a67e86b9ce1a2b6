"""Which lesion a virtual patient has, before it is fitted to the femur."""

from dataclasses import dataclass

import numpy as np

from meshing.lesions import LesionKind, LesionSite, draw_site

__all__ = ["LesionPlan", "draw_plan"]

# choices, all of them
_WITHOUT_LESION = 0.2  # of the patients, so that the table knows bones that nothing weakens
_DIAMETERS = (10.0, 40.0)  # mm
_KINDS: tuple[LesionKind, ...] = ("lytic", "mixed", "blastic")
_KIND_SHARES = {"prostate": (0.1, 0.2, 0.7), "breast": (0.5, 0.3, 0.2)}
_OTHER_SHARES = (0.8, 0.15, 0.05)


@dataclass(frozen=True, slots=True, kw_only=True)
class LesionPlan:
    """Kind, place and size of a lesion.

    Attributes
    ----------
    kind : {"lytic", "mixed", "blastic"}
        What it is.
    site : LesionSite
        Where.
    diameter : float, mm
        Of a ball of its volume.
    """

    kind: LesionKind
    site: LesionSite
    diameter: float


def draw_plan(primary: str, rng: np.random.Generator) -> LesionPlan | None:
    """Return the lesion of a patient with a primary tumour, None for one without lesion."""
    if rng.random() < _WITHOUT_LESION:
        return None
    kind = _KINDS[int(rng.choice(len(_KINDS), p=_KIND_SHARES.get(primary, _OTHER_SHARES)))]
    site = draw_site(rng)
    return LesionPlan(kind=kind, site=site, diameter=float(rng.uniform(*_DIAMETERS)))
