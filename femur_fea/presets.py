"""Complete, citable chains from equivalent density to strength; never mixed."""

from dataclasses import dataclass
from typing import Literal

from femur_fea.domain import DensityField, DensityKind, LabelMask, PublishedRecord
from femur_fea.materials import (
    DENSITY_CONVERSIONS,
    MATERIAL_LAWS,
    ClampedDensity,
    DensityLaw,
    LinearConversion,
    clamp_negative,
)
from femur_fea.registry import Registry
from femur_fea.strength import FailureModel, StrainFailure, YieldByDensity, YieldBySite

__all__ = ["PRESETS", "MeshError", "Preset", "PresetPart"]


@dataclass(frozen=True, slots=True, kw_only=True)
class PresetPart:
    """One record of a chain: what it is for, its name in its registry, and the record."""

    role: str
    name: str
    record: PublishedRecord


@dataclass(frozen=True, slots=True, kw_only=True)
class MeshError:
    """Error of strength on the virtual femur with a mesh, against an infinitely fine one of tet10.

    Attributes
    ----------
    edge_length_mm : float
        Edge length of the mesh.
    percent : (float, float)
        Least and largest error over loads, with and without the lesion; positive where strength
        is too high.
    sd_percent : float or None
        Largest standard deviation of it over meshes of nearly this edge length, where several
        were measured.
    loss_points : float or None
        Largest error of the strength loss to the lesion, percentage points, where it is stated.
    """

    edge_length_mm: float
    percent: tuple[float, float]
    sd_percent: float | None = None
    loss_points: float | None = None

    def __str__(self) -> str:
        low, high = self.percent
        if low * high < 0.0:
            return f"{-low:.1f} % below to {high:.1f} % above"
        near, far = sorted((abs(low), abs(high)))
        return f"{near:.1f} to {far:.1f} % {'above' if high > 0.0 else 'below'}"


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
    failure : StrainFailure, YieldByDensity or YieldBySite
        How the model fails.
    standard_error_N : float or None
        Standard error of predicted strength against experiment that the chain's authors report.
    load_names : tuple of str
        Load cases that are computed unless others are asked for.
    edge_length_mm : float
        Edge length of the mesh unless another one is asked for.
    mesh_errors : tuple of MeshError
        What was measured of the mesh (benchmarks/results/mesh.json): first with that edge length,
        then with others.
    source : str
        Citation of the chain as a whole.
    cube_errors : tuple of MeshError
        What was measured of cubes (benchmarks/results/mesh_hex8.json), by edge length, the least
        first: of all whose edges differ by at most a tenth. Empty where nothing was.
    """

    name: str
    conversion_names: tuple[str, ...]
    law_name: str
    nu: float
    failure: FailureModel
    standard_error_N: float | None
    load_names: tuple[str, ...]
    edge_length_mm: float
    mesh_errors: tuple[MeshError, ...]
    source: str
    cube_errors: tuple[MeshError, ...] = ()

    @property
    def model(self) -> Literal["linear", "nonlinear"]:
        """Whether strength is scaled from a linear solution or read from a curve to failure."""
        return self.failure.model

    @property
    def edge_length_reason(self) -> str:
        """What the edge length was measured by."""
        default, *others = self.mesh_errors
        scatter = default.sd_percent
        return "".join(
            (
                f"virtual femur: strength {default} that on an infinitely fine mesh",
                *(f", {other} with {other.edge_length_mm:g} mm" for other in others),
                f"; meshes of nearly that edge scatter with a standard deviation of {scatter:g} %"
                if scatter is not None
                else "",
            )
        )

    @property
    def conversions(self) -> tuple[LinearConversion, ...]:
        """The density conversions, in order."""
        return tuple(DENSITY_CONVERSIONS[name] for name in self.conversion_names)

    @property
    def law(self) -> DensityLaw:
        """The density-modulus law."""
        return MATERIAL_LAWS[self.law_name]

    @property
    def density_kind(self) -> DensityKind:
        """Which equivalent density a calibration must give."""
        return self.conversions[0].from_kind

    @property
    def parts(self) -> tuple[PresetPart, ...]:
        """Every record of the chain but its loads, in the order of use."""
        conversions = zip(self.conversion_names, self.conversions, strict=True)
        parts: list[tuple[str, str, PublishedRecord]] = [
            *(("density conversion", name, record) for name, record in conversions),
            ("material law", self.law_name, self.law),
            *self.failure.parts,
        ]
        return tuple(
            PresetPart(role=role, name=name, record=record) for role, name, record in parts
        )

    def to_law_density(self, density: DensityField, femur: LabelMask) -> ClampedDensity:
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
        return ClampedDensity(
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
        failure=StrainFailure(criterion_name="schileo_2014"),
        standard_error_N=814.0,
        load_names=("stance", "fall"),
        edge_length_mm=3.0,
        mesh_errors=(MeshError(edge_length_mm=3.0, percent=(0.1, 1.3), sd_percent=2.7),),
        cube_errors=(
            MeshError(edge_length_mm=1.5, percent=(-5.5, 7.3), loss_points=1.0),
            MeshError(edge_length_mm=2.0, percent=(-6.8, -1.9), loss_points=1.0),
            MeshError(edge_length_mm=2.5, percent=(0.5, 5.5), loss_points=2.0),
            MeshError(edge_length_mm=3.0, percent=(-7.0, 10.1), loss_points=4.0),
            MeshError(edge_length_mm=4.0, percent=(-12.8, -1.5), loss_points=1.0),
            MeshError(edge_length_mm=5.0, percent=(16.6, 37.7), loss_points=12.0),
            MeshError(edge_length_mm=6.0, percent=(5.0, 20.4), loss_points=5.0),
            MeshError(edge_length_mm=8.0, percent=(-7.2, 32.0), loss_points=30.0),
            MeshError(edge_length_mm=10.0, percent=(-6.5, 25.8), loss_points=24.0),
        ),
        source="Schileo et al., J Biomech 2008;41:2483 and 2014;47:3531: R2 0.89, standard error "
        "814 N over 14 femora in stance and fall",
    ),
)
PRESETS.add(
    "nijmegen",
    Preset(
        name="nijmegen",
        conversion_names=("keyak_1994",),
        law_name="keyak_1994",
        nu=0.3,
        failure=YieldByDensity(strength_law_name="keyak_2001"),
        standard_error_N=None,
        load_names=("axial",),
        edge_length_mm=2.2,
        mesh_errors=(
            MeshError(edge_length_mm=2.2, percent=(1.0, 2.3)),
            MeshError(edge_length_mm=3.0, percent=(2.7, 4.5)),
        ),
        cube_errors=(
            MeshError(edge_length_mm=2.2, percent=(5.5, 12.0), loss_points=4.0),
            MeshError(edge_length_mm=3.0, percent=(6.7, 14.1), loss_points=4.0),
            MeshError(edge_length_mm=4.0, percent=(7.5, 16.1), loss_points=5.0),
            MeshError(edge_length_mm=5.0, percent=(14.7, 39.4), loss_points=13.0),
        ),
        source="Keyak et al. 1994, 2001 and 2005; Tanck et al. 2009; Derikx et al. 2012 (R2 0.90 "
        "to 0.93 over 10 pairs); perfectly plastic beyond yield, without their softening branch",
    ),
)
PRESETS.add(
    "nijmegen_softening",
    Preset(
        name="nijmegen_softening",
        conversion_names=("keyak_1994",),
        law_name="keyak_1994",
        nu=0.3,
        failure=YieldByDensity(strength_law_name="keyak_2001", softening_law_name="keyak_2005"),
        standard_error_N=None,
        load_names=("axial",),
        edge_length_mm=3.0,
        mesh_errors=(MeshError(edge_length_mm=3.0, percent=(-0.3, -0.1)),),
        cube_errors=(
            MeshError(edge_length_mm=3.0, percent=(-5.5, -4.7), loss_points=0.0),
            MeshError(edge_length_mm=4.0, percent=(-8.8, -7.8), loss_points=1.0),
            MeshError(edge_length_mm=5.0, percent=(-0.7, 14.0), loss_points=8.0),
        ),
        source="As nijmegen, with the plateau and the softening branch of Keyak 2001 and 2005; "
        "the fall is scaled to the size of the cells by a crack band, which need not be the "
        "authors' way",
    ),
)
PRESETS.add(
    "keaveny_open",
    Preset(
        name="keaveny_open",
        conversion_names=("schileo_2008", "schileo_2008_apparent"),
        law_name="keaveny_open_femoral_neck",
        nu=0.3,
        failure=YieldBySite(
            neck_name="morgan_2001_femoral_neck", trochanter_name="morgan_2001_greater_trochanter"
        ),
        standard_error_N=None,
        load_names=("fall",),
        edge_length_mm=2.5,
        mesh_errors=(
            MeshError(edge_length_mm=2.5, percent=(1.0, 2.1)),
            MeshError(edge_length_mm=3.0, percent=(1.7, 3.1)),
        ),
        cube_errors=(
            MeshError(edge_length_mm=2.5, percent=(-1.0, 1.3), loss_points=2.0),
            MeshError(edge_length_mm=3.0, percent=(-1.6, -0.7), loss_points=1.0),
            MeshError(edge_length_mm=4.0, percent=(-5.4, -0.3), loss_points=4.0),
            MeshError(edge_length_mm=5.0, percent=(4.8, 8.6), loss_points=3.0),
        ),
        source="Morgan et al. 2003 and Morgan and Keaveny 2001 as in the open solver parosol-py; "
        "the modulus of the neck in the whole femur and the way to apparent density, that of "
        "bologna, are choices of this project",
    ),
)
