"""What is shown of the fracture risk: the probability, its reasons, and today's rules."""

from typing import TYPE_CHECKING

from femur_risk.report import (
    ENGLISH,
    find_words,
    risk_headline,
    risk_reasons,
    risk_shares,
    risk_tables,
    rules_table,
    verdicts,
)

if TYPE_CHECKING:
    from femur_risk.assessment import RiskCard
    from femur_risk.cli.screen import Screen

__all__ = ["show_risk", "show_risk_tables"]

_WORDS = find_words(ENGLISH)


def show_risk(screen: "Screen", card: "RiskCard") -> None:
    """Show the card of risk.json in a few lines."""
    groups = (*risk_reasons(_WORDS, card), risk_shares(_WORDS, card))
    lists = [f"{each.heading}: {'; '.join(each.items)}" for each in groups if each is not None]
    for line in (
        risk_headline(_WORDS, card),
        *lists,
        f"Rules of today's practice: {verdicts(_WORDS, card)}",
    ):
        screen.console.print(line, highlight=False, markup=False, soft_wrap=True)


def show_risk_tables(screen: "Screen", card: "RiskCard") -> None:
    """Show the probability by time and activity, and every rule with its value."""
    from rich.table import Table

    for each in (*risk_tables(_WORDS, card), rules_table(_WORDS, card)):
        if each is None:
            continue
        table = Table(*each.columns, title=each.heading, title_justify="left")
        for row in each.rows:
            table.add_row(*row)
        screen.console.print(table, markup=False)
