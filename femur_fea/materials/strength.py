"""Published density-strength laws."""

from femur_fea.materials.law import DensityLaw, PowerLaw
from femur_fea.materials.segments import PowerSegment, SegmentedLaw
from femur_fea.registry import Registry

__all__ = ["STRENGTH_LAWS"]

STRENGTH_LAWS: Registry[DensityLaw] = Registry("strength law")

STRENGTH_LAWS.add(
    "keyak_2001",
    PowerLaw(
        a=102.0,
        b=1.80,
        density_kind="ash",
        source="Keyak, Med Eng Phys 2001;23:165; Keyak et al., Clin Orthop 2005;437:219",
        provenance="unverified",
    ),
)
STRENGTH_LAWS.add(
    "keyak_1998",
    SegmentedLaw(
        segments=(PowerSegment(a=137.0, b=1.88, up_to=0.317), PowerSegment(a=114.0, b=1.72)),
        density_kind="ash",
        source="Keyak et al. 1998, linear femur models",
        provenance="unverified",
    ),
)
STRENGTH_LAWS.add(
    "keller_1994",
    PowerLaw(
        a=117.0,
        b=1.93,
        density_kind="ash",
        source="Keller, J Biomech 1994;27:1159",
        provenance="unverified",
    ),
)
STRENGTH_LAWS.add(
    "kopperdahl_2002_vertebra",
    PowerLaw(
        a=37.4,
        b=1.39,
        density_kind="K2HPO4",
        source="Kopperdahl et al., J Orthop Res 2002",
        provenance="published",
    ),
)
STRENGTH_LAWS.add(
    "keaveny_open_vertebra",
    PowerLaw(
        a=57.4464,
        b=1.39,
        density_kind="K2HPO4",
        source="Kopperdahl et al., J Orthop Res 2002, times 1.536 as used by the open solver "
        "parosol-py",
        provenance="published",
    ),
)
