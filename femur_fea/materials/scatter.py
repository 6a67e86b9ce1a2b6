"""How far specimens scatter about the published density-modulus laws."""

import math
from dataclasses import dataclass

import numpy as np

from femur_fea.domain import Provenance
from femur_fea.errors import OutOfRangeError
from femur_fea.materials.law import DensityLaw
from femur_fea.materials.modulus import MATERIAL_LAWS
from femur_fea.registry import Registry

__all__ = ["LAW_SCATTER", "LawScatter", "scatter_of_fit"]


@dataclass(frozen=True, slots=True, kw_only=True)
class LawScatter:
    """Scatter of specimens about a law, taken for a factor that is common to a whole bone.

    Attributes
    ----------
    sd : float, dimensionless
        Standard deviation of the natural logarithm of the modulus at a given density.
    source : str
        Citation, and how the number was derived.
    provenance : {"published", "unverified"}
        "unverified" unless the standard deviation itself was read.
    """

    sd: float
    source: str
    provenance: Provenance


LAW_SCATTER: Registry[LawScatter] = Registry("scatter of a material law")


def scatter_of_fit(law: DensityLaw, r2: float) -> float:
    r"""Return the scatter about a law whose fit explains `r2` of the variance of log E.

    Parameters
    ----------
    law : DensityLaw
        With the range in which it was measured.
    r2 : float
        Coefficient of determination of the fit.

    Returns
    -------
    float, dimensionless
        Standard deviation of log E at a given density.

    Notes
    -----
    Specimens spread evenly over log density from :math:`\rho_1` to :math:`\rho_2` make the law
    itself vary by :math:`\ln(E_2 / E_1) / \sqrt{12}`, exact for a power law, and the rest is
    :math:`\sqrt{(1 - R^2) / R^2}` of that.

    Raises
    ------
    OutOfRangeError
        If the range of the law is not known.
    """
    if law.rho_range is None:
        raise OutOfRangeError(
            found=f"a law without a measured range: {law.source}",
            expected="the range of density of its specimens",
            remedy="give the scatter itself",
        )
    low, high = law.value(np.asarray(law.rho_range))
    explained = math.log(high / low) / math.sqrt(12.0)
    return explained * math.sqrt((1.0 - r2) / r2)


_MORGAN_NECK_R2 = 0.85  # 27 specimens, Biomedical Engineering and Design Handbook, Table 9.4

for _name in ("morgan_2003_femoral_neck", "morgan_2003_femoral_neck_ash"):
    LAW_SCATTER.add(
        _name,
        LawScatter(
            sd=scatter_of_fit(MATERIAL_LAWS[_name], _MORGAN_NECK_R2),
            source=f"R2 {_MORGAN_NECK_R2:g} of 27 specimens of {MATERIAL_LAWS[_name].source}; "
            "derived from it and the measured range for specimens spread evenly over log density, "
            "and taken for common to the whole bone",
            provenance="unverified",
        ),
    )
