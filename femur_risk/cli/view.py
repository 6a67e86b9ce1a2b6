"""`view`: a run, or two beside each other, in an interactive scene."""

from pathlib import Path
from typing import Annotated

import typer

from femur_fea.errors import ConfigError

__all__ = ["view"]

_HIGHEST_PORT = 65535


def view(
    run_dir: Annotated[Path, typer.Argument(metavar="RUN", help="Folder of a finished run.")],
    other_dir: Annotated[
        Path | None,
        typer.Argument(metavar="[OTHER]", help="Folder of another, to be shown beside it."),
    ] = None,
    port: Annotated[
        str, typer.Option(metavar="N", help="Port on this machine; 0 for any free one.")
    ] = "0",
    no_browser: Annotated[
        bool, typer.Option("--no-browser", help="Print the address and open no browser.")
    ] = False,
) -> None:
    """Look at a run in an interactive scene, in a browser on this machine; Ctrl-C ends it."""
    chosen = _port(port)
    from femur_risk.opened import open_run
    from femur_risk.viewer import serve

    runs = [open_run(folder) for folder in (run_dir, other_dir) if folder is not None]

    def ready(address: str) -> None:
        typer.echo(f"{address}\nOnly this machine can open it. Ctrl-C ends it.")
        if not no_browser:
            typer.launch(address)

    try:
        serve(runs, port=chosen, ready=ready)
    except KeyboardInterrupt:
        typer.echo("ended")


def _port(text: str) -> int:
    if not text.isdecimal() or int(text) > _HIGHEST_PORT:
        raise ConfigError(
            found=f"--port = {text!r}",
            expected=f"a whole number from 0 to {_HIGHEST_PORT}",
            remedy="give one, or leave --port out",
        )
    return int(text)
