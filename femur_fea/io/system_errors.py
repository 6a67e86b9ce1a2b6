"""Errors of the operating system as messages that do not repeat a path, which can hold a name."""

import errno
from collections.abc import Iterator
from contextlib import contextmanager

from femur_fea.errors import ConfigError, DiskSpaceError, FemurFEAError, ImageError

__all__ = ["explain_write_error", "readable"]

# EFBIG: the file system or a limit of the session admits no file of that size
_NO_SPACE = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
_NOT_WRITABLE = frozenset(
    {
        errno.EACCES,
        errno.EEXIST,
        errno.EISDIR,
        errno.ELOOP,
        errno.ENAMETOOLONG,
        errno.ENOTDIR,
        errno.ENOTEMPTY,
        errno.EPERM,
        errno.EROFS,
    }
)


def explain_write_error(error: OSError, what: str) -> DiskSpaceError | ConfigError | None:
    """Return what an error of the system means for the user, None where it can only be a bug.

    Parameters
    ----------
    error : OSError
        What was raised.
    what : str
        What the message calls the file or folder.
    """
    if error.errno in _NO_SPACE:
        return DiskSpaceError(
            found=f"{what} could not be written in full ({error.strerror})",
            expected="room for it on the disk, in the quota and in the file-size limit",
            remedy="free some space or choose another output folder",
        )
    if error.errno in _NOT_WRITABLE:
        return ConfigError(
            found=f"{what} cannot be used ({error.strerror})",
            expected="a folder in which files may be made",
            remedy="choose another output folder or change its permissions",
        )
    return None


@contextmanager
def readable(role: str) -> Iterator[None]:
    """Turn an error of the system inside the block into one about the image called `role`.

    Raises
    ------
    ImageError
        If the system does not let a file be read.
    """
    try:
        yield
    except FemurFEAError:
        raise
    except OSError as error:
        raise ImageError(
            found=f"{role} cannot be read ({error.strerror})",
            expected="a file that the system lets be read",
            remedy="check its permissions and the disk that it lies on",
        ) from None
