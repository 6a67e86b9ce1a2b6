"""`doctor`: whether this computer can run femur-fea, and what to do if not."""

from dataclasses import asdict
from typing import Annotated

import typer

from femur_fea.errors import MissingDependencyError

__all__ = ["doctor"]


def doctor(
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Try everything that a run needs on this computer."""
    from rich.table import Table

    from femur_risk.cli.checks import run_checks
    from femur_risk.cli.screen import open_screen

    checks = run_checks()
    failed = [check.name for check in checks if check.required and not check.passed]
    with open_screen(as_json=as_json) as screen:
        if screen.wants_json:
            listed = [asdict(check) for check in checks]
            screen.print_json({"schema_version": 1, "passed": not failed, "checks": listed})
        else:
            table = Table("", "check", "found", "do")
            for check in checks:
                mark = "ok" if check.passed else "FAILS" if check.required else "note"
                table.add_row(mark, check.name, check.found, "" if check.passed else check.remedy)
            screen.console.print(table, markup=False)
    if failed:
        raise MissingDependencyError(
            found=f"this computer fails {', '.join(failed)}",
            expected="all that a run needs",
            remedy="follow the table's last column",
        )
