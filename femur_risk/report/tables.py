"""The table of strength by load: which columns there are, and what each cell says."""

from femur_risk.report.amounts import NO_BREAK, quantity, significant
from femur_risk.report.blocks import Table
from femur_risk.report.content import ReportContent
from femur_risk.report.loss import loss_cell
from femur_risk.report.notes import strength_notes
from femur_risk.report.outcome import LoadOutcome
from femur_risk.report.phrases import load_name
from femur_risk.report.words import WORDS

__all__ = ["strength_table"]


def strength_table(content: ReportContent) -> Table:
    """Return the table of strength by load; a column that applies to no load is left out."""
    cells = {
        WORDS["load"]: [load_name(load) for load in content.loads],
        WORDS["strength"]: [quantity(load.strength, load.unit) for load in content.loads],
        WORDS["interval"]: [_interval(load) for load in content.loads],
        WORDS["strength_bw"]: [quantity(load.strength_BW, "") for load in content.loads],
        WORDS["first_yield"]: [quantity(load.first_yield, load.unit) for load in content.loads],
        WORDS["stiffness"]: [
            quantity(load.stiffness, load.stiffness_unit) for load in content.loads
        ],
        WORDS["healed"]: [quantity(load.healed_strength, load.unit) for load in content.loads],
        WORDS["loss"]: [
            loss_cell(
                load.strength_loss_fraction, load.lesion_hidden_fraction, load.loss_interval_90
            )
            for load in content.loads
        ],
        WORDS["strain_fold"]: [quantity(load.strain_fold_ratio, "") for load in content.loads],
        WORDS["weakest_site"]: [
            f"{load.weakest_region}, {load.weakest_mode}" for load in content.loads
        ],
        WORDS["point"]: [_point(load) for load in content.loads],
    }
    used = {name: column for name, column in cells.items() if set(column) != {WORDS["none"]}}
    return Table(
        columns=tuple(used),
        rows=tuple(zip(*used.values(), strict=True)),
        notes=strength_notes(content),
    )


def _interval(load: LoadOutcome) -> str:
    if load.interval_90 is None:
        return WORDS["none"]
    low, high = load.interval_90
    return f"{significant(low)} to {quantity(high, load.unit)}"


def _point(load: LoadOutcome) -> str:
    return f",{NO_BREAK}".join(f"{x:.0f}" for x in load.weakest_point_mm)
