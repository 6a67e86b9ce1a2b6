"""The load cases and their families by name."""

import math

from femur_fea.loads.axial import AxialLoad
from femur_fea.loads.bending import FourPointBending
from femur_fea.loads.definition import LoadDefinition
from femur_fea.loads.fall import SidewaysFall
from femur_fea.loads.family import (
    LoadFamily,
    bending_directions,
    edge_of_falls,
    fall_directions,
)
from femur_fea.loads.hip import HipContact
from femur_fea.loads.muscles import HipWithMuscles, MuscleForce
from femur_fea.loads.torsion import ShaftTorsion
from femur_fea.registry import Registry, unknown_name

__all__ = ["LOAD_CASES", "LOAD_FAMILIES", "find_load", "from_hip98"]

type _Vector = tuple[float, float, float]

_ORTHOLOAD = (
    "OrthoLoad Hip III, mean over instrumented hips of the subject averages; frame of Bergmann et "
    "al. 2016, doi:10.1371/journal.pone.0155612"
)
_HELLER = "Heller et al., J Biomech 2005;38:1155, doi:10.1016/j.jbiomech.2004.05.041"
_HIP98 = f"{_HELLER}; the resultant is that of Bergmann et al. 2001 (HIP98)"
_ATTACHED = (
    "the middles of the attachments are found from the femoral frame instead of the paper's "
    "coordinates"
)


def from_hip98(force: _Vector) -> _Vector:
    """Return a HIP98 force, whose +x points medially, in the femoral frame, percent of weight."""
    medial, anterior, proximal = force
    return -medial, anterior, proximal


def _along(direction: _Vector, percent: float) -> _Vector:
    """Return a force of a given resultant along another one, percent of body weight."""
    x, y, z = (percent / math.hypot(*direction) * component for component in direction)
    return x, y, z


def find_load(name: str) -> LoadDefinition | LoadFamily:
    """Return the load case or the family of a name.

    Raises
    ------
    UnknownNameError
        If there is none, with the nearest name.
    """
    for registry in (LOAD_FAMILIES, LOAD_CASES):
        if name in registry:
            return registry[name]
    raise unknown_name("load case or family", name, (*LOAD_CASES, *LOAD_FAMILIES))


LOAD_CASES: Registry[LoadDefinition] = Registry("load case")
LOAD_FAMILIES: Registry[LoadFamily] = Registry("family of load cases")

_STANCE = (73.6, -15.0, -248.8)
_WALKING = (67.7, -23.6, -235.8)
_STAIRS_UP = from_hip98((-59.3, -60.6, -236.3))

