"""What C++ libraries write to the standard error of the process."""

import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager

__all__ = ["captured_stderr"]


@contextmanager
def captured_stderr() -> Iterator[list[str]]:
    """Keep what C++ code writes to file descriptor 2; the list is filled when the block ends.

    ITK reports some damage there and nowhere else, together with paths and a good deal of noise.
    The descriptor belongs to the whole process, so other threads' output is kept as well.
    """
    lines: list[str] = []
    sys.stderr.flush()
    own = os.dup(2)
    try:
        with tempfile.TemporaryFile() as kept:
            os.dup2(kept.fileno(), 2)
            try:
                yield lines
            finally:
                os.dup2(own, 2)
                kept.seek(0)
                lines.extend(kept.read().decode(errors="replace").splitlines())
    finally:
        os.close(own)
