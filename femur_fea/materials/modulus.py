"""Published density-modulus laws."""

from femur_fea.materials.law import DensityLaw, PowerLaw
from femur_fea.materials.rate import StrainRateLaw
from femur_fea.materials.segments import PowerSegment, SegmentedLaw
from femur_fea.registry import Registry

__all__ = ["MATERIAL_LAWS"]

_MORGAN = "Morgan et al., J Biomech 2003;36:897, doi:10.1016/S0021-9290(03)00071-X"
_KEAVENY_OPEN = (
    "Morgan 2003 times 1.28 for the side artefact of machined specimens, as used by the open "
    "solver parosol-py for asymmetric yield strains (Morgan and Keaveny 2001)"
)

MATERIAL_LAWS: Registry[DensityLaw] = Registry("material law")

MATERIAL_LAWS.add(
    "morgan_2003_femoral_neck",
    PowerLaw(
        a=6850.0,
        b=1.49,
        density_kind="apparent",
        rho_range=(0.26, 0.75),
        source=_MORGAN,
        provenance="published",
    ),
)
# the law above times 0.60^-1.49, for the ratio of ash to apparent density of Schileo et al. 2008
MATERIAL_LAWS.add(
    "morgan_2003_femoral_neck_ash",
    PowerLaw(
        a=14664.0,
        b=1.49,
        density_kind="ash",
        rho_range=(0.156, 0.45),
        source=f"{_MORGAN}, restated for ash density over apparent density of 0.60",
        provenance="published",
    ),
)
MATERIAL_LAWS.add(
    "morgan_2003_greater_trochanter",
    PowerLaw(a=15010.0, b=2.18, density_kind="apparent", source=_MORGAN, provenance="published"),
)
MATERIAL_LAWS.add(
    "morgan_2003_proximal_tibia",
    PowerLaw(a=15490.0, b=1.93, density_kind="apparent", source=_MORGAN, provenance="published"),
)
MATERIAL_LAWS.add(
    "morgan_2003_vertebra",
    PowerLaw(a=4730.0, b=1.56, density_kind="apparent", source=_MORGAN, provenance="published"),
)
MATERIAL_LAWS.add(
    "keaveny_open_femoral_neck",
    PowerLaw(
        a=8768.0, b=1.49, density_kind="apparent", source=_KEAVENY_OPEN, provenance="published"
    ),
)
MATERIAL_LAWS.add(
    "keaveny_open_greater_trochanter",
    PowerLaw(
        a=19212.8, b=2.18, density_kind="apparent", source=_KEAVENY_OPEN, provenance="published"
    ),
)
MATERIAL_LAWS.add(
    "keaveny_open_vertebra",
    PowerLaw(
        a=3814.4,
        b=1.05,
        density_kind="K2HPO4",
        source="Kopperdahl et al., J Orthop Res 2002, times 1.28 for the side artefact, as used by "
        "the open solver parosol-py",
        provenance="published",
    ),
)
MATERIAL_LAWS.add(
    "keyak_1994",
    PowerLaw(
        a=14900.0,
        b=1.86,
        density_kind="ash",
        source="Keyak et al., J Biomed Mater Res 1994;28:1329, as used by Keyak 2005, Derikx 2012",
        provenance="unverified",
    ),
)
MATERIAL_LAWS.add(
    "keller_1994_piecewise",
    SegmentedLaw(
        segments=(
            PowerSegment(a=33900.0, b=2.20, up_to=0.27),
            PowerSegment(a=5307.0, b=1.0, c=469.0, up_to=0.60),
            PowerSegment(a=10200.0, b=2.01),
        ),
        density_kind="ash",
        source="Keller, J Biomech 1994;27:1159, in the form of Keyak 1998",
        provenance="unverified",
    ),
)
MATERIAL_LAWS.add(
    "keller_1994_pooled",
    PowerLaw(
        a=10500.0,
        b=2.29,
        density_kind="ash",
        source="Keller, J Biomech 1994;27:1159, pooled",
        provenance="published",
    ),
)
MATERIAL_LAWS.add(
    "carter_hayes_1977",
    StrainRateLaw(
        a=3790.0,
        b=3.0,
        m=0.06,
        strain_rate=1.0,
        density_kind="apparent",
        source="Carter and Hayes, J Bone Joint Surg Am 1977;59:954",
        provenance="unverified",
    ),
)
MATERIAL_LAWS.add(
    "kopperdahl_2002_vertebra",
    PowerLaw(
        a=2980.0,
        b=1.05,
        density_kind="K2HPO4",
        source="Kopperdahl et al., J Orthop Res 2002",
        provenance="published",
    ),
)
MATERIAL_LAWS.add(
    "crawford_2003_vertebra",
    SegmentedLaw(
        segments=(PowerSegment(a=3230.0, b=1.0, c=-34.7),),
        density_kind="K2HPO4",
        source="Crawford et al., Bone 2003, voxels of vertebrae, as used by the open Bonelab/Ogo",
        provenance="published",
    ),
)
MATERIAL_LAWS.add(
    "snyder_1991_trabecular",
    SegmentedLaw(
        segments=(PowerSegment(a=820.0, b=2.0, c=70.0),),
        density_kind="apparent",
        source="Rice 1988, Snyder and Schneider 1991, as in CT-based rigidity analysis",
        provenance="unverified",
    ),
)
# trabecular and cortical line join where they cross, near the 1.1 g/cm3 that the analysis names:
# a switch at 1.1 itself would make denser bone softer
MATERIAL_LAWS.add(
    "snyder_1991",
    SegmentedLaw(
        segments=(
            PowerSegment(a=820.0, b=2.0, c=70.0, up_to=1.12296),
            PowerSegment(a=21910.0, b=1.0, c=-23500.0),
        ),
        density_kind="apparent",
        source="Rice 1988, Snyder and Schneider 1991, as in CT-based rigidity analysis",
        provenance="unverified",
    ),
)
for _tissue, _direction, _a, _b in (
    ("cortical", "axial", 2065.0, 3.09),
    ("cortical", "transverse", 2314.0, 1.57),
    ("trabecular", "axial", 1904.0, 1.64),
    ("trabecular", "transverse", 1157.0, 1.78),
):
    MATERIAL_LAWS.add(
        f"wirtz_2000_{_tissue}_{_direction}",
        PowerLaw(
            a=_a,
            b=_b,
            density_kind="apparent",
            source=f"Wirtz et al., J Biomech 2000;33:1325, review, {_tissue} femur, {_direction}",
            provenance="unverified",
        ),
    )
