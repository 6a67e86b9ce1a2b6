"""Lesions drawn by chance, as they occur."""

import numpy as np

from meshing.bone.geometry import BoneGeometry
from meshing.lesions.content import HU_CONTENT
from meshing.lesions.lesion import Lesion, LesionKind
from meshing.lesions.sites import LESION_SITES, LesionSite, place_at_site

__all__ = ["LEVEL_SHARES", "draw_lesion", "draw_site"]

# Of femoral metastases, 50 % neck, 30 % subtrochanteric, 20 % intertrochanteric: read in Feng et
# al. 2016, Medicine 95(28), PMC4956777
LEVEL_SHARES = {"neck": 0.5, "subtrochanteric": 0.3, "intertrochanteric": 0.2}

_DEPTHS = (0.25, 1.0)  # of the diameter, from the surface to the centre: a choice
_AXIS_SD = 0.18  # of the logarithm of the axes: a choice
_ROUGHNESS = (0.05, 0.18)  # a choice
_SEEDS = 2**32


def draw_site(rng: np.random.Generator) -> LesionSite:
    """Return a random site, of a level as often as `LEVEL_SHARES` says."""
    level = rng.choice(list(LEVEL_SHARES), p=list(LEVEL_SHARES.values()))
    sites = [site for name, site in LESION_SITES.items() if name.startswith(f"{level}_")]
    return sites[int(rng.integers(len(sites)))]


def draw_lesion(
    geometry: BoneGeometry,
    rng: np.random.Generator,
    *,
    kind: LesionKind,
    diameter: float,
    site: LesionSite,
) -> Lesion:
    """Return a lesion of random depth, outline and content.

    Parameters
    ----------
    geometry : BoneGeometry
        The femur, from the head to 3 head radii below the lesser trochanter.
    rng : Generator
        Draws it.
    kind : {"lytic", "blastic", "mixed"}
        What it is.
    diameter : float, mm
        Of a ball of its volume.
    site : LesionSite
        Where, as `draw_site` draws it.

    Raises
    ------
    SiteError
        If the image does not show the site.
    """
    depth = diameter * rng.uniform(*_DEPTHS)
    lateral, anterior, proximal = np.exp(_AXIS_SD * rng.standard_normal(3))
    spread = HU_CONTENT.woven_sd / HU_CONTENT.woven
    return Lesion(
        kind=kind,
        centre=place_at_site(geometry, site, diameter=diameter, depth=depth),
        diameter=diameter,
        axes=(float(lateral), float(anterior), float(proximal)),
        roughness=float(rng.uniform(*_ROUGHNESS)),
        sclerosis=float(np.clip(1.0 + spread * rng.standard_normal(), 0.4, 2.0)),
        seed=int(rng.integers(_SEEDS)),
    )
