"""The folder of one run: opened by one process, changed by whole stages only."""

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from femur_fea.errors import ConfigError, InputError
from femur_risk.pipeline.fingerprint import hash_file

__all__ = [
    "exclusive_folder",
    "hash_artefacts",
    "is_intact",
    "publish",
    "remove_artefacts",
    "staging",
]

_STAGING = ".staging-"


@contextmanager
def exclusive_folder(folder: Path) -> Iterator[Path]:
    """Create `folder`, keep other runs out of it, and leave no empty folder behind.

    Raises
    ------
    InputError
        If another run works in the folder.
    ConfigError
        If the folder cannot be made.
    """
    created = [path for path in (folder, *folder.parents) if not path.exists()]
    _make(folder)
    handle = os.open(folder, os.O_RDONLY)
    try:
        _lock(handle)
        for leftover in folder.glob(f"{_STAGING}*"):  # of a run that was killed
            shutil.rmtree(leftover)
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
    files = sorted(path for path in place.rglob("*") if path.is_file())
    return {path.relative_to(place).as_posix(): hash_file(path) for path in files}


def publish(place: Path, folder: Path) -> None:
    """Move every file below `place` to the same path in `folder`, one by one."""
    for name in hash_artefacts(place):
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        (place / name).replace(target)


def is_intact(folder: Path, artefacts: dict[str, str]) -> bool:
    """Whether every artefact is there and holds what it held when it was written."""
    return all(
        (folder / name).is_file() and hash_file(folder / name) == digest
        for name, digest in artefacts.items()
    )


def remove_artefacts(folder: Path, names: list[str]) -> None:
    """Remove artefacts and the folders that they leave empty."""
    for name in names:
        (folder / name).unlink(missing_ok=True)
        for parent in (folder / name).parents:
            if parent == folder or not parent.is_dir() or any(parent.iterdir()):
                break
            parent.rmdir()


def _make(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except (FileExistsError, NotADirectoryError, PermissionError) as error:
        raise ConfigError(
            found=f"an output folder that cannot be made ({error.strerror})",
            expected="a folder in which files may be made",
            remedy="choose another --out, or change its permissions",
        ) from None


def _lock(handle: int) -> None:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise InputError(
            found="another run at work in the same folder",
            expected="one run per case folder at a time",
            remedy="wait for it to end, or give another --out or --case-id",
        ) from None
