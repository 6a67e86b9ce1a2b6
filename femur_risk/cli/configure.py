"""`config new` and `config check`."""

from pathlib import Path
from typing import Annotated

import typer

from femur_fea.errors import InputError

__all__ = ["app"]

app = typer.Typer(
    help="Write or check a configuration file.", no_args_is_help=True, rich_markup_mode=None
)


@app.command("new")
def new(
    file: Annotated[
        Path | None, typer.Argument(help="File to write; the screen where it is absent.")
    ] = None,
) -> None:
    """Write a configuration in which every key is explained and has its default."""
    from femur_fea.io import atomic_path
    from femur_risk.config import commented_template

    if file is None:
        typer.echo(commented_template(), nl=False)
        return
    if file.exists():
        raise InputError(
            found="a file of that name already",
            expected="a new name",
            remedy="choose another name, or remove that file first",
        )
    with atomic_path(file) as path:
        path.write_text(commented_template(), encoding="utf-8")
    typer.echo(f"wrote {file}")


@app.command("check")
def check(file: Annotated[Path, typer.Argument(help="Configuration in TOML.")]) -> None:
    """Check a configuration and say what it resolves to."""
    from femur_risk.config import load_config
    from femur_risk.pipeline import check_settings, settings_text

    config = load_config(file)
    check_settings(config)
    typer.echo(settings_text(config), nl=False)
    typer.echo("# this configuration can be used", err=True)
