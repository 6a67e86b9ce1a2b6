"""Rigidity of a bone over that of its twin without a lesion."""

from dataclasses import dataclass

import numpy as np
from scipy.linalg import eigh

from femur_fea.domain import FloatArray
from femur_fea.errors import ShapeError
from femur_fea.strength.rigidity import SectionRigidity, check_any_complete

__all__ = ["RigidityRatio", "compare_rigidity"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class RigidityRatio:
    """Rigidity of a bone's sections over those of its twin.

    Attributes
    ----------
    axial, torsion : (n_sections,), dimensionless
        Ratio of EA and of GJ; NaN where a section of either bone is not complete.
    bending : (n_sections,), dimensionless
        Smallest ratio of EI about one axis, over all axes of the section; NaN likewise.
    """

    axial: FloatArray
    bending: FloatArray
    torsion: FloatArray

    @property
    def smallest(self) -> tuple[float, float, float]:
        """The smallest axial, bending and torsional ratio over the sections."""
        axial, bending, torsion = (
            float(np.nanmin(values)) for values in (self.axial, self.bending, self.torsion)
        )
        return axial, bending, torsion


def compare_rigidity(bone: SectionRigidity, twin: SectionRigidity) -> RigidityRatio:
    """Return the ratio of rigidities, section by section.

    Parameters
    ----------
    bone : SectionRigidity
        The bone with the lesion.
    twin : SectionRigidity
        The same bone without it, or the other side's, cut at the same places on axes of the same
        anatomical directions.

    Raises
    ------
    ShapeError
        If the numbers of sections differ.
    OutOfRangeError
        If no section is complete in both.
    """
    if bone.axial.shape != twin.axial.shape:
        raise ShapeError(
            found=f"{len(bone.axial)} sections of the bone and {len(twin.axial)} of its twin",
            expected="the same sections of both",
            remedy="cut both with planes of the same lengths and steps",
        )
    complete = bone.complete & twin.complete
    check_any_complete(complete)
    bending = np.full(len(complete), np.nan)
    for section in np.flatnonzero(complete):
        bending[section] = eigh(bone.bending[section], twin.bending[section], eigvals_only=True)[0]
    return RigidityRatio(
        axial=np.where(complete, bone.axial / twin.axial, np.nan),
        bending=bending,
        torsion=np.where(complete, bone.torsion / twin.torsion, np.nan),
    )
