"""The commands that carry a case up to a stage: run, calibrate, mesh, solve, risk."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from femur_risk.cli.settings import overrides_of, with_settings

if TYPE_CHECKING:
    from femur_fea.solver import Ranks
    from femur_risk.pipeline import Goal

__all__ = ["stage_command"]


def stage_command(goal: "Goal") -> Callable[..., None]:
    """Return the command that carries a case up to `goal`, with an option for each setting."""

    def command(
        context: typer.Context,
        *,
        config: Annotated[
            Path | None, typer.Option(metavar="FILE", help="Settings; options come first.")
        ] = None,
        out: Annotated[Path, typer.Option(help="Folder for DIR/<case_id>.")] = Path("runs"),
        as_json: Annotated[
            bool, typer.Option("--json", help="Print the result as JSON, all else to stderr.")
        ] = False,
        **settings: Any,
    ) -> None:
        overrides = overrides_of(settings)
        _carry_out(goal, config, overrides, out, as_json=as_json, ranks=context.obj)

    command.__signature__ = with_settings(command)  # type: ignore[attr-defined] # typer reads it
    return command


def _carry_out(
    goal: "Goal",
    config: Path | None,
    overrides: dict[str, Any],
    out: Path,
    *,
    as_json: bool,
    ranks: "Ranks | None",
) -> None:
    from femur_risk.cli.results import show_result
    from femur_risk.cli.screen import open_screen
    from femur_risk.config import read_overrides, resolve_config
    from femur_risk.pipeline import run_case, stages_to

    settings = resolve_config(read_overrides(config) if config else {}, overrides)
    with open_screen(as_json=as_json) as screen:
        total = len(stages_to(goal, lesion=settings.input.lesion is not None))
        with screen.stages(total) as listener:
            outcome = run_case(settings, out, goal=goal, listener=listener, ranks=ranks)
        show_result(screen, goal, outcome)
