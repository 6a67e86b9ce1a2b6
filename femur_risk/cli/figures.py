"""`figures`: every figure of a run, or the overviews of a cohort."""

from pathlib import Path
from typing import Annotated

import typer

__all__ = ["figures"]

_TABLE = "results.csv"


def figures(
    run_dir: Annotated[
        Path,
        typer.Argument(metavar="RUN", help="Folder of a finished run, or of a cohort's results."),
    ],
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="Folder for the figures.")],
) -> None:
    """Draw all figures of a run and a contact sheet of them, or the overviews of a cohort."""
    from femur_risk.gallery import draw_cohort, draw_gallery
    from femur_risk.opened import open_run

    if (run_dir / _TABLE).is_file():
        draw_cohort(run_dir / _TABLE, out, drawn=typer.echo)
    else:
        draw_gallery(open_run(run_dir), out, drawn=typer.echo)
