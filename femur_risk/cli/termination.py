"""What ends a command from outside: signals that let it put things away first."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

__all__ = ["Terminated", "orderly_termination"]

_SIGNALS = (signal.SIGTERM, signal.SIGHUP)


class Terminated(SystemExit):
    """The command was told to end; its exit status is the one that shells give, 128 + signal."""


@contextmanager
def orderly_termination() -> Iterator[None]:
    """Let SIGTERM and SIGHUP unwind what is open, as SIGINT does, instead of cutting it off.

    Temporary files go and started ranks end on the way. A signal that somebody handles or ignores
    already, as nohup does, stays as it is; a second one does not disturb the first.

    Raises
    ------
    Terminated
        When one of them comes.
    """
    ours = [number for number in _SIGNALS if signal.getsignal(number) is signal.SIG_DFL]

    def end(number: int, _: FrameType | None) -> None:
        for each in ours:
            signal.signal(each, signal.SIG_IGN)
        raise Terminated(128 + number)

    for number in ours:
        signal.signal(number, end)
    try:
        yield
    finally:
        for number in ours:
            signal.signal(number, signal.SIG_DFL)
