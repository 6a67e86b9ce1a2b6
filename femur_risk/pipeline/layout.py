"""Where each file of a run lies, relative to the run's folder, and which stage owns it."""

import re
from collections.abc import Mapping
from pathlib import Path

__all__ = [
    "BONE",
    "CT",
    "CURVE",
    "CURVE_PLOT",
    "DENSITY",
    "FEMUR",
    "FIGURES",
    "FOLDERS",
    "FRAME",
    "LESION",
    "LOG",
    "MANIFEST",
    "MESH_QUALITY",
    "OWNED",
    "QUALITY",
    "REPORT",
    "REPORT_PDF",
    "RIGIDITY",
    "RISK",
    "SAMPLES",
    "SECTIONS",
    "SETTINGS",
    "STRENGTH",
    "UNCERTAINTY",
    "curve_file",
    "field_file",
    "model_file",
    "result_file",
    "twin_name",
    "xdmf_file",
]

SETTINGS = Path("run.toml")
MANIFEST = Path("manifest.json")
LOG = Path("log.jsonl")
CT = Path("segmentation/ct.nii.gz")
FEMUR = Path("segmentation/femur.nii.gz")
LESION = Path("segmentation/lesion.nii.gz")
QUALITY = Path("segmentation/quality.json")
CURVE = Path("calibration/curve.json")
CURVE_PLOT = Path("calibration/curve.png")
DENSITY = Path("calibration/density.nii.gz")
BONE = Path("mesh/bone.vtu")
FRAME = Path("mesh/frame.json")
MESH_QUALITY = Path("mesh/quality.json")
RIGIDITY = Path("rigidity/rigidity.json")
SECTIONS = Path("rigidity/sections.csv")
UNCERTAINTY = Path("uncertainty/uncertainty.json")
SAMPLES = Path("uncertainty/samples.jsonl")
STRENGTH = Path("strength.json")
RISK = Path("risk.json")
REPORT = Path("report/report.html")
REPORT_PDF = Path("report/report.pdf")
FIGURES = Path("report/figures")

FOLDERS = (
    "segmentation",
    "calibration",
    "mesh",
    "fe",
    "rigidity",
    "uncertainty",
    "report",
    "report/figures",
)

_FE = r"(field\.(vtu|xdmf|bin)|curve\.csv|result\.json|model\.(inp|feb))"

# by stage; what a stage owns but no trusted record names is removed, so a user's own files in the
# same folders must not match
OWNED: Mapping[str, re.Pattern[str]] = {
    "segmentation": re.compile(r"segmentation/((ct|femur|lesion)\.nii\.gz|quality\.json)"),
    "calibration": re.compile(r"calibration/(curve\.(json|png)|density\.nii\.gz)"),
    "mesh": re.compile(r"mesh/(bone\.vtu|frame\.json|quality\.json)"),
    "fe": re.compile(rf"fe/[^/@]+/{_FE}"),
    "fe@healed": re.compile(rf"fe/[^/@]+@healed/{_FE}"),
    "rigidity": re.compile(r"rigidity/(rigidity\.json|sections\.csv)"),
    "uncertainty": re.compile(r"uncertainty/(uncertainty\.json|samples\.jsonl)"),
    "strength": re.compile(r"strength\.json"),
    "risk": re.compile(r"risk\.json"),
    "report": re.compile(r"report/(report\.(html|pdf)|figures/[^/]+\.png)"),
}


def twin_name(load: str, *, healed: bool) -> str:
    """Return the name of a load's folder, for the bone as it is or its lesion-free twin."""
    return f"{load}@healed" if healed else load


def field_file(load: str) -> Path:
    """Return where the fields under a load lie."""
    return Path("fe") / load / "field.vtu"


def xdmf_file(load: str) -> Path:
    """Return where the fields under a load lie as XDMF; its arrays lie beside it in a .bin."""
    return Path("fe") / load / "field.xdmf"


def curve_file(load: str) -> Path:
    """Return where the load-displacement curve of a load lies."""
    return Path("fe") / load / "curve.csv"


def model_file(load: str, suffix: str) -> Path:
    """Return where the model of a load lies for another program, by the suffix of its files."""
    return Path("fe") / load / f"model.{suffix}"


def result_file(load: str) -> Path:
    """Return where the scalar results of a load lie."""
    return Path("fe") / load / "result.json"
