"""What a lesion costs, told in report and terminal alike."""

from femur_risk.report.amounts import percent
from femur_risk.report.words import WORDS

__all__ = ["against_twin", "loss_cell", "loss_percent", "why_not_judged"]

_DIGITS = 2  # whole percent: strengths of single meshes scatter by up to 2 %
_MOST = 0.5  # choice: a loss of nothing says nothing where more of the lesion is hidden


def loss_percent(fraction: float) -> str:
    """Return a loss of strength in whole percent; one that rounds to nothing has no sign."""
    return percent(_rounded(fraction))


def loss_cell(loss: float | None, hidden: float | None) -> str:
    """Return a loss as a table has it, a dash without a lesion.

    Parameters
    ----------
    loss : float or None
        1 - strength / strength of the lesion-free twin; None without a lesion.
    hidden : float or None
        Fraction of the lesion that lies where failure is not looked for.
    """
    if loss is None:
        return WORDS["none"]
    return loss_percent(loss) if _is_judged(loss, hidden) else WORDS["not_judged"]


def why_not_judged(loss: float | None, hidden: float | None) -> str | None:
    """Return why nothing can be said of what the lesion costs; None where something can."""
    if loss is None or _is_judged(loss, hidden):
        return None
    return f"what the lesion costs cannot be judged: {percent(hidden)} {WORDS['hidden']}"


def against_twin(loss: float | None, hidden: float | None) -> str:
    """Return how a strength compares with the twin's, to stand behind it in a sentence."""
    if loss is None:
        return ""
    why = why_not_judged(loss, hidden)
    if why is not None:
        return f"; {why}"
    partly = f" ({percent(hidden)} of the lesion is not judged)" if hidden else ""
    if _rounded(loss) == 0.0:
        return f", as much as its lesion-free twin{partly}"
    relation = "less" if loss > 0.0 else "more"
    return f", {loss_percent(abs(loss))} {relation} than its lesion-free twin{partly}"


def _is_judged(loss: float, hidden: float | None) -> bool:
    return _rounded(loss) != 0.0 or hidden is None or hidden <= _MOST


def _rounded(fraction: float) -> float:
    return round(fraction, _DIGITS) + 0.0
