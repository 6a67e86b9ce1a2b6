"""How thick the cortex is over the femur.

The map joins four regions: head, neck, trochanters and shaft. In the neck the thickness goes from
the inferoanterior to the superoposterior quadrant like a cosine whose means over the two quadrants
are the published ones, but nowhere below 0.25 mm: the cosine alone would pass through zero where
the thin quadrant is thinnest, so that its mean in women comes out at 0.35 for the published 0.33 mm
at 85 years, and at 0.30 for an extrapolated 0.22 mm at 90. In the shaft it follows from the radius
and from the part of the section that is not bone. The rest is a choice that follows maps of
cortical thickness, thin over head and trochanters, thick at the calcar and the linea aspera (Poole
et al. 2012, doi:10.1371/journal.pone.0038466, for the method).
"""

import numpy as np

from femur_fea.domain import FloatArray
from meshing.bone.blending import smooth_step
from meshing.bone.coordinates import FemurCoordinates
from meshing.bone.fields import draw_field
from meshing.bone.published import AGE_COURSES
from meshing.bone.quality import BoneQuality
from meshing.bone.trabeculae import marrow_density

__all__ = ["cortical_density", "cortical_thickness"]

_INFEROANTERIOR = 0.75 * np.pi  # rad round the neck
_QUADRANT_MEAN = np.sin(0.25 * np.pi) / (0.25 * np.pi)  # of a cosine over the quadrant at its peak

# choices; ages and sexes share what the neck does
_HEAD = 0.35  # subchondral plate, of the mean cortex of the neck
_TROCHANTER = 0.40  # lateral wall, of the mean cortex of the neck
_CALCAR = 1.0  # medial wall at the trochanters, of the inferoanterior neck
_POSTERIOR = 0.15  # thicker at the linea aspera, thinner anterior, of the shaft's mean
_MATRIX = 1.21  # g/cm3 CaHA of cortex without pores; 1.15 with the pores of a young shaft
_PORES = 2.5  # porosity of the proximal cortex over that of the shaft; see docs/theory.md
_FLARE = 2.5  # towards the knee the wall thins by this power of the radius: a choice
_LEAST = 0.25  # mm: a choice, about the thinnest plate that holds; see above for what it adds
_MOST_PORES = 0.5  # a choice: beyond it a cortex is trabecular bone
_MOST = 0.8  # of the radius of the shaft: a choice, so that a canal is left

_HEAD_ENDS = (0.45, 0.95)  # head radii along the neck: plate of the head before, neck beyond
_NECK_ENDS = (0.70, 1.00)  # of the neck's length: neck before, trochanters beyond
_SHAFT_BEGINS = (0.9, 3.2)  # head radii below the crossing: trochanters above, shaft below
# laterally the wall thickens from the vastus ridge down, which lies 24.4 +- 2.4 mm above the lesser
# trochanter (Chang et al. 2016, doi:10.13418/j.issn.1001-165x.2016.01.011; see docs/theory.md)
_RIDGE = -0.15  # head radii below the crossing

_PATTERN = 0.10  # relative standard deviation from place to place in one bone
_PATTERN_LENGTH = 0.6  # head radii
_N_WAVES = 48


def cortical_thickness(at: FemurCoordinates, quality: BoneQuality) -> FloatArray:
    """Return the thickness of the cortex that lies nearest to each point, shape (n,), mm.

    At least 0.25 mm, and at most 0.8 of the radius of the shaft.
    """
    inferoanterior, superoposterior = _quadrants(quality)
    neck_mean = 0.5 * (inferoanterior + superoposterior)
    amplitude = 0.5 * (inferoanterior - superoposterior) / _QUADRANT_MEAN
    neck = neck_mean + amplitude * np.cos(at.neck_angle - _INFEROANTERIOR)
    medial = 0.5 * (1.0 - np.cos(at.shaft_angle))
    lateral_wall = _TROCHANTER * neck_mean
    trochanters = lateral_wall + (_CALCAR * inferoanterior - lateral_wall) * medial
    from_head = at.along_neck * at.neck_length / at.head_radius
    thickness = _HEAD * neck_mean + (neck - _HEAD * neck_mean) * _rise(from_head, _HEAD_ENDS)
    thickness += (trochanters - thickness) * _rise(at.along_neck, _NECK_ENDS)
    first, last = _SHAFT_BEGINS
    in_shaft = _rise(at.below, (_RIDGE + (first - _RIDGE) * medial, last))
    thickness += (_shaft(at, quality) - thickness) * in_shaft
    thickness *= quality.cortex * np.exp(_PATTERN * _pattern(at, quality))
    return np.asarray(np.clip(thickness, _LEAST, _MOST * at.shaft_radius))


def cortical_density(at: FemurCoordinates, quality: BoneQuality) -> FloatArray:
    """Return the CaHA density of the cortex nearest to each point, shape (n,), g/cm3.

    Pores are full of marrow; the cortex proximal of the shaft has more of them.
    """
    more = _PORES + (1.0 - _PORES) * _rise(at.below, _SHAFT_BEGINS)
    pores = np.minimum(quality.porosity * more, _MOST_PORES)
    return np.asarray(_MATRIX * (1.0 - pores) + marrow_density(quality) * pores)


def _quadrants(quality: BoneQuality) -> tuple[float, float]:
    """Return the mean thickness of the thickest and the thinnest quadrant of the neck, mm."""
    inferoanterior, superoposterior = (
        AGE_COURSES[f"neck_cortex_{quadrant}"].at(quality.age, quality.sex)
        for quadrant in ("inferoanterior", "superoposterior")
    )
    return inferoanterior, superoposterior


def _shaft(at: FemurCoordinates, quality: BoneQuality) -> FloatArray:
    """Return the thickness of a wall that leaves the published part of the section empty, mm."""
    empty = AGE_COURSES["shaft_medullary_fraction"].at(quality.age, quality.sex)
    wall = at.shaft_radius * (1.0 - np.sqrt(empty)) / at.flare**_FLARE
    return np.asarray(wall * (1.0 - _POSTERIOR * np.sin(at.shaft_angle)))


def _pattern(at: FemurCoordinates, quality: BoneQuality) -> FloatArray:
    rng = np.random.default_rng([quality.pattern_seed, 1])
    field = draw_field(rng, length=_PATTERN_LENGTH, n_waves=_N_WAVES)
    return field.at(at.local / at.head_radius)


def _rise(position: FloatArray, ends: tuple[float | FloatArray, float]) -> FloatArray:
    """Return 0 before the first end, 1 beyond the second."""
    return smooth_step((position - ends[0]) / (ends[1] - ends[0]))
