"""Where each artefact of a run lies, relative to the run's folder."""

from pathlib import Path

__all__ = [
    "BONE",
    "CT",
    "CURVE",
    "DENSITY",
    "FEMUR",
    "FIGURES",
    "FRAME",
    "LESION",
    "MESH_QUALITY",
    "QUALITY",
    "REPORT",
    "STRENGTH",
    "curve_file",
    "field_file",
    "result_file",
    "twin_name",
]

CT = Path("segmentation/ct.nii.gz")
FEMUR = Path("segmentation/femur.nii.gz")
LESION = Path("segmentation/lesion.nii.gz")
QUALITY = Path("segmentation/quality.json")
CURVE = Path("calibration/curve.json")
DENSITY = Path("calibration/density.nii.gz")
BONE = Path("mesh/bone.vtu")
FRAME = Path("mesh/frame.json")
MESH_QUALITY = Path("mesh/quality.json")
STRENGTH = Path("strength.json")
REPORT = Path("report/report.html")
FIGURES = Path("report/figures")


def twin_name(load: str, *, healed: bool) -> str:
    """Return the name of a load's folder, for the bone as it is or its lesion-free twin."""
    return f"{load}@healed" if healed else load


def field_file(load: str) -> Path:
    """Return where the fields under a load lie."""
    return Path("fe") / load / "field.vtu"


def curve_file(load: str) -> Path:
    """Return where the load-displacement curve of a load lies."""
    return Path("fe") / load / "curve.csv"


def result_file(load: str) -> Path:
    """Return where the scalar results of a load lie."""
    return Path("fe") / load / "result.json"
