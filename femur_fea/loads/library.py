"""The load cases by name."""

import math

from femur_fea.loads.axial import AxialLoad
from femur_fea.loads.definition import LoadDefinition
from femur_fea.loads.fall import SidewaysFall
from femur_fea.loads.hip import HipContact
from femur_fea.registry import Registry

__all__ = ["LOAD_CASES", "from_hip98"]

_ORTHOLOAD = (
    "OrthoLoad Hip III, mean over instrumented hips of the subject averages; frame of Bergmann et "
    "al. 2016, doi:10.1371/journal.pone.0155612"
)
_HIP98 = (
    "Heller et al., J Biomech 2005;38:1155, doi:10.1016/j.jbiomech.2004.05.041; the resultant is "
    "that of Bergmann et al. 2001 (HIP98)"
)


def from_hip98(force: tuple[float, float, float]) -> tuple[float, float, float]:
    """Return a HIP98 force, whose +x points medially, in the femoral frame, percent of weight."""
    medial, anterior, proximal = force
    return -medial, anterior, proximal


LOAD_CASES: Registry[LoadDefinition] = Registry("load case")

LOAD_CASES.add(
    "stance",
    HipContact(
        name="stance",
        force_percent_BW=(73.6, -15.0, -248.8),
        source=f"one-legged stance, 10 hips, {_ORTHOLOAD}",
        provenance="published",
    ),
)
LOAD_CASES.add(
    "walking",
    HipContact(
        name="walking",
        force_percent_BW=(67.7, -23.6, -235.8),
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
        force_percent_BW=from_hip98((-59.3, -60.6, -236.3)),
        source=f"climbing stairs, {_HIP98}",
        provenance="unverified",
    ),
)
LOAD_CASES.add(
    "axial",
    AxialLoad(
        name="axial",
        knee_distance=400.0,
        source="force from the head centre to the intercondylar notch, as in the axial tests of "
        "Tanck 2009 and Derikx 2012; the distance of the knee is a modelling choice",
        provenance="unverified",
    ),
)
LOAD_CASES.add(
    "fall",
    SidewaysFall(
        name="fall",
        adduction=math.radians(10.0),
        internal_rotation=math.radians(15.0),
        hinge_distance=200.0,
        source="10 deg adduction and 15 deg internal rotation, the usual laboratory set-up; hinge "
        "at the shaft as in PMC3045472, Figure 4; hinge distance is a modelling choice",
        provenance="unverified",
    ),
)
