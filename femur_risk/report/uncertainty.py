"""The table of what is not known exactly, and of its share in the spread of strength."""

from femur_risk.report.amounts import significant, whole_percent
from femur_risk.report.blocks import Table
from femur_risk.report.loss import loss_percent
from femur_risk.report.outcome import LoadOutcome, SourceShare
from femur_risk.report.phrases import load_name
from femur_risk.report.words import WORDS

__all__ = ["uncertainty_table"]


def uncertainty_table(loads: tuple[LoadOutcome, ...]) -> Table | None:
    """Return the table, None where no uncertainty was carried to strength."""
    rows = [(load, source) for load in loads for source in load.sources]
    if not rows:
        return None
    columns = ("uncertain", "sd", "share", "share_of_loss", "provenance", "source")
    return Table(
        columns=(WORDS["load"], *(WORDS[column] for column in columns)),
        rows=tuple(_row(load, source) for load, source in rows),
        notes=(*_intervals_of_loss(loads), WORDS["uncertainty_note"]),
    )


def _row(load: LoadOutcome, source: SourceShare) -> tuple[str, ...]:
    return (
        load_name(load),
        source.name,
        WORDS["not_stated"] if source.sd is None else f"{significant(source.sd)} {source.unit}",
        _share(source, source.share),
        _share(source, source.share_of_loss),
        source.provenance,
        source.source,
    )


def _share(source: SourceShare, share: float | None) -> str:
    """Return a share in whole percent; of what nobody states a number for none is known."""
    if share is None:
        return WORDS["none"]
    return WORDS["not_stated"] if source.sd is None else whole_percent(share)


def _intervals_of_loss(loads: tuple[LoadOutcome, ...]) -> tuple[str, ...]:
    return tuple(
        f"{load_name(load)}: 90 % interval of the loss against the lesion-free twin "
        f"{loss_percent(load.loss_interval_90[0])} to {loss_percent(load.loss_interval_90[1])}."
        for load in loads
        if load.loss_interval_90 is not None
    )
