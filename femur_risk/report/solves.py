"""The table of how each model was solved."""

from femur_risk.report.amounts import significant
from femur_risk.report.blocks import Table
from femur_risk.report.content import ReportContent
from femur_risk.report.outcome import SolverSummary
from femur_risk.report.phrases import load_name
from femur_risk.report.words import WORDS

__all__ = ["solver_table"]


def solver_table(content: ReportContent) -> Table:
    """Return the table of how each model was solved; a column that applies to none is left out."""
    solves = [
        (f"{load_name(load)}{whose}", solver)
        for load in content.loads
        for whose, solver in (("", load.solver), (", lesion-free twin", load.healed_solver))
        if solver is not None
    ]
    rows = [{WORDS["solve"]: name, **_cells(solver)} for name, solver in solves]
    used = [column for column in rows[0] if {row[column] for row in rows} != {WORDS["none"]}]
    note = "solve_note" if content.model == "linear" else "solve_note_nonlinear"
    return Table(
        heading=WORDS["solves"],
        columns=tuple(used),
        rows=tuple(tuple(row[column] for column in used) for row in rows),
        notes=(WORDS[note],),
    )


def _cells(solver: SolverSummary) -> dict[str, str]:
    newton, energy = solver.newton_iterations, solver.energy_error
    return {
        WORDS["element"]: solver.element,
        WORDS["unknowns"]: f"{solver.n_dofs:,}",
        WORDS["linear_method"]: solver.method,
        WORDS["newton"]: WORDS["none"] if newton is None else f"{newton}",
        WORDS["iterations"]: f"{solver.iterations}",
        WORDS["residual"]: f"{solver.relative_residual:.1e}",
        WORDS["energy_error"]: WORDS["none"] if energy is None else f"{energy:.1e}",
        WORDS["ranks"]: f"{solver.ranks}",
        WORDS["seconds"]: significant(solver.seconds),
    }
