"""The table of what is not known exactly, and of its share in the spread of strength."""

from femur_risk.report.amounts import significant, whole_percent
from femur_risk.report.blocks import Table
from femur_risk.report.loss import loss_percent
from femur_risk.report.outcome import LoadOutcome, SourceShare
from femur_risk.report.phrases import load_name
from femur_risk.report.words import Words

__all__ = ["uncertainty_table"]


def uncertainty_table(words: Words, loads: tuple[LoadOutcome, ...]) -> Table | None:
    """Return the table, None where no uncertainty was carried to strength."""
    rows = [(load, source) for load in loads for source in load.sources]
    if not rows:
        return None
    columns = ("load", "uncertain", "sd", "share", "share_of_loss", "provenance", "source")
    return Table(
        columns=tuple(words[column] for column in columns),
        rows=tuple(_row(words, load, source) for load, source in rows),
        notes=(*_intervals_of_loss(words, loads), words["uncertainty_note"]),
    )


def _row(words: Words, load: LoadOutcome, source: SourceShare) -> tuple[str, ...]:
    unit = words.term("unit", source.unit)
    return (
        load_name(words, load),
        words.term("uncertain", source.name),
        words["not_stated"] if source.sd is None else f"{significant(words, source.sd)} {unit}",
        _share(words, source, source.share),
        _share(words, source, source.share_of_loss),
        words.term("provenance", source.provenance),
        source.source,
    )


def _share(words: Words, source: SourceShare, share: float | None) -> str:
    """Return a share in whole percent; of what nobody states a number for none is known."""
    if share is None:
        return words["none"]
    return words["not_stated"] if source.sd is None else whole_percent(words, share)


def _intervals_of_loss(words: Words, loads: tuple[LoadOutcome, ...]) -> tuple[str, ...]:
    return tuple(
        words.say(
            "loss_interval",
            load=load_name(words, load),
            low=loss_percent(words, load.loss_interval_90[0]),
            high=loss_percent(words, load.loss_interval_90[1]),
        )
        for load in loads
        if load.loss_interval_90 is not None
    )
