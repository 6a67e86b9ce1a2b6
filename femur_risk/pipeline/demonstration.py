"""The virtual patient of the demonstration, as files like those of a real one."""

from pathlib import Path

from femur_fea.io import write_image
from femur_risk.config import RunConfig, resolve_config

__all__ = ["prepare_demo"]


def prepare_demo(out: Path, *, seed: int, edge_length_mm: float | str | None) -> RunConfig:
    """Write CT and masks of a virtual patient below `out` and return the run's settings.

    They lie in virtual-<seed>-input, beside the run's own folder virtual-<seed>. The calibration
    line is the one by which the CT was made, as if a phantom had been in it.
    """
    from meshing.virtual import demo_patient

    patient = demo_patient(seed=seed)
    case_id = f"virtual-{seed}"
    folder = out / f"{case_id}-input"
    images = {
        "ct": (patient.ct.grid, patient.ct.hu),
        "femur": (patient.femur.grid, patient.femur.inside),
        "lesion": (patient.lesion.grid, patient.lesion.inside),
    }
    paths = {name: folder / f"{name}.nii.gz" for name in images}
    config = resolve_config(
        {
            "input": {
                **{name: str(path) for name, path in paths.items()},
                "side": patient.side,
                "mass_kg": patient.mass_kg,
                "simulated": True,
                "case_id": case_id,
            },
            "calibration": {
                "method": "fixed",
                "slope_g_per_cm3_per_HU": patient.hu_slope,
                "intercept_g_per_cm3": patient.hu_intercept,
            },
        },
        {"mesh": {"edge_length_mm": edge_length_mm}},
    )
    for name, (grid, array) in images.items():
        write_image(paths[name], grid, array)
    return config
