"""The entry point: runs a command and turns errors into messages and exit codes."""

import sys
from typing import TYPE_CHECKING

from femur_fea.errors import DiskSpaceError, FemurFEAError

if TYPE_CHECKING:
    from typer import Typer

    from femur_fea.solver import Ranks

__all__ = ["main"]

_EXIT_FAULT = 2  # the input or the environment is at fault; a bug exits with 1
_EXIT_INTERRUPTED = 130  # 128 + SIGINT, as shells have it
_INTERRUPTED = "interrupted; finished stages are kept, the same command goes on from them\n"


def main() -> None:
    """Run the command line; never returns."""
    from femur_risk.cli.launch import run_on_all_ranks

    try:
        status = run_on_all_ranks(_status)
    except FemurFEAError as error:
        _explain(error)
        status = _EXIT_FAULT
    sys.exit(status)


def _status(ranks: "Ranks | None") -> int:
    """Run the command line and return its exit status."""
    from femur_risk.cli.termination import Terminated, orderly_termination

    try:
        from femur_risk.cli.app import app

        with orderly_termination():
            return _call(app, ranks)
    except Terminated as end:
        sys.stderr.write(_INTERRUPTED)
        return int(end.code or 0)
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else 0
    except KeyboardInterrupt:
        sys.stderr.write(_INTERRUPTED)
        return _EXIT_INTERRUPTED
    except FemurFEAError as error:
        _explain(error)
        return _EXIT_FAULT
    except OSError as error:
        # not at the top: NumPy comes with it
        from femur_fea.io import explain_write_error

        explained = explain_write_error(error, "what the command writes")
        if not isinstance(explained, DiskSpaceError):
            raise
        _explain(explained)
        return _EXIT_FAULT


def _call(app: "Typer", ranks: "Ranks | None") -> int:
    """Call the command that the command line names; return the exit status that it asks for."""
    from typer import TyperException

    from femur_risk.cli.usage import explain_usage

    try:
        status = app(obj=ranks, prog_name="femur-fea", standalone_mode=False)
    except TyperException as error:
        if error.format_message().startswith("Usage:"):  # a command that stands for its help
            sys.stderr.write(f"{error.format_message()}\n")
            return _EXIT_FAULT
        raise explain_usage(error) from None
    if status == _EXIT_INTERRUPTED:
        raise KeyboardInterrupt  # typer has made a status of it
    return status if isinstance(status, int) else 0


def _explain(error: FemurFEAError) -> None:
    sys.stderr.write(
        f"error     {type(error).__name__}\n"
        f"found     {error.found}\n"
        f"expected  {error.expected}\n"
        f"do        {error.remedy}\n"
    )
