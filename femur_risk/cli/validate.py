"""`validate`: predictions against outcomes."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from femur_risk.cli.words import read_whole

if TYPE_CHECKING:
    from femur_risk.cli.screen import Screen
    from femur_risk.validation import ValidationRecord

__all__ = ["validate"]


def validate(
    table: Annotated[
        Path, typer.Argument(metavar="PREDICTIONS", help="CSV or Parquet: docs/validate.md.")
    ],
    *,
    out: Annotated[Path, typer.Option(help="Folder for validation.html and .json.")],
    engine: Annotated[
        str, typer.Option(metavar="NAME", help="Validate the column probability_NAME.")
    ] = "engine",
    horizon_days: Annotated[
        str, typer.Option("--horizon-days", metavar="DAYS", help="What the predictions are for.")
    ] = "182",
    threshold: Annotated[
        str, typer.Option(metavar="P", help="Probability from which a femur counts as called.")
    ] = "0.1",
    threshold_range: Annotated[
        str, typer.Option("--threshold-range", metavar="LOW,HIGH", help="Of decision curves.")
    ] = "0.02,0.5",
    deaths: Annotated[
        str,
        typer.Option(metavar="HOW", help="competing: known to be whole; censored: lost to view."),
    ] = "competing",
    resamples: Annotated[str, typer.Option(metavar="N", help="Of patients, for intervals.")] = (
        "500"
    ),
    seed: Annotated[str, typer.Option(metavar="S", help="Which resamples.")] = "0",
    recalibrate: Annotated[
        str | None,
        typer.Option(metavar="METHOD", help="platt, isotonic, beta or bayes, to these outcomes."),
    ] = None,
    training: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Training population: a table, or population.json."),
    ] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print the record as JSON, all else to stderr.")
    ] = False,
) -> None:
    """Compare predictions with outcomes: discrimination, calibration, net benefit, subgroups."""
    from femur_risk.cli.screen import open_screen
    from femur_risk.validation import ValidationSettings, write_validation
    from femur_risk.validation import validate as compare

    low, high = _numbers("--threshold-range", threshold_range, 2)
    settings = ValidationSettings(
        engine=engine,
        horizon_days=_numbers("--horizon-days", horizon_days, 1)[0],
        decision_threshold=_numbers("--threshold", threshold, 1)[0],
        threshold_range=(low, high),
        deaths=deaths,  # type: ignore[arg-type] # the settings refuse other words
        resamples=read_whole("resamples", resamples, at_least=1),
        seed=read_whole("seed", seed, at_least=0),
        recalibration=recalibrate,  # type: ignore[arg-type] # the settings refuse other words
    )
    with open_screen(as_json=as_json) as screen:
        found = compare(table, settings, training=training, tell=lambda step: _tell(screen, step))
        files = write_validation(found, out)
        if screen.wants_json:
            screen.print_json(found.record.model_dump(mode="json"))
        else:
            _show(screen, found.record, files)


def _numbers(option: str, text: str, count: int) -> list[float]:
    from femur_fea.errors import ConfigError

    try:
        values = [float(part) for part in text.split(",")]
    except ValueError:
        values = []
    if len(values) != count:
        raise ConfigError(
            found=f"{option} = {text!r}",
            expected="a number" if count == 1 else "two numbers with a comma between them",
            remedy="correct that value",
        )
    return values


def _tell(screen: "Screen", step: str) -> None:
    screen.console.print(f"working on {step}", highlight=False, markup=False)


def _show(screen: "Screen", found: "ValidationRecord", files: Sequence[Path]) -> None:
    from rich.table import Table

    from femur_risk.validation import headline_table

    drawn = headline_table(found)
    table = Table(*drawn.columns, title=drawn.title, title_justify="left")
    for row in drawn.rows:
        table.add_row(*row)
    lines = (found.notice, found.evidence, *found.notes)
    for line in lines:
        screen.console.print(line, highlight=False, markup=False, soft_wrap=True)
    screen.console.print(table, markup=False)
    for each in found.subgroups.rows:
        for alarm in each.alarms:
            line = f"alarm: {alarm} differs in {each.attribute} {each.level} ({each.n} femora)"
            screen.console.print(line, style="yellow", highlight=False, markup=False)
    for path in files:
        screen.console.print(f"wrote     {path}", highlight=False, markup=False, soft_wrap=True)
