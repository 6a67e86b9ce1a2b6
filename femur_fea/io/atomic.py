"""Files that appear whole or not at all."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

from femur_fea.errors import DiskSpaceError
from femur_fea.io.system_errors import explain_write_error

__all__ = ["atomic_path"]


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
        explained = explain_write_error(error, repr(path.name))
        about_it = isinstance(explained, DiskSpaceError) or _concerns(error, temporary, path)
        if explained is None or not about_it:
            raise
        raise explained from None


def _concerns(error: OSError, temporary: Path, path: Path) -> bool:
    """Whether an error is about the file to be written or a folder above it."""
    return error.filename is not None and Path(error.filename) in {temporary, path, *path.parents}
