"""The virtual patient of the demonstration, as files like those of a real one."""

from pathlib import Path

from femur_fea.domain import CTVolume, LabelMask
from femur_fea.io import write_image
from femur_risk.config import RunConfig, resolve_config

__all__ = ["prepare_demo", "write_patient"]


def prepare_demo(out: Path, *, seed: int, edge_length_mm: float | str | None) -> RunConfig:
    """Write CT and masks of a virtual patient below `out` and return the run's settings.

    They lie in virtual-<seed>-input, beside the run's own folder virtual-<seed>. The calibration
    line is the one by which the CT was made, as if a phantom had been in it.
    """
    from meshing.virtual import demo_patient

    patient = demo_patient(seed=seed)
    case_id = f"virtual-{seed}"
    folder = out / f"{case_id}-input"
    config = resolve_config(
        {
            "input": {
                **{name: str(path) for name, path in _paths(folder).items()},
                "side": patient.side,
                "mass_kg": patient.mass_kg,
                "simulated": True,
                "case_id": case_id,
            },
            "calibration": {
                "method": "fixed",
                "slope_g_per_cm3_per_HU": patient.hu_slope,
                "intercept_g_per_cm3": patient.hu_intercept,
                "phantom_density": "CaHA",
                "relative_uncertainty": 0.0,
            },
        },
        {"mesh": {"edge_length_mm": edge_length_mm}},
    )
    write_patient(folder, ct=patient.ct, femur=patient.femur, lesion=patient.lesion)
    return config


def write_patient(
    folder: Path, *, ct: CTVolume, femur: LabelMask, lesion: LabelMask | None
) -> dict[str, Path]:
    """Write CT and masks of a virtual patient and return the paths of what there is by role."""
    paths = _paths(folder)
    write_image(paths["ct"], ct.grid, ct.hu)
    write_image(paths["femur"], femur.grid, femur.inside)
    if lesion is None:
        return {name: path for name, path in paths.items() if name != "lesion"}
    write_image(paths["lesion"], lesion.grid, lesion.inside)
    return paths


def _paths(folder: Path) -> dict[str, Path]:
    return {name: folder / f"{name}.nii.gz" for name in ("ct", "femur", "lesion")}
