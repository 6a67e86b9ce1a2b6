"""What a lesion costs, told in report and terminal alike."""

from femur_risk.comparators import MOST_HIDDEN
from femur_risk.report.amounts import percent
from femur_risk.report.words import Words

__all__ = ["against_twin", "doubt_of_loss", "loss_cell", "loss_percent"]

_DIGITS = 2  # whole percent: strengths of single meshes scatter by up to 2 %
# lesions drawn where there is none cost up to 9 %: docs/theory.md, The lesion-free twin
_TWIN_ERROR = 0.10

type _Interval = tuple[float, float] | None


def loss_percent(words: Words, fraction: float) -> str:
    """Return a loss of strength in whole percent; one that rounds to nothing has no sign."""
    return percent(words, _rounded(fraction))


def loss_cell(words: Words, loss: float | None, hidden: float | None, interval: _Interval) -> str:
    """Return a loss as a table has it, a dash without a lesion.

    Parameters
    ----------
    words : Words
        The language.
    loss : float or None
        1 - strength / strength of the lesion-free twin; None without a lesion.
    hidden : float or None
        Fraction of the lesion that lies where failure is not looked for.
    interval : (low, high) or None
        Interval that holds the loss with 90 % probability, where one was computed.
    """
    if loss is None:
        return words["none"]
    if not _is_judged(loss, hidden):
        return words["not_judged"]
    doubt = "" if _why_within_error(words, loss, interval) is None else f", {words['within_error']}"
    return f"{loss_percent(words, loss)}{doubt}"


def doubt_of_loss(
    words: Words, loss: float | None, hidden: float | None, interval: _Interval
) -> str | None:
    """Return why a loss says little or nothing, as a sentence; None where it can be told."""
    if loss is None:
        return None
    if not _is_judged(loss, hidden):
        return _why_not_judged(words, hidden)
    why = _why_within_error(words, loss, interval)
    if why is None:
        return None
    return words.say("cannot_be_told", loss=loss_percent(words, loss), why=why)


def against_twin(
    words: Words, loss: float | None, hidden: float | None, interval: _Interval
) -> str:
    """Return how a strength compares with the twin's, to stand behind it in a sentence."""
    if loss is None:
        return ""
    if not _is_judged(loss, hidden):
        return f"; {_why_not_judged(words, hidden)}"
    partly = words.say("partly_judged", share=percent(words, hidden)) if hidden else None
    why = _why_within_error(words, loss, interval)
    remarks = "; ".join(filter(None, (why, partly)))
    relation = "" if why is None else words["as_none"]
    return f"{_compared(words, loss)}{relation}{f' ({remarks})' if remarks else ''}"


def _compared(words: Words, loss: float) -> str:
    if _rounded(loss) == 0.0:
        return words["no_different"]
    key = "less_than" if loss > 0.0 else "more_than"
    return words.say(key, loss=loss_percent(words, abs(loss)))


def _why_not_judged(words: Words, hidden: float | None) -> str:
    return words.say("cannot_be_judged", share=percent(words, hidden))


def _why_within_error(words: Words, loss: float, interval: _Interval) -> str | None:
    """Return why a loss may be none; None where it is more than its errors."""
    if abs(_rounded(loss)) < _TWIN_ERROR:
        return words.say("below_twin_error", error=percent(words, _TWIN_ERROR))
    if interval is not None and interval[0] <= 0.0 <= interval[1]:
        low, high = (loss_percent(words, end) for end in interval)
        return words.say("holds_zero", low=low, high=high)
    return None


def _is_judged(loss: float, hidden: float | None) -> bool:
    return _rounded(loss) != 0.0 or hidden is None or hidden <= MOST_HIDDEN


def _rounded(fraction: float) -> float:
    return round(fraction, _DIGITS) + 0.0
