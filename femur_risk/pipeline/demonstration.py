"""A virtual patient as files and settings like those of a real one, and that of the demo."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from femur_fea.io import write_image
from femur_risk.config import RunConfig, resolve_config

if TYPE_CHECKING:
    from femur_risk.virtual import ScannedPatient

__all__ = ["patient_settings", "prepare_demo", "write_patient"]


def prepare_demo(
    out: Path, patient: "ScannedPatient", *, case_id: str, edge_length_mm: float | str | None
) -> RunConfig:
    """Write CT and masks of a virtual patient below `out` and return the run's settings.

    They lie in <case_id>-input, beside the run's own folder <case_id>.
    """
    images = write_patient(out / f"{case_id}-input", patient)
    settings = patient_settings(patient)
    named = {"case_id": case_id, **{name: str(path) for name, path in images.items()}}
    return resolve_config(
        {**settings, "input": {**settings["input"], **named}},
        {"mesh": {"edge_length_mm": edge_length_mm}},
    )


def patient_settings(patient: "ScannedPatient") -> Mapping[str, dict[str, Any]]:
    """Return what a run has to be told of a virtual patient, by section of its settings.

    The calibration is that of the phantom in the scan, whose rods it finds.
    """
    from femur_risk.virtual import PHANTOM

    person = patient.clinical
    return {
        "input": {
            "side": patient.bone.owner.side,
            "mass_kg": person.mass_kg,
            "simulated": True,
        },
        "calibration": {"method": "phantom", "phantom": {"name": PHANTOM}},
        "risk": {"pain": person.pain, "steps_per_day": person.steps_per_day},
    }


def write_patient(folder: Path, patient: "ScannedPatient") -> dict[str, Path]:
    """Write CT and masks of a virtual patient and return the paths of what there is by role."""
    ct, femur, lesion = patient.scan.ct, patient.femur_mask, patient.lesion_mask
    images = {"ct": (ct.grid, ct.hu), "femur": (femur.grid, femur.inside)}
    if lesion is not None:
        images["lesion"] = (lesion.grid, lesion.inside)
    paths = {name: folder / f"{name}.nii.gz" for name in images}
    for name, path in paths.items():
        write_image(path, *images[name])
    return paths
