"""Every setting of a run, its default and the reason for it."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from femur_risk.config.calibration import CalibrationConfig
from femur_risk.config.report import ReportConfig
from femur_risk.config.risk import RiskConfig
from femur_risk.config.section import Name, Section
from femur_risk.config.uncertainty import UncertaintyConfig

__all__ = [
    "CASE_ID_PATTERN",
    "InputConfig",
    "LoadsConfig",
    "MappingConfig",
    "MeshConfig",
    "PresetConfig",
    "RunConfig",
    "SolverConfig",
]

CASE_ID_PATTERN = r"^[A-Za-z0-9_-]{1,64}$"

type CaseId = Annotated[str, Field(pattern=CASE_ID_PATTERN)]
type Count = Annotated[int, Field(ge=1, strict=True)]
type Label = Annotated[int, Field(ge=1, strict=True)]


class InputConfig(Section):
    """Input: the scan, its masks and the patient. Options of the command line come first."""

    ct: str | None = Field(
        default=None,
        min_length=1,
        description="CT: a DICOM folder, .nii, .nii.gz, .nrrd, .mha or .mhd. Kept out of run.toml.",
    )
    series: Annotated[int, Field(ge=1, strict=True)] | None = Field(
        default=None,
        description="Number of the DICOM series, as messages list them, where a folder holds "
        "several. Absent: the longest, finest axial one.",
    )
    uneven_slices: Literal["refuse", "interpolate"] = Field(
        default="refuse",
        description="DICOM slices at uneven distances: 'interpolate' makes even ones, linear "
        "between their neighbours, where no gap is wider than two steps.",
    )
    femur: str | None = Field(
        default=None,
        min_length=1,
        description="Mask of one femur on the CT's grid. Kept out of run.toml.",
    )
    lesion: str | None = Field(
        default=None,
        min_length=1,
        description="Mask of the lesion, if there is one. Kept out of run.toml.",
    )
    rods: str | None = Field(
        default=None,
        min_length=1,
        description="Regions of a phantom's rods on the CT's grid, numbered as its record lists "
        "them; found in the scan where absent. Kept out of run.toml.",
    )
    recalibration: str | None = Field(
        default=None,
        min_length=1,
        description="Recalibration that 'femur-fea validate --recalibrate' has written, for the "
        "probability within six months. Kept out of run.toml.",
    )
    femur_label: Label | None = Field(
        default=None,
        description="Number of the femur in its mask, where the mask holds several structures.",
    )
    lesion_label: Label | None = Field(
        default=None,
        description="Number of the lesion in its mask, where the mask holds several structures.",
    )
    side: Literal["left", "right"] | None = Field(
        default=None,
        description="Side of the femur; checked against its shape. Detected where it is absent.",
    )
    mass_kg: float | None = Field(
        default=None,
        ge=20.0,
        le=400.0,
        description="Body mass, for strength in body weights. Without it that result is null.",
    )
    simulated: bool = Field(
        default=False,
        description="True for a virtual patient: every result is then labelled simulated.",
    )
    case_id: CaseId | None = Field(
        default=None,
        description="Pseudonym: letters, digits, '_' and '-'. Absent: a hash of the scan.",
    )


class MeshConfig(Section):
    """Mesh: cells of about one size."""

    edge_length_mm: float | None = Field(
        default=None,
        ge=0.5,
        le=10.0,
        description="Length of the edges: 3 mm gives about 165 000 unknowns and seconds a load, "
        "2 mm three times as many. Absent: that of the preset.",
    )
    element: Literal["tet10", "tet4", "hex8"] = Field(
        default="tet10",
        description="Quadratic or linear tetrahedra within a smooth surface (linear ones come out "
        "7 to 9 % too strong at 3 mm), or cubes straight from the mask: 'hex8' works for any "
        "shape, and is taken where the surface cannot be meshed.",
    )
    frame: Literal["bone", "model"] = Field(
        default="bone",
        description="Where axes and landmarks are found: on the bone itself, or on the shape model "
        "registered to it, for a scan that shows little of the shaft or lies in any direction.",
    )


class MappingConfig(Section):
    """Mapping: from the density of voxels to the stiffness of cells."""

    method: Literal["points", "cell_average"] = Field(
        default="points",
        description="'points': the law is applied to the density at the integration points of each "
        "cell; 'cell_average': to every voxel, and averaged over the volume of each cell.",
    )
    edge_voxels: int = Field(
        default=1,
        ge=0,
        le=5,
        strict=True,
        description="Outermost layers of the mask, in voxels, that may hold muscle: where bone "
        "further in is denser they take its density. 0 takes the mask as it is.",
    )
    cortex: Literal["isotropic", "transversely_isotropic"] = Field(
        default="isotropic",
        description="'transversely_isotropic': the cortex of the shaft is stiffer along it than "
        "across it. For a linear model and a scan that shows the shaft.",
    )
    cortical_blur: Literal["kept", "restored"] = Field(
        default="kept",
        description="'restored': what the scanner's blur takes from a thin cortex is put back, by "
        "a layer fitted along the surface's normals. No preset was validated with it.",
    )
    blur_fwhm_mm: float | None = Field(
        default=None,
        ge=0.2,
        le=5.0,
        description="For 'restored': full width at half maximum of the scanner's point spread in "
        "the plane of the slices. Absent: measured at the thick cortex of the shaft.",
    )
    cortical_density_g_per_cm3: float | None = Field(
        default=None,
        gt=0.3,
        le=2.0,
        description="For 'restored': density of compact bone, in the mineral of the calibration. "
        "Absent: measured at the thick cortex of the shaft.",
    )

    @model_validator(mode="after")
    def _check_restoration(self) -> Self:
        names = ("blur_fwhm_mm", "cortical_density_g_per_cm3")
        given = [name for name in names if getattr(self, name) is not None]
        if self.cortical_blur == "kept" and given:
            raise ValueError(f"cortical_blur 'kept' without {', '.join(given)}, which it ignores")
        return self


class LoadsConfig(Section):
    """Loads: what the bone must bear."""

    names: tuple[Name, ...] | None = Field(
        default=None,
        min_length=1,
        description="Load cases by name, such as ['stance', 'fall']. Absent: those of the preset.",
    )
    fixed_length_mm: float = Field(
        default=10.0,
        gt=0.0,
        le=100.0,
        description="Length of bone held at the distal end, as if potted.",
    )

    @model_validator(mode="after")
    def _check_unique(self) -> Self:
        if self.names is not None and len(set(self.names)) < len(self.names):
            raise ValueError("each load case once")
        return self


class PresetConfig(Section):
    """Preset: a published chain from density to strength, taken as a whole."""

    name: Name = Field(
        default="bologna",
        description="Name of the preset; 'femur-fea presets' lists them with their sources.",
    )


class SolverConfig(Section):
    """Solver: which model is solved, and how exactly."""

    model: Literal["linear", "nonlinear"] | None = Field(
        default=None,
        description="Model of the preset: absent, or a check that it is the one that is meant.",
    )
    tier: Literal["fe", "surrogate", "auto"] = Field(
        default="fe",
        description="'fe' solves the finite-element model; 'auto' chooses and is 'fe' in this "
        "version. 'surrogate' is not available in this version.",
    )
    method: Literal["multigrid", "mumps"] = Field(
        default="multigrid",
        description="For a linear model: 'multigrid', or 'mumps', a factorisation that takes far "
        "more memory and time on all but small meshes.",
    )
    relative_tolerance: float = Field(
        default=1e-6,
        ge=1e-12,
        le=1e-4,
        description="For a linear model: energy norm of the error over that of the displacement; "
        "four digits below the error of a mesh.",
    )
    ranks: Literal["auto"] | Count = Field(
        default="auto",
        description="How many MPI ranks solve one model together: a number, or 'auto' for the "
        "cores of the machine, fewer for small meshes. Results agree to six digits.",
    )
    export: tuple[Literal["ccx", "febio", "xdmf"], ...] = Field(
        default=(),
        description="Write the elastic model of every load for other programs as well: 'ccx' for "
        "CalculiX and Abaqus (model.inp), 'febio' for FEBio (model.feb, on which FEBio has not "
        "been run); 'xdmf': the fields as XDMF beside VTU (field.xdmf with field.bin).",
    )

    @model_validator(mode="after")
    def _check_export(self) -> Self:
        if len(set(self.export)) < len(self.export):
            raise ValueError("each program of export once")
        return self


class RunConfig(Section):
    """All settings of a run."""

    input: InputConfig = InputConfig()
    calibration: CalibrationConfig = CalibrationConfig()
    mesh: MeshConfig = MeshConfig()
    mapping: MappingConfig = MappingConfig()
    loads: LoadsConfig = LoadsConfig()
    preset: PresetConfig = PresetConfig()
    solver: SolverConfig = SolverConfig()
    uncertainty: UncertaintyConfig = UncertaintyConfig()
    risk: RiskConfig = RiskConfig()
    report: ReportConfig = ReportConfig()
