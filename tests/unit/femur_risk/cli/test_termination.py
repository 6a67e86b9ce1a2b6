"""Signals that end a command from outside."""

import signal
import subprocess
import sys

import pytest

BEGIN = """
import os, signal, time
from femur_fea.solver.environment import require_dolfinx
from femur_risk.cli.termination import orderly_termination
"""


def _ends(code: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-c", BEGIN + code], capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
@pytest.mark.parametrize(
    "library",
    [
        "",
        "require_dolfinx()",
        "from femur_fea.signals import kept_signals; import gmsh\n"
        "    with kept_signals(): gmsh.initialize()",
    ],
)
def test_a_command_that_is_told_to_end_puts_things_away_first(
    number: signal.Signals, library: str
) -> None:
    done = _ends(
        f"with orderly_termination():\n    {library}\n"
        f"    try:\n        os.kill(os.getpid(), {int(number)}); time.sleep(10)\n"
        f"    finally:\n        os.kill(os.getpid(), {int(number)}); print('put away')\n"
    )
    assert (done.returncode, done.stdout) == (128 + number, "put away\n"), done.stderr


def test_a_signal_that_is_ignored_stays_ignored_as_nohup_wants_it() -> None:
    done = _ends(
        "signal.signal(signal.SIGHUP, signal.SIG_IGN)\n"
        "with orderly_termination():\n    os.kill(os.getpid(), signal.SIGHUP)\n"
        "print('went on')\n"
    )
    assert (done.returncode, done.stdout) == (0, "went on\n"), done.stderr
