"""The table of strength by load: which columns there are, and what each cell says."""

from femur_risk.report.amounts import NO_BREAK, quantity, significant, span
from femur_risk.report.blocks import Table
from femur_risk.report.content import ReportContent
from femur_risk.report.loss import loss_cell
from femur_risk.report.notes import strength_notes
from femur_risk.report.outcome import LoadOutcome
from femur_risk.report.phrases import load_name
from femur_risk.report.words import Words

__all__ = ["strength_table"]


def strength_table(words: Words, content: ReportContent) -> Table:
    """Return the table of strength by load; a column that applies to no load is left out."""
    rows = [_cells(words, load) for load in content.loads]
    used = [column for column in rows[0] if {row[column] for row in rows} != {words["none"]}]
    return Table(
        columns=tuple(words[column] for column in used),
        rows=tuple(tuple(row[column] for column in used) for row in rows),
        notes=strength_notes(words, content),
    )


def _cells(words: Words, load: LoadOutcome) -> dict[str, str]:
    loss = load.strength_loss_fraction, load.lesion_hidden_fraction, load.loss_interval_90
    region = words.term("region", load.weakest_region)
    return {
        "load": load_name(words, load),
        "strength": quantity(words, load.strength, load.unit),
        "interval": _interval(words, load),
        "strength_bw": quantity(words, load.strength_BW, ""),
        "first_yield": quantity(words, load.first_yield, load.unit),
        "stiffness": quantity(words, load.stiffness, load.stiffness_unit),
        "healed": quantity(words, load.healed_strength, load.unit),
        "loss": loss_cell(words, *loss),
        "strain_fold": quantity(words, load.strain_fold_ratio, ""),
        "weakest_site": f"{region}, {words.term('mode', load.weakest_mode)}",
        "point": f",{NO_BREAK}".join(f"{x:.0f}" for x in load.weakest_point_mm),
    }


def _interval(words: Words, load: LoadOutcome) -> str:
    if load.interval_90 is None:
        return words["none"]
    low, high = load.interval_90
    return span(words, significant(words, low), quantity(words, high, load.unit))
