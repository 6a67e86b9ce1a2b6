"""The table of how each model was solved."""

from dataclasses import dataclass

from femur_risk.report.amounts import significant
from femur_risk.report.content import ReportContent
from femur_risk.report.outcome import SolverSummary
from femur_risk.report.phrases import load_name
from femur_risk.report.words import WORDS

__all__ = ["SolverTable", "solver_table"]


@dataclass(frozen=True, slots=True, kw_only=True)
class SolverTable:
    """One row for the bone and one for its twin under every load.

    Attributes
    ----------
    columns : tuple of str
        Headings.
    rows : tuple of tuple of str
        Cells, the first of each row being the load and the bone.
    note : str
        What the numbers are.
    """

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    note: str


def solver_table(content: ReportContent) -> SolverTable:
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
    return SolverTable(
        columns=tuple(used),
        rows=tuple(tuple(row[column] for column in used) for row in rows),
        note=WORDS[note],
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
