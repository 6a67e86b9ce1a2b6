"""Settings of the calibration."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from femur_risk.config.section import Name, Section

__all__ = ["CalibrationConfig", "PhantomConfig"]

type Errors = Annotated[float, Field(ge=0.0, le=1.0)]

# what each method needs, and what it heeds besides; all else contradicts it
_NEEDED = {
    "average": (),
    "fixed": ("slope_g_per_cm3_per_HU", "intercept_g_per_cm3", "phantom_density"),
    "phantom": (),
    "air_fat_muscle": (),
    "multi_tissue": (),
}
_HEEDED = {
    "average": ("tube_voltage_kV",),
    "fixed": ("relative_uncertainty",),
    "phantom": ("phantom",),
    "air_fat_muscle": ("tube_voltage_kV",),
    "multi_tissue": ("tube_voltage_kV",),
}


class PhantomConfig(Section):
    """Phantom: for method 'phantom', with the numbers of its certificate, rod by rod."""

    name: Name | None = Field(
        default=None,
        description="Which phantom: 'mindways_model_3_ct', 'qrm_bdc_3', 'qrm_bdc_6' or "
        "'siemens_osteo'.",
    )
    densities_g_per_cm3: tuple[float, ...] | None = Field(
        default=None,
        description="Densities of mineral in the order of the record. Absent: those of the record, "
        "which are of another phantom of the same make.",
    )
    density_errors_g_per_cm3: tuple[Errors, ...] | None = Field(
        default=None, description="Their standard errors. Absent: assumed."
    )
    water_densities_g_per_cm3: tuple[float, ...] | None = Field(
        default=None, description="For Mindways: densities of water in the rods."
    )
    water_density_errors_g_per_cm3: tuple[Errors, ...] | None = Field(
        default=None, description="Their standard errors."
    )


class CalibrationConfig(Section):
    """Calibration: from CT numbers to the density of a phantom's mineral."""

    method: Literal["average", "fixed", "phantom", "air_fat_muscle", "multi_tissue"] = Field(
        default="average",
        description="'average': a mean line for the tube voltage, least certain; "
        "'fixed': the line given below, fitted to a phantom; 'phantom': a phantom that lies in "
        "the scan; 'air_fat_muscle', 'multi_tissue': tissues of a scan that shows skin and the air "
        "around it, by their known densities (CaHA only) or by their attenuation.",
    )
    tube_voltage_kV: float | None = Field(
        default=None,
        ge=60.0,
        le=160.0,
        description="For 'average' and the tissues, where the file does not tell; formats other "
        "than DICOM do not. One that contradicts the file is refused.",
    )
    slope_g_per_cm3_per_HU: float | None = Field(
        default=None, description="For 'fixed': density per HU; average lines have 0.0008."
    )
    intercept_g_per_cm3: float | None = Field(
        default=None, description="For 'fixed': density at 0 HU."
    )
    phantom_density: Literal["CaHA", "K2HPO4"] | None = Field(
        default=None,
        description="For 'fixed': mineral of the phantom. The preset refuses the other one.",
    )
    relative_uncertainty: float | None = Field(
        default=None,
        ge=0.0,
        le=1.0,
        description="For 'fixed': standard uncertainty of density, as a fraction; "
        "from the fit. Absent: not stated, and so flagged.",
    )

    phantom: PhantomConfig = PhantomConfig()

    @model_validator(mode="after")
    def _check_method(self) -> Self:
        missing = [key for key in _NEEDED[self.method] if getattr(self, key) is None]
        if missing:
            raise ValueError(f"method {self.method!r} with {', '.join(_NEEDED[self.method])}")
        heeded = {"method", *_NEEDED[self.method], *_HEEDED[self.method]}
        given = [key for key in type(self).model_fields if key not in heeded and self._has(key)]
        if given:
            raise ValueError(f"method {self.method!r} without {', '.join(given)}, which it ignores")
        return self

    def _has(self, key: str) -> bool:
        value = getattr(self, key)
        return value is not None and value != PhantomConfig()
