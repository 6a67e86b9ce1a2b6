"""`export`: a solved bone for other programs."""

from pathlib import Path
from typing import Annotated

import typer

__all__ = ["export"]


def export(
    run_dir: Annotated[Path, typer.Argument(metavar="RUN", help="Folder of a finished run.")],
    out: Annotated[
        Path,
        typer.Option("--out", metavar="FILE", help="File to write: .glb, .stl, .vtp or .gif."),
    ],
    load: Annotated[
        str | None, typer.Option(metavar="NAME", help="The first where absent.")
    ] = None,
    field: Annotated[
        str, typer.Option(metavar="NAME", help="Field that colours a GLB or GIF.")
    ] = "stress",
    healed: Annotated[
        bool, typer.Option("--healed", help="The lesion-free twin instead of the bone.")
    ] = False,
    lesion: Annotated[
        bool, typer.Option("--lesion", help="The lesion alone, as STL or VTP.")
    ] = False,
) -> None:
    """Write the bone with its fields as glTF, STL or VTP, or a turntable of it as GIF."""
    from femur_risk.exports import export_lesion, export_run
    from femur_risk.opened import open_run

    run = open_run(run_dir)
    if lesion:
        export_lesion(run, out)
    else:
        export_run(run, out, load=load or run.loads[0], field=field, healed=healed)
    typer.echo(f"wrote     {out}")
