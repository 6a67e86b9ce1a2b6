"""The signals that end a process stay with who asked for them first."""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager

__all__ = ["kept_signals"]

_ENDING = (signal.SIGHUP, signal.SIGINT, signal.SIGTERM)


@contextmanager
def kept_signals() -> Iterator[None]:
    """Undo what a library in C does to the handlers of SIGHUP, SIGINT and SIGTERM.

    gmsh sets them back to the default and PETSc takes them over when they are initialised; Python
    does not notice, and a program that wants to put things away before it ends would not be told.
    """
    try:
        yield
    finally:
        if threading.current_thread() is threading.main_thread():
            for number in _ENDING:
                handler = signal.getsignal(number)
                if handler is not None:
                    signal.signal(number, handler)
