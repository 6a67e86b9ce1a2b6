"""The table of how each model was solved."""

from femur_risk.report.amounts import significant
from femur_risk.report.blocks import Table
from femur_risk.report.content import ReportContent
from femur_risk.report.outcome import SolverSummary
from femur_risk.report.phrases import load_name
from femur_risk.report.words import Words

__all__ = ["solver_table"]


def solver_table(words: Words, content: ReportContent) -> Table:
    """Return the table of how each model was solved; a column that applies to none is left out."""
    solves = []
    for load in content.loads:
        name = load_name(words, load)
        solves.append((name, load.solver))
        if load.healed_solver is not None:
            solves.append((words.say("twin_solve", load=name), load.healed_solver))
    rows = [{"solve": name, **_cells(words, solver)} for name, solver in solves]
    used = [column for column in rows[0] if {row[column] for row in rows} != {words["none"]}]
    note = "solve_note" if content.model == "linear" else "solve_note_nonlinear"
    return Table(
        heading=words["solves"],
        columns=tuple(words[column] for column in used),
        rows=tuple(tuple(row[column] for column in used) for row in rows),
        notes=(words[note],),
    )


def _cells(words: Words, solver: SolverSummary) -> dict[str, str]:
    newton, energy = solver.newton_iterations, solver.energy_error
    return {
        "element": solver.element,
        "unknowns": words.number(f"{solver.n_dofs:,}"),
        "linear_method": solver.method,
        "newton": words["none"] if newton is None else f"{newton}",
        "iterations": f"{solver.iterations}",
        "residual": words.number(f"{solver.relative_residual:.1e}"),
        "energy_error": words["none"] if energy is None else words.number(f"{energy:.1e}"),
        "ranks": f"{solver.ranks}",
        "seconds": significant(words, solver.seconds),
    }
