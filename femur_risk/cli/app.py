"""All commands of the interface; each imports what it needs when it runs."""

from typing import Annotated

import typer

from femur_fea import __version__
from femur_risk.cli import configure, later
from femur_risk.cli.batch import batch
from femur_risk.cli.demo import demo
from femur_risk.cli.doctor import doctor
from femur_risk.cli.export import export
from femur_risk.cli.figures import figures
from femur_risk.cli.lesion import lesion
from femur_risk.cli.presets import presets
from femur_risk.cli.register import register
from femur_risk.cli.report import report
from femur_risk.cli.run import stage_command
from femur_risk.cli.simulate import simulate
from femur_risk.cli.validate import validate
from femur_risk.cli.view import view

__all__ = ["app"]

_SUMMARY = "Strength of femora with metastases, from CT by finite elements. For research only."

app = typer.Typer(
    name="femur-fea",
    help=_SUMMARY,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,  # importing what draws the boxes takes 0.4 s
)


def _print_version(asked: bool) -> None:
    if asked:
        typer.echo(f"femur-fea {__version__}")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool,
        typer.Option("--version", callback=_print_version, is_eager=True, help="Print it and end."),
    ] = False,
) -> None:
    pass


app.command("demo")(demo)
app.command("risk", help="Up to the risk of fracture.")(stage_command("risk"))
app.command("run", help="From a CT and a femur mask to strength and report.")(
    stage_command("report")
)
app.command("calibrate", help="Check the input and turn CT numbers into density.")(
    stage_command("calibration")
)
app.command("mesh", help="Mesh the femur and find its anatomical frame.")(stage_command("mesh"))
app.command("solve", help="Everything up to strength.json, without the report.")(
    stage_command("strength")
)
app.command("report")(report)
app.command("view")(view)
app.command("export")(export)
app.command("figures")(figures)
app.command("batch")(batch)
app.command("simulate")(simulate)
app.command("validate")(validate)
app.command("doctor")(doctor)
app.add_typer(configure.app, name="config")
app.command("presets")(presets)
app.command("lesion")(lesion)
app.command("register")(register)
later.register(app)
