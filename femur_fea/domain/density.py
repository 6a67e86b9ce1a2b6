"""Bone density on an image grid."""

from dataclasses import dataclass
from typing import Literal

from femur_fea.domain.arrays import FloatArray, check_finite, check_shape, read_only
from femur_fea.domain.grid import ImageGrid
from femur_fea.errors import DensityKindError

__all__ = ["DensityField", "DensityKind", "check_density_kind"]

type DensityKind = Literal["CaHA", "K2HPO4", "ash", "apparent"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class DensityField:
    """Bone density sampled on an image grid.

    Attributes
    ----------
    grid : ImageGrid
        Where the samples lie (LPS, mm).
    rho : (ni, nj, nk), g/cm3
        Density samples, read-only.
    kind : {"CaHA", "K2HPO4", "ash", "apparent"}
        Which density `rho` is: equivalent of a phantom's mineral, ash or apparent density.
    """

    grid: ImageGrid
    rho: FloatArray
    kind: DensityKind

    def __post_init__(self) -> None:
        check_shape("rho", self.rho, self.grid.shape)
        check_finite("rho", self.rho)
        object.__setattr__(self, "rho", read_only(self.rho))


def check_density_kind(*, found: DensityKind, expected: DensityKind, where: str) -> None:
    """Raise unless a density is of the kind that `where` is made for.

    Raises
    ------
    DensityKindError
        With both kinds.
    """
    if found != expected:
        raise DensityKindError(
            found=f"a density of kind {found!r} for {where}",
            expected=f"kind {expected!r}",
            remedy="choose a calibration or a preset of the same kind ('femur-fea presets' tells "
            "which each takes)",
        )
