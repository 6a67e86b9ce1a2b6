"""`report`: writes the report of a finished run anew."""

from pathlib import Path
from typing import Annotated, Literal

import typer

__all__ = ["report"]


def report(
    run_dir: Annotated[Path, typer.Argument(metavar="RUN_DIR", help="Folder of a finished run.")],
    language: Annotated[
        Literal["en", "de"] | None,
        typer.Option("--language", help="Language of the report; that of run.toml where absent."),
    ] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print the result as JSON, all else to stderr.")
    ] = False,
) -> None:
    """Write figures and report of a finished run anew from what it left on disk."""
    from femur_risk.cli.results import show_result
    from femur_risk.cli.screen import open_screen
    from femur_risk.pipeline import rebuild_report

    with open_screen(as_json=as_json) as screen:
        with screen.stages(total=1) as listener:
            folder = rebuild_report(run_dir, listener=listener, language=language)
        show_result(screen, "report", folder)