LOAD_CASES.add(
    "stance",
    HipContact(
        name="stance",
        force_percent_BW=_STANCE,
        source=f"one-legged stance, 10 hips, {_ORTHOLOAD}",
        provenance="published",
    ),
)
LOAD_CASES.add(
    "stance_cup",
    HipContact(
        name="stance_cup",
        force_percent_BW=_STANCE,
        contact="guided cup",
        source=f"one-legged stance, 10 hips, {_ORTHOLOAD}; driven by a rigid cup that holds the "
        "head, a modelling choice",
        provenance="unverified",
    ),
)
LOAD_CASES.add(
    "walking",
    HipContact(
        name="walking",
        force_percent_BW=_WALKING,
        source=f"level walking, mean of both peaks, 10 hips, {_ORTHOLOAD}",
        provenance="published",
    ),
)
LOAD_CASES.add(
    "chair_rise",
    HipContact(
        name="chair_rise",
        force_percent_BW=(86.1, -23.4, -194.5),
        source=f"standing up from a chair, 9 hips, {_ORTHOLOAD}",
        provenance="published",
    ),
)
LOAD_CASES.add(
    "stairs_up",
    HipContact(
        name="stairs_up",
        force_percent_BW=_STAIRS_UP,
        source=f"climbing stairs, {_HIP98}",
        provenance="unverified",
    ),
)
LOAD_CASES.add(
    "stairs_down",
    HipContact(
        name="stairs_down",
        force_percent_BW=_along(_WALKING, 260.0),
        source="going down stairs, resultant of 260 % of body weight, 4 hips, Bergmann et al., J "
        "Biomech 2001;34:859 (HIP98); its direction was not read, that of level walking is taken",
        provenance="unverified",
    ),
)
LOAD_CASES.add(
    "stumble",
    HipContact(
        name="stumble",
        force_percent_BW=_along(_WALKING, 870.0),
        source="stumbling, the larger of two observed resultants, 720 and 870 % of body weight, "
        "Bergmann et al., J Biomech 1993;26:969; the direction of level walking is taken, for that "
        "of high forces was found to change little in the frontal plane",
        provenance="unverified",
    ),
)
LOAD_CASES.add(
    "walking_muscles",
    HipWithMuscles(
        name="walking_muscles",
        force_percent_BW=from_hip98((-54.0, -32.8, -229.2)),
        muscles=(
            MuscleForce(
                muscle="abductors",
                site="greater trochanter",
                force_percent_BW=from_hip98((58.0, 4.3, 86.5)),
            ),
            MuscleForce(
                muscle="tensor fasciae latae, proximal part",
                site="greater trochanter",
                force_percent_BW=from_hip98((7.2, 11.6, 13.2)),
            ),
            MuscleForce(
                muscle="tensor fasciae latae, distal part",
                site="greater trochanter",
                force_percent_BW=from_hip98((-0.5, -0.7, -19.0)),
            ),
            MuscleForce(
                muscle="vastus lateralis",
                site="lateral shaft",
                force_percent_BW=from_hip98((-0.9, 18.5, -92.9)),
            ),
        ),
        source=f"level walking with muscles, {_HIP98}; {_ATTACHED}",
        provenance="unverified",
    ),
)
LOAD_CASES.add(
    "stairs_up_muscles",
    HipWithMuscles(
        name="stairs_up_muscles",
        force_percent_BW=_STAIRS_UP,
        muscles=(
            MuscleForce(
                muscle="abductors",
                site="greater trochanter",
                force_percent_BW=from_hip98((70.1, 28.8, 84.9)),
            ),
            MuscleForce(
                muscle="iliotibial tract, proximal part",
                site="greater trochanter",
                force_percent_BW=from_hip98((10.5, 3.0, 12.8)),
            ),
            MuscleForce(
                muscle="iliotibial tract, distal part",
                site="greater trochanter",
                force_percent_BW=from_hip98((-0.5, -0.8, -16.8)),
            ),
            MuscleForce(
                muscle="tensor fasciae latae, proximal part",
                site="greater trochanter",
                force_percent_BW=from_hip98((3.1, 4.9, 2.9)),
            ),
            MuscleForce(
                muscle="tensor fasciae latae, distal part",
                site="greater trochanter",
                force_percent_BW=from_hip98((-0.2, -0.3, -6.5)),
            ),
            MuscleForce(
                muscle="vastus lateralis",
                site="lateral shaft",
                force_percent_BW=from_hip98((-2.2, 22.4, -135.1)),
            ),
            MuscleForce(
                muscle="vastus medialis",
                site="medial shaft",
                force_percent_BW=from_hip98((-8.8, 39.6, -267.1)),
            ),
        ),
        source=f"climbing stairs with muscles, {_HIP98}; {_ATTACHED}",
        provenance="unverified",
    ),
)
_AXIAL = (
    "force from the head centre to the intercondylar notch, as in the axial tests of Tanck 2009 "
    "and Derikx 2012; the distance of the knee is a modelling choice"
)
LOAD_CASES.add(
    "axial",
    AxialLoad(name="axial", knee_distance=400.0, source=_AXIAL, provenance="unverified"),
)
LOAD_CASES.add(
    "axial_cup",
    AxialLoad(
        name="axial_cup",
        knee_distance=400.0,
        contact="guided cup",
        source=f"{_AXIAL}; driven by a rigid cup that holds the head",
        provenance="unverified",
    ),
)

_FALL = SidewaysFall(
    name="fall",
    adduction=math.radians(10.0),
    internal_rotation=math.radians(15.0),
    hinge_distance=200.0,
    source="10 deg adduction and 15 deg internal rotation, the usual laboratory set-up; hinge "
    "at the shaft as in PMC3045472, Figure 4; hinge distance is a modelling choice",
    provenance="unverified",
)
LOAD_CASES.add("fall", _FALL)
_FALLS = fall_directions(
    _FALL, adduction_deg=range(0, 31, 10), internal_rotation_deg=range(-30, 31, 10)
)
LOAD_FAMILIES.add(
    "fall_grid",
    LoadFamily(
        name="fall_grid",
        members=_FALLS,
        edge=edge_of_falls(_FALLS),
        source=f"{len(_FALLS)} directions, about as many as the risk model of Bhattacharya et al. "
        "2019 is said to take; their angles, 0 to 30 deg of adduction and 30 deg of rotation "
        "either way, are a modelling choice",
        provenance="unverified",
    ),
)

_SHAFT = "a set-up of the laboratory: its grips and their places are modelling choices"
for _turns in ("internal", "external"):
    LOAD_CASES.add(
        f"torsion_{_turns}",
        ShaftTorsion(
            name=f"torsion_{_turns}",
            turns=_turns,
            source=f"torsion of the shaft, as tested by Spruijt et al. 2006; {_SHAFT}",
            provenance="unverified",
        ),
    )
_BENDING = f"four-point bending of the shaft, as tested by Keyak et al. 2005; {_SHAFT}"
for _angle, _towards in enumerate(("lateral", "anterior", "medial", "posterior")):
    LOAD_CASES.add(
        f"bending_{_towards}",
        FourPointBending(
            name=f"bending_{_towards}",
            direction=_angle * math.pi / 2.0,
            source=_BENDING,
            provenance="unverified",
        ),
    )
LOAD_FAMILIES.add(
    "bending_grid",
    LoadFamily(
        name="bending_grid",
        members=bending_directions(
            FourPointBending(
                name="bending", direction=0.0, source=_BENDING, provenance="unverified"
            ),
            degrees=range(0, 360, 45),
        ),
        source=_BENDING,
        provenance="unverified",
    ),
)
