"""What a lesion costs, told in report and terminal alike."""

from femur_risk.comparators import MOST_HIDDEN
from femur_risk.report.amounts import percent
from femur_risk.report.words import WORDS

__all__ = ["against_twin", "doubt_of_loss", "loss_cell", "loss_percent"]

_DIGITS = 2  # whole percent: strengths of single meshes scatter by up to 2 %
# lesions drawn where there is none cost up to 9 %: docs/theory.md, The lesion-free twin
_TWIN_ERROR = 0.10

type _Interval = tuple[float, float] | None


def loss_percent(fraction: float) -> str:
    """Return a loss of strength in whole percent; one that rounds to nothing has no sign."""
    return percent(_rounded(fraction))


def loss_cell(loss: float | None, hidden: float | None, interval: _Interval) -> str:
    """Return a loss as a table has it, a dash without a lesion.

    Parameters
    ----------
    loss : float or None
        1 - strength / strength of the lesion-free twin; None without a lesion.
    hidden : float or None
        Fraction of the lesion that lies where failure is not looked for.
    interval : (low, high) or None
        Interval that holds the loss with 90 % probability, where one was computed.
    """
    if loss is None:
        return WORDS["none"]
    if not _is_judged(loss, hidden):
        return WORDS["not_judged"]
    doubt = "" if _why_within_error(loss, interval) is None else f", {WORDS['within_error']}"
    return f"{loss_percent(loss)}{doubt}"


def doubt_of_loss(loss: float | None, hidden: float | None, interval: _Interval) -> str | None:
    """Return why a loss says little or nothing, as a sentence; None where it can be told."""
    if loss is None:
        return None
    if not _is_judged(loss, hidden):
        return _why_not_judged(hidden)
    why = _why_within_error(loss, interval)
    if why is None:
        return None
    return f"a loss of {loss_percent(loss)} cannot be told from none: {why}"


def against_twin(loss: float | None, hidden: float | None, interval: _Interval) -> str:
    """Return how a strength compares with the twin's, to stand behind it in a sentence."""
    if loss is None:
        return ""
    if not _is_judged(loss, hidden):
        return f"; {_why_not_judged(hidden)}"
    partly = f"{percent(hidden)} of the lesion is not judged" if hidden else None
    why = _why_within_error(loss, interval)
    remarks = "; ".join(filter(None, (why, partly)))
    relation = "" if why is None else "; this cannot be told from no loss"
    return f", {_compared(loss)} its lesion-free twin{relation}{f' ({remarks})' if remarks else ''}"


def _compared(loss: float) -> str:
    if _rounded(loss) == 0.0:
        return "as much as"
    return f"{loss_percent(abs(loss))} {'less' if loss > 0.0 else 'more'} than"


def _why_not_judged(hidden: float | None) -> str:
    return f"what the lesion costs cannot be judged: {percent(hidden)} {WORDS['hidden']}"


def _why_within_error(loss: float, interval: _Interval) -> str | None:
    """Return why a loss may be none; None where it is more than its errors."""
    if abs(_rounded(loss)) < _TWIN_ERROR:
        return f"below {percent(_TWIN_ERROR)} it is {WORDS['within_twin_error']}"
    if interval is not None and interval[0] <= 0.0 <= interval[1]:
        low, high = map(loss_percent, interval)
        return f"its 90 % interval, {low} to {high}, holds zero"
    return None


def _is_judged(loss: float, hidden: float | None) -> bool:
    return _rounded(loss) != 0.0 or hidden is None or hidden <= MOST_HIDDEN


def _rounded(fraction: float) -> float:
    return round(fraction, _DIGITS) + 0.0
