"""The record of a run: what it was made from and with, and which stages can be trusted."""

import json
from collections.abc import Collection, Mapping
from pathlib import Path, PurePosixPath

from pydantic import BaseModel, ConfigDict, ValidationError

from femur_fea import __version__
from femur_fea.errors import InputError
from femur_fea.io import write_json
from femur_risk.pipeline import layout
from femur_risk.pipeline.versions import join_versions

__all__ = ["Manifest", "StageRecord", "read_manifest"]


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
    versions
        Versions of the libraries with which it was made.
    seconds
        Wall time when it was made.
    peak_memory_MB
        Largest resident size of the process, or of one that it started, by the end of the stage.
    warnings
        What it warned of.
    reused
        Whether the last run left it as it was.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    fingerprint: str
    upstream: Mapping[str, str]
    artefacts: Mapping[str, str]
    versions: Mapping[str, str]
    seconds: float
    peak_memory_MB: float
    warnings: tuple[str, ...] = ()
    reused: bool = False


class Manifest(BaseModel):
    """What manifest.json holds; warnings and versions are those of its stages."""

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

    def with_made(self, names: Collection[str]) -> "Manifest":
        """Return the manifest in which the stages `names`, and no other, were not reused."""
        stages = {
            name: record.model_copy(update={"reused": name not in names})
            for name, record in self.stages.items()
        }
        return self.model_copy(update={"stages": stages})

    def write(self, folder: Path) -> None:
        """Write manifest.json into the run's folder."""
        warned = [text for record in self.stages.values() for text in record.warnings]
        gathered = {
            "warnings": tuple(dict.fromkeys(warned)),
            "versions": join_versions(record.versions for record in self.stages.values()),
        }
        whole = self.model_copy(update=gathered)
        write_json(folder / layout.MANIFEST, whole.model_dump(mode="json"))


def read_manifest(folder: Path, *, case_id: str) -> Manifest:
    """Return the manifest of a run, an empty one where there is none that can be trusted.

    Raises
    ------
    InputError
        If it names an artefact outside the run's folder.
    """
    try:
        content = json.loads((folder / layout.MANIFEST).read_text(encoding="utf-8"))
        manifest = Manifest.model_validate(content)
    except (FileNotFoundError, ValidationError, json.JSONDecodeError, UnicodeDecodeError):
        return Manifest(case_id=case_id)
    _check_inside(manifest)
    return manifest


def _check_inside(manifest: Manifest) -> None:
    for name, record in manifest.stages.items():
        paths = [PurePosixPath(path) for path in record.artefacts]
        if any(path.is_absolute() or ".." in path.parts for path in paths):
            raise InputError(
                found=f"{layout.MANIFEST} names an artefact of stage {name!r} outside the run's "
                "folder",
                expected="paths inside the folder, as femur-fea writes them",
                remedy="do not use this folder: it was changed by something else; nothing in it "
                "was removed",
            )
