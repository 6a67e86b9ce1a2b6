"""`presets`: the published chains, with their sources."""

from typing import Annotated

import typer

__all__ = ["presets"]


def presets(
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """List the presets, their parts and sources; numbers not checked in print are marked."""
    from rich.table import Table

    from femur_risk.cli.screen import open_screen
    from femur_risk.pipeline import describe_presets

    described = describe_presets()
    with open_screen(as_json=as_json) as screen:
        if screen.wants_json:
            screen.print_json({"schema_version": 1, "presets": described})
            return
        for name, preset in described.items():
            table = Table(title=f"{name}: {preset['source']}", title_justify="left")
            for heading in ("part", "name", "source"):
                table.add_column(heading, overflow="fold")
            for part in preset["parts"]:
                mark = "" if part["verified"] else "  [not verified]"
                table.add_row(part["part"], part["name"], f"{part['source']}{mark}")
            mineral = f"{preset['density_kind']}"
            table.add_row("mineral", mineral, "the density that a calibration must give")
            edges = f"{preset['edge_length_mm']:g} mm"
            table.add_row("edge length", edges, preset["edge_length_reason"])
            screen.console.print(table, markup=False)
