"""From a phantom's equivalent density to ash and apparent density."""

from dataclasses import dataclass

import numpy as np

from femur_fea.domain import (
    DensityField,
    DensityKind,
    FloatArray,
    LabelMask,
    Provenance,
    check_density_kind,
)
from femur_fea.registry import Registry

__all__ = [
    "DENSITY_CONVERSIONS",
    "ClampedDensity",
    "LinearConversion",
    "clamp_negative",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class LinearConversion:
    """rho_to = slope rho_from + intercept.

    Attributes
    ----------
    slope : float, dimensionless
        Factor.
    intercept : float, g/cm3
        What a density of zero becomes.
    from_kind, to_kind : {"CaHA", "K2HPO4", "ash", "apparent"}
        Which densities the conversion joins.
    source : str
        Citation.
    provenance : {"published", "unverified"}
        Whether the coefficients were checked against a published text.
    """

    slope: float
    intercept: float
    from_kind: DensityKind
    to_kind: DensityKind
    source: str
    provenance: Provenance

    @property
    def equation(self) -> str:
        """The conversion in g/cm3."""
        return f"{self.slope:.4g} rho" + (f" {self.intercept:+g}" if self.intercept else "")

    def apply(self, density: DensityField) -> DensityField:
        """Return the converted density.

        Raises
        ------
        DensityKindError
            If `density` is of another kind than `from_kind`.
        """
        check_density_kind(
            found=density.kind, expected=self.from_kind, where=f"the conversion of {self.source}"
        )
        rho: FloatArray = self.slope * density.rho + np.float32(self.intercept)
        return DensityField(grid=density.grid, rho=rho, kind=self.to_kind)


DENSITY_CONVERSIONS: Registry[LinearConversion] = Registry("density conversion")

DENSITY_CONVERSIONS.add(
    "schileo_2008",
    LinearConversion(
        slope=0.877,
        intercept=0.079,
        from_kind="CaHA",
        to_kind="ash",
        source="Schileo et al., J Biomech 2008;41:2483, doi:10.1016/j.jbiomech.2008.05.017",
        provenance="published",
    ),
)
DENSITY_CONVERSIONS.add(
    "kaneko_2004",
    LinearConversion(
        slope=0.839,
        intercept=0.0698,
        from_kind="CaHA",
        to_kind="ash",
        source="Kaneko et al., J Biomech 2004;37:523",
        provenance="published",
    ),
)
DENSITY_CONVERSIONS.add(
    "keyak_1994",
    LinearConversion(
        slope=1.06,
        intercept=0.0389,
        from_kind="K2HPO4",
        to_kind="ash",
        source="Keyak et al., J Biomed Mater Res 1994;28:1329",
        provenance="published",
    ),
)
DENSITY_CONVERSIONS.add(
    "les_1994",
    LinearConversion(
        slope=1.22,
        intercept=0.0523,
        from_kind="K2HPO4",
        to_kind="ash",
        source="Les et al., J Orthop Res 1994;12:822, equine bone",
        provenance="unverified",
    ),
)
DENSITY_CONVERSIONS.add(
    "trabecular_apparent",
    LinearConversion(
        slope=1.0 / 0.55,
        intercept=0.0,
        from_kind="ash",
        to_kind="apparent",
        source="ratio of ash to apparent density 0.55, quoted for trabecular bone by older work",
        provenance="unverified",
    ),
)
DENSITY_CONVERSIONS.add(
    "schileo_2008_apparent",
    LinearConversion(
        slope=1.0 / 0.60,
        intercept=0.0,
        from_kind="ash",
        to_kind="apparent",
        source="Schileo et al., J Biomech 2008;41:2483, ratio of ash to apparent density 0.60",
        provenance="published",
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ClampedDensity:
    """A density without negative values, and how many there were.

    Attributes
    ----------
    density : DensityField
        The density, zero where it was negative.
    clamped_voxels : int
        Voxels of the bone that were negative.
    total_voxels : int
        Voxels of the bone.
    """

    density: DensityField
    clamped_voxels: int
    total_voxels: int


def clamp_negative(density: DensityField, femur: LabelMask) -> ClampedDensity:
    """Return the density with negative values set to zero, counting those inside the bone.

    Fat, marrow and tumour have less attenuation than water, so their equivalent density is
    negative. There is no negative mineral: the clamp comes before any conversion, so that an
    intercept is added to zero and never to less.

    Parameters
    ----------
    density : DensityField
        Equivalent density, g/cm3.
    femur : LabelMask
        The bone, on the same grid.
    """
    clamped = int(np.count_nonzero(density.rho[femur.inside] < 0.0))
    rho = np.maximum(density.rho, np.float32(0.0))
    return ClampedDensity(
        density=DensityField(grid=density.grid, rho=rho, kind=density.kind),
        clamped_voxels=clamped,
        total_voxels=int(femur.inside.sum()),
    )
