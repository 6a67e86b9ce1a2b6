"""What a report says: plain values that a run fills in, None where a fact does not apply."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Literal

from femur_fea.domain import Acquisition, Side
from femur_fea.errors import InputError
from femur_risk.assessment import RiskCard
from femur_risk.report.model import ReportModel
from femur_risk.report.outcome import LoadOutcome, RigiditySummary

__all__ = [
    "CalibrationSummary",
    "MeshSummary",
    "MethodStep",
    "ReportContent",
    "ReportFigure",
    "ScanSummary",
    "ShapeSummary",
]

type Model = Literal["linear", "nonlinear"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ScanSummary:
    """The CT.

    Attributes
    ----------
    spacing_mm : (3,), mm
        Distance between samples.
    acquisition : Acquisition
        How it was made.
    """

    spacing_mm: tuple[float, float, float]
    acquisition: Acquisition


@dataclass(frozen=True, slots=True, kw_only=True)
class CalibrationSummary:
    """How CT numbers became density and stiffness.

    Attributes
    ----------
    method : str
        Name of the calibration.
    label : str
        How far to trust it: "uncalibrated", or what the line was fitted to.
    density_uncertainty_fraction : float or None
        One standard deviation of density over density; None where it is not stated.
    slope_g_per_cm3_per_HU, intercept_g_per_cm3 : float
        The line from CT number to density.
    density_kind : str
        Which density the line gives.
    source : str
        Citation.
    clamped_voxels, total_voxels : int
        Voxels of the bone whose negative density was set to zero, out of how many.
    edge_voxels : int
        Layers of voxels at the edge of the mask that may take the density of the bone further in.
    edge_fraction : float
        Fraction of the bone that does.
    floor_MPa : float
        The lowest Young's modulus that mapping admits.
    floor_fraction : float
        Fraction of the bone that lies on this floor.
    extrapolated_fraction : float or None
        Fraction of the bone whose density lies outside the range in which the law was measured;
        None where that range is not known.
    """

    method: str
    label: str
    density_uncertainty_fraction: float | None
    slope_g_per_cm3_per_HU: float
    intercept_g_per_cm3: float
    density_kind: str
    source: str
    clamped_voxels: int
    total_voxels: int
    edge_voxels: int
    edge_fraction: float
    floor_MPa: float
    floor_fraction: float
    extrapolated_fraction: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class MeshSummary:
    """The mesh and how well it fits the bone.

    Attributes
    ----------
    kind : str
        Element kind, "tet10", "tet4" or "hex8".
    n_cells, n_points : int
        Cells and corner points.
    edge_length_mm : float
        Edge length asked for.
    fallback : str or None
        Why the cells are cubes although tetrahedra were asked for.
    smallest_inverse_condition : float
        Of the worst cell: 1 for a regular tetrahedron, 0 for a flat one.
    smallest_dihedral_angle_deg, largest_dihedral_angle_deg : float
        Over all cells.
    volume_error_fraction : float
        (mesh - mask) / mask volume.
    n_surface_triangles : int
        Triangles of the mesh's surface.
    surface_area_mm2 : float
        Their area.
    """

    kind: str
    n_cells: int
    n_points: int
    edge_length_mm: float
    fallback: str | None
    smallest_inverse_condition: float
    smallest_dihedral_angle_deg: float
    largest_dihedral_angle_deg: float
    volume_error_fraction: float
    n_surface_triangles: int
    surface_area_mm2: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ShapeSummary:
    """Size and axes of the femur as far as the scan shows it.

    Attributes
    ----------
    shaft : str
        How much of the shaft is seen, in words.
    shaft_reference : str
        "shaft" where its axis was fitted, "scanner" where too little of it is seen.
    head_radius_mm : float
        Radius of the sphere fitted to the head.
    neck_shaft_angle_deg : float
        Angle between neck and shaft.
    lesion_volume_mm3 : float or None
        Volume of the lesion mask; None without a lesion.
    """

    shaft: str
    shaft_reference: str
    head_radius_mm: float
    neck_shaft_angle_deg: float
    lesion_volume_mm3: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class MethodStep:
    """One step of the method.

    Attributes
    ----------
    step : str
        What the step is: "Density to modulus".
    description : str
        What is done, with the equation or the name of the record.
    source : str or None
        Citation with DOI.
    """

    step: str
    description: str
    source: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportFigure:
    """A picture of the report.

    Attributes
    ----------
    png : Path
        The PNG file; its bytes are copied into the report.
    caption : str
        What it shows. The first figure of a report shows the weakest site.
    """

    png: Path
    caption: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportContent:
    """All that a report says about one femur.

    Attributes
    ----------
    case_id : str
        Pseudonym; never a name or a birth date.
    side : {"left", "right"}
        Which femur.
    run_date : date
        Day of the run.
    software_version : str
        Version of this software.
    preset : str
        Name of the chain of published laws.
    model : {"linear", "nonlinear"}
        Whether strength is scaled from a linear solution or read from a curve to failure.
    beyond_yield : str or None
        What the bone of a nonlinear model does beyond yield, in a few words; None for a linear one.
    tier : str
        "fe" or "surrogate": what computed the strength.
    simulated : bool
        Whether the patient is a virtual one.
    mass_kg : float or None
        Body mass, kg.
    standard_error_N : float or None
        Standard error of the chain against experiment, as its authors report it.
    loads : tuple of LoadOutcome, at least one
        In the order of the table.
    rigidity : tuple of RigiditySummary
        Rigidity of the sections of those parts of the bone that the scan shows whole.
    risk : RiskCard
        Probability of a fracture, or why there is none, and today's rules.
    scan, calibration, mesh, shape
        Quality of the inputs.
    figures : tuple of ReportFigure
        The first one is printed beside the result.
    surface : ReportModel or None
        What can be turned on a screen.
    warnings : tuple of str
        All that the run warned of.
    unverified : tuple of str
        Constants that were not checked against their source.
    methods : tuple of MethodStep
        The chain from CT to strength with citations.
    versions : mapping from name to version
        Libraries that took part.
    """

    case_id: str
    side: Side
    run_date: date
    software_version: str
    preset: str
    model: Model
    beyond_yield: str | None = None
    tier: str
    simulated: bool
    mass_kg: float | None
    standard_error_N: float | None
    loads: tuple[LoadOutcome, ...]
    rigidity: tuple[RigiditySummary, ...]
    risk: RiskCard
    scan: ScanSummary
    calibration: CalibrationSummary
    mesh: MeshSummary
    shape: ShapeSummary
    figures: tuple[ReportFigure, ...]
    surface: ReportModel | None = None
    warnings: tuple[str, ...]
    unverified: tuple[str, ...]
    methods: tuple[MethodStep, ...]
    versions: Mapping[str, str]

    def __post_init__(self) -> None:
        if not self.loads:
            raise InputError(
                found="a report without a load",
                expected="the outcome of at least one load",
                remedy="run the solver for at least one load before writing the report",
            )
