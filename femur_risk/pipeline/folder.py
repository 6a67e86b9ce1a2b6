"""The folder of one run: opened by one process, changed by whole stages only."""

import fcntl
import os
import shutil
import tempfile
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from re import Pattern

from femur_fea.errors import ConfigError, FemurFEAError
from femur_fea.io import explain_write_error
from femur_risk.errors import FolderInUseError
from femur_risk.pipeline import layout
from femur_risk.pipeline.fingerprint import hash_file

__all__ = [
    "exclusive_folder",
    "hash_artefacts",
    "is_intact",
    "publish",
    "remove_unnamed",
    "staging",
]

_STAGING = ".staging-"
_PARTIAL = ".partial-"  # as femur_fea.io.atomic_path calls a file that is not whole yet


@contextmanager
def exclusive_folder(folder: Path) -> Iterator[Path]:
    """Create `folder`, keep other runs out of it, and leave no empty folder behind.

    Errors of the system about a file in it become messages that do not repeat its path, which
    can hold a name.

    Raises
    ------
    FolderInUseError
        If another run works in the folder.
    ConfigError
        If the folder cannot be made, read or written into, or something else lies where an
        artefact belongs.
    DiskSpaceError
        If the disk is full.
    """
    with _explained_errors(folder):
        created = [path for path in (folder, *folder.parents) if not path.exists()]
        folder.mkdir(parents=True, exist_ok=True)
        handle = os.open(folder, os.O_RDONLY)
        try:
            _lock(handle)
            _check_places(folder)
            _remove_leftovers(folder)
            yield folder
        finally:
            for path in created:
                if any(path.iterdir()):
                    break
                path.rmdir()
            os.close(handle)


@contextmanager
def staging(folder: Path) -> Iterator[Path]:
    """Yield an empty folder beside the artefacts, removed however the block ends."""
    place = Path(tempfile.mkdtemp(prefix=_STAGING, dir=folder))
    try:
        yield place
    finally:
        shutil.rmtree(place)


def hash_artefacts(place: Path) -> dict[str, str]:
    """Return the hash of every file below `place`, by its path inside it."""
    return {name: hash_file(place / name) for name in _files_below(place)}


def publish(place: Path, folder: Path) -> None:
    """Move every file below `place` to the same path in `folder`, one by one."""
    for name in _files_below(place):
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        (place / name).replace(target)


def is_intact(folder: Path, artefacts: Mapping[str, str]) -> bool:
    """Whether every artefact is there and holds what it held when it was written."""
    return all(
        (folder / name).is_file() and hash_file(folder / name) == digest
        for name, digest in artefacts.items()
    )


def remove_unnamed(folder: Path, owned: Pattern[str], named: Collection[str]) -> None:
    """Remove the files whose path matches `owned` but is not `named`, and folders left empty."""
    for name in _files_below(folder):
        if name in named or not owned.fullmatch(name):
            continue
        (folder / name).unlink()
        for parent in (folder / name).parents:
            if parent == folder or any(parent.iterdir()):
                break
            parent.rmdir()


def _files_below(place: Path) -> list[str]:
    """Return the paths of all files below a folder, links not followed, relative to it."""
    found = ((folder.relative_to(place), names) for folder, _, names in place.walk())
    return sorted((inside / name).as_posix() for inside, names in found for name in names)


@contextmanager
def _explained_errors(folder: Path) -> Iterator[None]:
    try:
        yield
    except FemurFEAError:
        raise
    except OSError as error:
        inside = error.filename is None or _concerns(Path(error.filename), folder)
        explained = explain_write_error(error, _called(error, folder)) if inside else None
        if explained is None:
            raise
        raise explained from None


def _concerns(path: Path, folder: Path) -> bool:
    return path in folder.parents or path.is_relative_to(folder)


def _called(error: OSError, folder: Path) -> str:
    """Return what a message calls the file that an error is about."""
    path = folder if error.filename is None else Path(error.filename)
    inside = path.relative_to(folder) if path.is_relative_to(folder) else Path()
    if inside == Path() or inside.parts[0].startswith((_STAGING, _PARTIAL)):
        return "the case folder below --out"
    return f"{inside.as_posix()!r} in the case folder"


def _lock(handle: int) -> None:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise FolderInUseError(
            found="another run at work in the same folder",
            expected="one run per case folder at a time",
            remedy="wait for it to end, or give another --out or --case-id",
        ) from None


def _check_places(folder: Path) -> None:
    """Raise if something that no run makes lies where one puts its folders and files."""
    loads = [path.relative_to(folder).as_posix() for path in folder.glob("fe/*")]
    for name in (*layout.FOLDERS, *loads):
        path = folder / name
        is_file = name in layout.FOLDERS and path.exists() and not path.is_dir()
        if path.is_symlink() or is_file:
            raise _misplaced(name, "link" if path.is_symlink() else "file", "folder")
    for file in (layout.MANIFEST, layout.SETTINGS, layout.LOG, layout.STRENGTH):
        path = folder / file
        if path.is_symlink() or path.is_dir():
            raise _misplaced(str(file), "link" if path.is_symlink() else "folder", "file")


def _misplaced(name: str, found: str, expected: str) -> ConfigError:
    return ConfigError(
        found=f"{name!r} in the case folder is a {found}",
        expected=f"a {expected}, as a run makes it, or nothing",
        remedy="move it away, or give another --out or --case-id",
    )


def _remove_leftovers(folder: Path) -> None:
    """Remove what a run that was killed was at work on."""
    for leftover in folder.glob(f"{_STAGING}*"):
        shutil.rmtree(leftover)
    for leftover in folder.glob(f"{_PARTIAL}*"):
        leftover.unlink()
