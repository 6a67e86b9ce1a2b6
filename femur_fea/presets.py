"""Complete, citable chains from equivalent density to strength; never mixed."""

from dataclasses import dataclass

from femur_fea.domain import DensityField, DensityKind, LabelMask, PublishedRecord
from femur_fea.loads import LOAD_CASES
from femur_fea.materials import (
    DENSITY_CONVERSIONS,
    MATERIAL_LAWS,
    LinearConversion,
    DensityLaw,
    clamp_negative,
)
from femur_fea.registry import Registry
from femur_fea.strength import FAILURE_CRITERIA, StrainLimits

__all__ = ["PRESETS", "ConvertedDensity", "Preset"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ConvertedDensity:
    """Density as a material law takes it.

    Attributes
    ----------
    density : DensityField
        The density after clamp and conversions.
    clamped_voxels : int
        Voxels of the bone whose equivalent density was below zero and was set to zero.
    total_voxels : int
        Voxels of the bone.
    """

    density: DensityField
    clamped_voxels: int
    total_voxels: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Preset:
    """One published chain, under one name.

    Attributes
    ----------
    name : str
        Name of the preset.
    conversion_names : tuple of str
        Conversions in `DENSITY_CONVERSIONS`, in the order in which they are applied.
    law_name : str
        Law in `MATERIAL_LAWS`.
    nu : float
        Poisson's ratio.
    criterion_name : str
        Criterion in `FAILURE_CRITERIA`.
    load_names : tuple of str
        Load cases that are computed unless others are asked for.
    source : str
        Citation of the chain as a whole.
    """

    name: str
    conversion_names: tuple[str, ...]
    law_name: str
    nu: float
    criterion_name: str
    load_names: tuple[str, ...]
    source: str

    @property
    def conversions(self) -> tuple[LinearConversion, ...]:
        """The density conversions, in order."""
        return tuple(DENSITY_CONVERSIONS[name] for name in self.conversion_names)

    @property
    def law(self) -> DensityLaw:
        """The density-modulus law."""
        return MATERIAL_LAWS[self.law_name]

    @property
    def criterion(self) -> StrainLimits:
        """The failure criterion."""
        return FAILURE_CRITERIA[self.criterion_name]

    @property
    def density_kind(self) -> DensityKind:
        """Which equivalent density a calibration must give."""
        return self.conversions[0].from_kind

    @property
    def unverified(self) -> tuple[str, ...]:
        """Names of the parts whose numbers were not checked against a published text."""
        parts: list[tuple[str, PublishedRecord]] = [
            *zip(self.conversion_names, self.conversions, strict=True),
            (self.law_name, self.law),
            (self.criterion_name, self.criterion),
            *((f"load {name}", LOAD_CASES[name]) for name in self.load_names),
        ]
        return tuple(name for name, part in parts if part.provenance == "unverified")

    def to_law_density(self, density: DensityField, femur: LabelMask) -> ConvertedDensity:
        """Return the density that the law takes: clamped at zero, then converted.

        Raises
        ------
        DensityKindError
            If the calibration gave another kind of equivalent density.
        """
        clamped = clamp_negative(density, femur)
        converted = clamped.density
        for conversion in self.conversions:
            converted = conversion.apply(converted)
        return ConvertedDensity(
            density=converted,
            clamped_voxels=clamped.clamped_voxels,
            total_voxels=clamped.total_voxels,
        )


PRESETS: Registry[Preset] = Registry("preset")

PRESETS.add(
    "bologna",
    Preset(
        name="bologna",
        conversion_names=("schileo_2008", "schileo_2008_apparent"),
        law_name="morgan_2003_femoral_neck",
        nu=0.3,
        criterion_name="schileo_2014",
        load_names=("stance", "fall"),
        source="Schileo et al., J Biomech 2008;41:2483 and 2014;47:3531: R2 0.89, standard error "
        "814 N over 14 femora in stance and fall",
    ),
)
