"""How a model of a bone fails: by a strain limit, or by yielding as one of two laws says."""

from dataclasses import dataclass
from typing import ClassVar, Literal

from femur_fea.domain import (
    BoneMesh,
    DensityField,
    ElasticField,
    FemoralFrame,
    LabelMask,
    PublishedRecord,
)
from femur_fea.mapping import DEFAULT_MAPPING, MappingSettings
from femur_fea.materials import SOFTENING_LAWS, STRENGTH_LAWS, DensityLaw, SofteningLaw
from femur_fea.strength.criterion import FAILURE_CRITERIA, StrainLimits
from femur_fea.strength.yield_law import (
    YIELD_STRAINS,
    MappedStrength,
    YieldStrains,
    map_strength,
    strength_by_site,
)

__all__ = [
    "FailureModel",
    "StrainFailure",
    "YieldByDensity",
    "YieldBySite",
    "YieldModel",
    "map_yield",
]

type FailureModel = StrainFailure | YieldByDensity | YieldBySite
type YieldModel = YieldByDensity | YieldBySite
type _Parts = tuple[tuple[str, str, PublishedRecord], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class StrainFailure:
    """A linear model that fails where a strain limit is reached.

    Attributes
    ----------
    criterion_name : str
        Strain criterion in `FAILURE_CRITERIA`.
    """

    model: ClassVar[Literal["linear"]] = "linear"
    criterion_name: str

    @property
    def criterion(self) -> StrainLimits:
        """The strain criterion."""
        return FAILURE_CRITERIA[self.criterion_name]

    @property
    def parts(self) -> _Parts:
        """Role, name and record of what the model rests on."""
        return (("failure criterion", self.criterion_name, self.criterion),)


@dataclass(frozen=True, slots=True, kw_only=True)
class YieldByDensity:
    """A nonlinear model whose von Mises yield stress follows from density.

    Attributes
    ----------
    strength_law_name : str
        Yield stress in `STRENGTH_LAWS`.
    softening_law_name : str or None
        How it falls, in `SOFTENING_LAWS`; None for perfect plasticity.
    """

    model: ClassVar[Literal["nonlinear"]] = "nonlinear"
    strength_law_name: str
    softening_law_name: str | None = None

    @property
    def strength_law(self) -> DensityLaw:
        """The density-strength law."""
        return STRENGTH_LAWS[self.strength_law_name]

    @property
    def softening_law(self) -> SofteningLaw | None:
        """The law of the yield stress beyond yield."""
        name = self.softening_law_name
        return None if name is None else SOFTENING_LAWS[name]

    @property
    def parts(self) -> _Parts:
        """Role, name and record of what the model rests on."""
        strength = ("strength law", self.strength_law_name, self.strength_law)
        name, softening = self.softening_law_name, self.softening_law
        if name is None or softening is None:
            return (strength,)
        return (strength, ("softening law", name, softening))


@dataclass(frozen=True, slots=True, kw_only=True)
class YieldBySite:
    """A nonlinear model that yields at strains of its site, other ones in tension and compression.

    Attributes
    ----------
    neck_name : str
        Yield strains of head and neck, in `YIELD_STRAINS`.
    trochanter_name : str
        Those of the femur below.
    """

    model: ClassVar[Literal["nonlinear"]] = "nonlinear"
    neck_name: str
    trochanter_name: str

    @property
    def neck(self) -> YieldStrains:
        """Yield strains of head and neck."""
        return YIELD_STRAINS[self.neck_name]

    @property
    def trochanter(self) -> YieldStrains:
        """Yield strains below the neck."""
        return YIELD_STRAINS[self.trochanter_name]

    @property
    def parts(self) -> _Parts:
        """Role, name and record of what the model rests on."""
        return (
            ("yield strains of head and neck", self.neck_name, self.neck),
            ("yield strains below the neck", self.trochanter_name, self.trochanter),
        )


def map_yield(
    model: YieldModel,
    *,
    density: DensityField,
    femur: LabelMask,
    mesh: BoneMesh,
    elastic: ElasticField,
    frame: FemoralFrame,
    mapping: MappingSettings = DEFAULT_MAPPING,
) -> MappedStrength:
    """Return the yield stresses of a mesh: from its density or from its modulus and site.

    See `map_strength` and `strength_by_site` for arguments and errors.
    """
    match model:
        case YieldByDensity():
            law, softening = model.strength_law, model.softening_law
            return map_strength(density, femur, mesh, law, settings=mapping, softening=softening)
        case YieldBySite():
            field = strength_by_site(
                mesh, elastic, frame, neck=model.neck, trochanter=model.trochanter
            )
            return MappedStrength(strength=field, floor_fraction=0.0)
