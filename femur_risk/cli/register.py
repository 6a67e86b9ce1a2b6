"""`register`: regions, frame and missing shaft of a femur, by the shape model."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from femur_risk.cli.words import read_real, read_side, read_whole

if TYPE_CHECKING:
    from femur_risk.cli.screen import Screen

__all__ = ["register"]


def register(
    femur: Annotated[
        Path,
        typer.Option(metavar="MASK", help="Mask of a femur with its head."),
    ],
    out: Annotated[Path, typer.Option(help="Folder for surface, regions, frame and description.")],
    femur_label: Annotated[
        str | None,
        typer.Option(metavar="N", help="Number of the femur, in a mask of several structures."),
    ] = None,
    side: Annotated[
        str | None, typer.Option(metavar="left|right", help="Side; detected where absent.")
    ] = None,
    shaft_length_mm: Annotated[
        str | None,
        typer.Option(metavar="MM", help="Complete a shaft that the scan cuts off to this length."),
    ] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print the description as JSON, all else to stderr.")
    ] = False,
) -> None:
    """Register the shape model to a femur: regions, frame and, if asked, its missing shaft."""
    from femur_risk.cli.screen import open_screen
    from femur_risk.pipeline import register_femur

    label = read_whole("femur-label", femur_label) if femur_label is not None else None
    length = read_real("shaft-length-mm", shaft_length_mm) if shaft_length_mm is not None else None
    known = read_side(side)
    with open_screen(as_json=as_json) as screen:
        found = register_femur(femur, out, label=label, side=known, shaft_length=length)
        _show(screen, found, out)


def _show(screen: "Screen", described: dict[str, Any], out: Path) -> None:
    if screen.wants_json:
        from femur_fea.io import read_json

        screen.print_json(read_json(out / "registration.json"))
        return
    fit = described["fit"]
    lines = [
        f"{described['side']} femur: the model lies {fit['mean_mm']:.2f} mm from the mask in the "
        f"mean, {fit['p95_mm']:.2f} mm at 95 %",
        f"{fit['seen']:.0%} of a whole femur is shown; the rest is the model's",
    ]
    invented = described["invented_volume_mm3"]
    if invented is not None:
        lines.append(
            f"{invented / 1000.0:.1f} cm3 of shaft completed: neither shape nor density was "
            "measured there (invented.nii.gz)"
        )
    for line in lines:
        screen.console.print(line, highlight=False)
    screen.console.print(f"files          {out}", highlight=False, markup=False, soft_wrap=True)
