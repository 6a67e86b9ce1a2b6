"""How much farther a lesion strains the bone round it than its lesion-free twin."""

from dataclasses import dataclass

import numpy as np

from femur_fea.domain import BoolArray, FloatArray, Provenance, check_shape
from femur_fea.errors import OutOfRangeError

__all__ = ["STRAIN_FOLD_THRESHOLD", "FoldThreshold", "StrainFold", "strain_fold"]


@dataclass(frozen=True, slots=True, kw_only=True)
class FoldThreshold:
    """A ratio of strains above which fractures were found.

    Attributes
    ----------
    value : float, dimensionless
        The ratio.
    source : str
        Citation.
    provenance : {"published", "unverified"}
        Whether the number was checked against a published text.
    """

    value: float
    source: str
    provenance: Provenance


STRAIN_FOLD_THRESHOLD = FoldThreshold(
    value=1.48,
    source="Sternheim et al., Bone Joint J 2020;102-B, "
    "doi:10.1302/0301-620X.102B5.BJJ-2019-1328.R2: sensitivity 100 % and specificity 67 % on 33 "
    "femora, of which 9 broke; against strains of healthy femora, not of a twin",
    provenance="published",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class StrainFold:
    """Largest strain near a lesion over that at the same place of the twin.

    Attributes
    ----------
    tension, compression : float, dimensionless
        Of the largest and of the smallest principal strain.
    """

    tension: float
    compression: float

    @property
    def largest(self) -> float:
        """The larger of both."""
        return max(self.tension, self.compression)


def strain_fold(bone: FloatArray, twin: FloatArray, near: BoolArray) -> StrainFold:
    """Return the strain fold ratio of a bone with a lesion against its lesion-free twin.

    Each bone's largest strain near the lesion is taken, wherever it lies there, so that a lesion
    that moves the strain a little does not count as one that raises it.

    Parameters
    ----------
    bone, twin : (n, 2), dimensionless
        Largest and smallest principal strain at the same places under the same load, as in
        `StrengthResult.surface_strain`; NaN where they are not judged.
    near : (n,), bool
        Places near the lesion.

    Raises
    ------
    OutOfRangeError
        If no place near the lesion is judged in both, or the twin has no tension or no compression.
    """
    check_shape("bone", bone, (None, 2))
    check_shape("twin", twin, bone.shape)
    both = near & np.isfinite(bone).all(axis=1) & np.isfinite(twin).all(axis=1)
    if not both.any():
        raise OutOfRangeError(
            found="no judged surface of bone near the lesion",
            expected="surface of bone within the distance that counts as near",
            remedy="leave the strain fold ratio out for this lesion and load",
        )
    if not (twin[both, 0].max() > 0.0 > twin[both, 1].min()):
        raise OutOfRangeError(
            found="a twin that is strained in one sense only near the lesion",
            expected="tension and compression there, to compare with",
            remedy="leave the strain fold ratio out for this lesion and load",
        )
    return StrainFold(
        tension=float(bone[both, 0].max() / twin[both, 0].max()),
        compression=float(bone[both, 1].min() / twin[both, 1].min()),
    )
