"""`demo`: a virtual patient, from CT to report."""

from pathlib import Path
from typing import Annotated

import typer

from femur_fea.errors import ConfigError
from femur_risk.cli.usage import number

__all__ = ["demo"]

SEED = "4547"  # of a lytic lesion in the neck that costs a sixth of the strength, or more in a fall


def demo(
    context: typer.Context,
    out: Annotated[Path, typer.Option(help="Folder for DIR/virtual-<seed> and its input.")] = Path(
        "runs"
    ),
    seed: Annotated[str, typer.Option(metavar="N", help="Which virtual patient.")] = SEED,
    edge_length_mm: Annotated[
        str | None,
        typer.Option(
            metavar="MM", help="Edge length of the mesh; that of the preset where absent."
        ),
    ] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print the result as JSON, all else to stderr.")
    ] = False,
) -> None:
    """Make a virtual patient with a CT on a phantom and run everything on it."""
    import numpy as np

    from femur_risk.cli.results import show_result
    from femur_risk.cli.screen import open_screen
    from femur_risk.config import resolve_config
    from femur_risk.pipeline import prepare_demo, run_case, stages_to
    from femur_risk.virtual import describe_patient, draw_patient

    edge_length = number(edge_length_mm)
    resolve_config({}, {"mesh": {"edge_length_mm": edge_length}})  # refused before any work
    with open_screen(as_json=as_json) as screen:
        screen.console.print(
            "A virtual patient: no person was scanned, and the numbers hold for nobody.",
            highlight=False,
        )
        patient = draw_patient(np.random.SeedSequence(_seed(seed)))
        screen.console.print(f"Drawn: {describe_patient(patient)}.", highlight=False)
        settings = prepare_demo(
            out, patient, case_id=f"virtual-{_seed(seed)}", edge_length_mm=edge_length
        )
        total = len(stages_to("report", lesion=patient.lesion is not None))
        with screen.stages(total) as listener:
            folder = run_case(settings, out, goal="report", listener=listener, ranks=context.obj)
        show_result(screen, "report", folder)


def _seed(text: str) -> int:
    if not text.isdecimal():
        raise ConfigError(
            found=f"--seed = {text!r}",
            expected="a whole number of at least 0",
            remedy="give one, or leave --seed out",
        )
    return int(text)
