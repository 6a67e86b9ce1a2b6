"""Stage calibration: from CT numbers to equivalent density."""

import warnings
from pathlib import Path
from typing import TYPE_CHECKING

from femur_fea.domain import CTVolume, LabelImage, check_density_kind
from femur_fea.errors import FemurFEAWarning
from femur_fea.io import read_labels, write_image, write_json
from femur_fea.presets import PRESETS
from femur_risk.pipeline import layout
from femur_risk.pipeline.artefacts import read_checked_ct, read_femur, read_lesion
from femur_risk.pipeline.calibration_methods import METHODS
from femur_risk.pipeline.calibration_task import CalibrationTask
from femur_risk.pipeline.inputs import ROLES, check_unchanged
from femur_risk.pipeline.run import Run
from femur_risk.pipeline.scan import read_scan
from femur_risk.pipeline.stage import Stage

if TYPE_CHECKING:
    from calibration import Calibration

__all__ = ["CALIBRATION"]


def _settings(run: Run) -> dict[str, object]:
    config = run.config.calibration
    method = METHODS[config.method]
    read = ("ct", "rods") if method.needs_whole_scan else ()
    return {
        "calibration": config.model_dump(mode="json"),
        "density_kind": PRESETS[run.config.preset.name].density_kind,
        "records": method.records(config),
        "inputs": {name: run.input_sha256[name] for name in read if name in run.input_sha256},
    }


def _make(run: Run, place: Path) -> None:
    """Write curve.json, its plot and the density image."""
    # here and not at the top, so that a user's own calibration.py is found and named first
    from calibration import apply_curve

    ct = read_checked_ct(run.folder)
    calibration = _calibrate(run, ct)
    for flag in calibration.flags:
        warnings.warn(flag.sentence, FemurFEAWarning, stacklevel=2)
    density = apply_curve(ct, calibration.curve)
    write_json(place / layout.CURVE, calibration.to_dict())
    _draw(calibration, place / layout.CURVE_PLOT)
    write_image(place / layout.DENSITY, density.grid, density.rho)


def _calibrate(run: Run, part: CTVolume) -> "Calibration":
    """Return the calibration that the configuration chooses, of the mineral of the preset."""
    from calibration import check_ct_numbers
    from femur_risk.segmentation import uncrop

    check_ct_numbers(part.acquisition)
    config, preset = run.config.calibration, PRESETS[run.config.preset.name]
    method = METHODS[config.method]
    ct = read_scan(run) if method.needs_whole_scan else part
    task = CalibrationTask(
        config=config,
        preset=preset,
        ct=ct,
        bone=uncrop(read_femur(run.folder), ct.grid),
        lesion=uncrop(read_lesion(run.folder), ct.grid) if run.has_lesion else None,
        rods=_rods(run),
    )
    calibration = method.calibrate(task)
    if method.needs_whole_scan:
        check_unchanged(run.inputs, run.input_sha256)
    check_density_kind(
        found=calibration.curve.kind, expected=preset.density_kind, where=f"preset {preset.name!r}"
    )
    return calibration


def _rods(run: Run) -> LabelImage | None:
    path = run.inputs.get("rods")
    return None if path is None else read_labels(path, role=ROLES["rods"])


def _draw(calibration: "Calibration", path: Path) -> None:
    from viz import draw_calibration

    draw_calibration(calibration.to_dict(), path)


CALIBRATION = Stage(
    name="calibration",
    upstream=("segmentation",),
    owns=layout.OWNED["calibration"],
    libraries=("numpy", "pydicom", "scipy", "SimpleITK"),
    settings=_settings,
    make=_make,
)
