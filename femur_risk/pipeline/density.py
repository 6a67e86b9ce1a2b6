"""Stage calibration: from CT numbers to equivalent density."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from femur_fea.domain import Acquisition, check_density_kind
from femur_fea.io import write_image, write_json
from femur_fea.presets import PRESETS
from femur_risk.config import CalibrationConfig
from femur_risk.pipeline import layout
from femur_risk.pipeline.artefacts import read_checked_ct
from femur_risk.pipeline.cache import Run, cached
from femur_risk.pipeline.manifest import StageRecord

if TYPE_CHECKING:
    from calibration import CalibrationCurve

__all__ = ["calibrate_ct"]


def calibrate_ct(run: Run, upstream: Sequence[StageRecord]) -> StageRecord:
    """Make stage `calibration`: curve.json and the density image."""
    preset = PRESETS[run.config.preset.name]
    settings = {
        "calibration": run.config.calibration.model_dump(mode="json"),
        "density_kind": preset.density_kind,
    }

    def make(place: Path) -> None:
        from calibration import apply_curve

        ct = read_checked_ct(run.folder)
        curve = _choose_curve(run.config.calibration, ct.acquisition)
        check_density_kind(
            found=curve.kind, expected=preset.density_kind, where=f"preset {preset.name!r}"
        )
        density = apply_curve(ct, curve)
        write_json(place / layout.CURVE, curve.to_dict())
        write_image(place / layout.DENSITY, density.grid, density.rho)

    return cached(run, "calibration", settings=settings, upstream=upstream, make=make)


def _choose_curve(config: CalibrationConfig, acquisition: Acquisition) -> "CalibrationCurve":
    from calibration import average_line, fixed_line

    slope, intercept = config.slope_g_per_cm3_per_HU, config.intercept_g_per_cm3
    if slope is not None and intercept is not None:
        return fixed_line(
            slope,
            intercept,
            config.phantom_density,
            relative_uncertainty=config.relative_uncertainty,
        )
    return average_line(config.tube_voltage_kV or acquisition.tube_voltage_kV)
