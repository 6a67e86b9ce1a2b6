"""How much of a lesion may lie where failure is not looked for."""

__all__ = ["MOST_HIDDEN"]

MOST_HIDDEN = (
    0.5  # of the lesion; a choice: where more of it is hidden, a loss of none says nothing
)
