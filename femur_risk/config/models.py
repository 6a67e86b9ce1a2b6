"""Every setting of a run, its default and the reason for it."""

from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

__all__ = [
    "CalibrationConfig",
    "InputConfig",
    "LoadsConfig",
    "MeshConfig",
    "PresetConfig",
    "RunConfig",
    "SolverConfig",
]

type CaseId = Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{1,64}$")]
type Name = Annotated[str, Field(pattern=r"^[a-z0-9_]+$")]


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


class InputConfig(_Section):
    """Input: the scan, its masks and the patient. Options of the command line come first."""

    ct: str | None = Field(
        default=None,
        min_length=1,
        description="CT: a DICOM folder, .nii, .nii.gz, .nrrd, .mha or .mhd. Kept out of run.toml.",
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
    case_id: CaseId | None = Field(
        default=None,
        description="Pseudonym: letters, digits, '_' and '-'. Absent: a hash of the scan.",
    )


class CalibrationConfig(_Section):
    """Calibration: from CT numbers to the density of a phantom's mineral."""

    method: Literal["average", "fixed"] = Field(
        default="average",
        description="'average': a mean line for the tube voltage, least certain; "
        "'fixed': the line given below, fitted to a phantom.",
    )
    tube_voltage_kV: float | None = Field(
        default=None,
        ge=60.0,
        le=160.0,
        description="For 'average', where the file does not tell. Formats other than DICOM do not.",
    )
    slope_g_per_cm3_per_HU: float | None = Field(
        default=None, gt=0.0, lt=0.01, description="For 'fixed': density per HU."
    )
    intercept_g_per_cm3: float | None = Field(
        default=None, ge=-0.5, le=0.5, description="For 'fixed': density at 0 HU."
    )
    phantom_density: Literal["CaHA", "K2HPO4"] = Field(
        default="CaHA",
        description="For 'fixed': mineral of the phantom. The preset refuses the other one.",
    )

    relative_uncertainty: float = Field(
        default=0.0,
        ge=0.0,
        le=1.0,
        description="For 'fixed': standard uncertainty of density, as a fraction; from the fit.",
    )

    @model_validator(mode="after")
    def _check_line(self) -> Self:
        given = [self.slope_g_per_cm3_per_HU is not None, self.intercept_g_per_cm3 is not None]
        if self.method == "fixed" and not all(given):
            raise ValueError("method 'fixed' with slope_g_per_cm3_per_HU and intercept_g_per_cm3")
        if self.method == "average" and any(given):
            raise ValueError("slope and intercept with method 'fixed' only")
        return self


class MeshConfig(_Section):
    """Mesh: tetrahedra of about one size."""

    edge_length_mm: float = Field(
        default=3.0,
        ge=0.5,
        le=10.0,
        description="Length of the edges: 3 mm gives about 130 000 unknowns and seconds a load, "
        "2 mm three times as many.",
    )
    element: Literal["tet10", "tet4"] = Field(
        default="tet10",
        description="Quadratic or linear tetrahedra; linear ones were 7 % too stiff at 2 mm.",
    )


class LoadsConfig(_Section):
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


class PresetConfig(_Section):
    """Preset: a published chain from density to strength, taken as a whole."""

    name: Name = Field(
        default="bologna",
        description="Name of the preset; 'femur-fea presets' lists them with their sources.",
    )


class SolverConfig(_Section):
    """Solver: which model is solved, and how exactly."""

    model: Literal["linear", "nonlinear"] = Field(
        default="linear", description="'linear'. 'nonlinear' is not available in this version."
    )
    tier: Literal["fe", "surrogate", "auto"] = Field(
        default="fe",
        description="'fe' solves the finite-element model; 'auto' chooses and is 'fe' in this "
        "version. 'surrogate' is not available in this version.",
    )
    relative_tolerance: float = Field(
        default=1e-8,
        ge=1e-12,
        le=1e-4,
        description="Residual over right-hand side; four digits below what strength is read to.",
    )


class RunConfig(_Section):
    """All settings of a run."""

    input: InputConfig = InputConfig()
    calibration: CalibrationConfig = CalibrationConfig()
    mesh: MeshConfig = MeshConfig()
    loads: LoadsConfig = LoadsConfig()
    preset: PresetConfig = PresetConfig()
    solver: SolverConfig = SolverConfig()
