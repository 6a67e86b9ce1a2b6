"""The record of a run: what it was made from and with, and which stages can be trusted."""

import importlib.metadata
import json
import platform
from collections.abc import Mapping
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from femur_fea import __version__
from femur_fea.io import write_json

__all__ = ["MANIFEST", "Manifest", "StageRecord", "installed_versions", "read_manifest"]

MANIFEST = "manifest.json"

_LIBRARIES = (
    "dolfinx-solver-real",
    "gmsh",
    "meshio",
    "numpy",
    "pydantic",
    "pydicom",
    "pyvista",
    "scipy",
    "SimpleITK",
    "vtk",
)


class StageRecord(BaseModel):
    """One finished stage.

    Attributes
    ----------
    name
        Name of the stage.
    fingerprint
        Hash of version, settings and everything the stage rests on.
    upstream
        Digests of the stages it rests on, by name.
    artefacts
        Hash of every file it wrote, by path inside the run's folder.
    seconds
        Wall time when it was made.
    peak_memory_MB
        Largest resident size of the process by the end of the stage.
    warnings
        What it warned of.
    reused
        Whether the last run took it from disk.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    fingerprint: str
    upstream: Mapping[str, str]
    artefacts: Mapping[str, str]
    seconds: float
    peak_memory_MB: float
    warnings: tuple[str, ...] = ()
    reused: bool = False


class Manifest(BaseModel):
    """What manifest.json holds."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    schema_version: int = 1
    case_id: str
    version: str = __version__
    versions: Mapping[str, str] = {}
    input_sha256: Mapping[str, str] = {}
    stages: Mapping[str, StageRecord] = {}
    warnings: tuple[str, ...] = ()
    unverified_constants: tuple[str, ...] = ()

    def with_stage(self, record: StageRecord) -> "Manifest":
        """Return the manifest with one more stage."""
        return self.model_copy(update={"stages": {**self.stages, record.name: record}})

    def resting_on(self, name: str) -> tuple[str, ...]:
        """Return the names of the stages that rest on stage `name`, directly or not."""
        direct = [stage for stage, record in self.stages.items() if name in record.upstream]
        nested = [below for stage in direct for below in self.resting_on(stage)]
        return tuple(dict.fromkeys([*direct, *nested]))

    def without(self, *names: str) -> "Manifest":
        """Return the manifest without the stages `names`."""
        kept = {name: record for name, record in self.stages.items() if name not in names}
        return self.model_copy(update={"stages": kept})

    def write(self, folder: Path) -> None:
        """Write manifest.json into the run's folder."""
        warned = [text for record in self.stages.values() for text in record.warnings]
        whole = self.model_copy(update={"warnings": tuple(dict.fromkeys(warned))})
        write_json(folder / MANIFEST, whole.model_dump(mode="json"))


def read_manifest(folder: Path, *, case_id: str) -> Manifest:
    """Return the manifest of a run, an empty one where there is none that can be trusted."""
    try:
        content = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        return Manifest.model_validate(content)
    except (FileNotFoundError, ValidationError, json.JSONDecodeError, UnicodeDecodeError):
        return Manifest(case_id=case_id)


def installed_versions() -> dict[str, str]:
    """Return the versions of Python, of this software and of the libraries that take part."""
    libraries = {name: importlib.metadata.version(name) for name in _LIBRARIES}
    return {"python": platform.python_version(), "femur-fea": __version__, **libraries}
