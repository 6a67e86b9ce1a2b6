"""Files that appear whole or not at all."""

import errno
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

from femur_fea.errors import ConfigError, DiskSpaceError

__all__ = ["atomic_path", "check_free_space"]

# EFBIG: the file system or a limit of the session admits no file of that size
_NO_SPACE = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
_NOT_WRITABLE = frozenset(
    {errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOTDIR, errno.EEXIST, errno.EISDIR}
)


@contextmanager
def atomic_path(path: Path) -> Iterator[Path]:
    """Give a temporary name beside `path`, and rename it to `path` when the block succeeds.

    The temporary name ends like `path`, so writers that choose a format by suffix work. Missing
    folders are made. Whatever ends the block early, an interrupt included, removes the temporary
    file and leaves an older `path` as it was.

    Parameters
    ----------
    path : Path
        Name under which the file shall appear.

    Yields
    ------
    Path
        Name to write to.

    Raises
    ------
    DiskSpaceError
        If the disk, the quota or the file-size limit is exhausted.
    ConfigError
        If the folder cannot be made or written into.
    """
    path = Path(path)
    temporary = path.with_name(f".partial-{uuid4().hex[:8]}-{path.name}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            yield temporary
            temporary.replace(path)
        finally:
            temporary.unlink(missing_ok=True)
    except OSError as error:
        if error.errno in _NO_SPACE:
            raise _no_space(path, error) from None
        if error.errno in _NOT_WRITABLE and _concerns(error, temporary, path):
            raise _not_writable(path, error) from None
        raise


def check_free_space(folder: Path, needed_bytes: int) -> None:
    """Raise unless the disk that holds `folder` has room for `needed_bytes`.

    Parameters
    ----------
    folder : Path
        Folder to write into; it need not exist yet.
    needed_bytes : int
        Estimate of what will be written, bytes.

    Raises
    ------
    DiskSpaceError
        With the free and the needed space.
    """
    folder = Path(folder).resolve()
    existing = next(place for place in (folder, *folder.parents) if place.exists())
    free = shutil.disk_usage(existing).free
    if free < needed_bytes:
        raise DiskSpaceError(
            found=f"{free / 1e6:.0f} MB free where {folder.name!r} is to be written",
            expected=f"at least {needed_bytes / 1e6:.0f} MB",
            remedy="free some space or choose another output folder",
        )


def _concerns(error: OSError, temporary: Path, path: Path) -> bool:
    """Whether an error is about the file to be written or a folder above it."""
    if error.filename is None:
        return False
    return Path(error.filename) in {temporary, path, *path.parents}


def _no_space(path: Path, error: OSError) -> DiskSpaceError:
    return DiskSpaceError(
        found=f"{path.name!r} could not be written in full ({error.strerror})",
        expected="room for it on the disk, in the quota and in the file-size limit",
        remedy="free some space or choose another output folder",
    )


def _not_writable(path: Path, error: OSError) -> ConfigError:
    return ConfigError(
        found=f"{path.name!r} cannot be written into {path.parent.name!r} ({error.strerror})",
        expected="a folder in which files may be made",
        remedy="choose another output folder or change its permissions",
    )
