"""Published elastic constants of cortical bone that is stiffer along the shaft than across it."""

from femur_fea.domain import TransverseRatios
from femur_fea.registry import Registry

__all__ = ["CORTEX_ANISOTROPY", "DEFAULT_ANISOTROPY"]

CORTEX_ANISOTROPY: Registry[TransverseRatios] = Registry("anisotropy of the cortex")

# wet bone and machine tests; ultrasound of dried bone gives higher moduli
DEFAULT_ANISOTROPY = "reilly_burstein_1975"

CORTEX_ANISOTROPY.add(
    "reilly_burstein_1975",
    TransverseRatios(
        E_transverse=11.5 / 17.0,
        G_axial=3.3 / 17.0,
        nu_axial=0.46,
        nu_transverse=0.58,
        source="Reilly and Burstein, J Biomech 1975;8:393, machine tests of the human femur: 17.0 "
        "and 11.5 GPa, shear 3.3 GPa; read as quoted from Cowin, Bone Mechanics 1989, Table 3",
        provenance="unverified",
    ),
)
CORTEX_ANISOTROPY.add(
    "yoon_katz_1976",
    TransverseRatios(
        E_transverse=18.8 / 27.4,
        G_axial=8.71 / 27.4,
        nu_axial=0.281,
        nu_transverse=0.312,
        source="Yoon and Katz, J Biomech 1976;9:459, ultrasound of the dried human femur: 27.4 and "
        "18.8 GPa, shear 8.71 GPa; read as quoted from Cowin, Bone Mechanics 1989, Table 3",
        provenance="unverified",
    ),
)
