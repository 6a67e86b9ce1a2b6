"""What is shown of the fracture risk: the probability, its reasons, and today's rules."""

from typing import TYPE_CHECKING

from femur_risk.report import risk_headline, risk_lists, risk_tables

if TYPE_CHECKING:
    from femur_risk.assessment import RiskCard
    from femur_risk.cli.screen import Screen

__all__ = ["show_risk"]


def show_risk(screen: "Screen", card: "RiskCard") -> None:
    """Show the card of risk.json."""
    from rich.table import Table

    lists = (f"{heading}: {'; '.join(items)}" for heading, items in risk_lists(card).items())
    for line in (risk_headline(card), *lists):
        screen.console.print(line, highlight=False, markup=False, soft_wrap=True)
    for each in risk_tables(card):
        table = Table(*each.columns, title=each.heading, title_justify="left")
        for row in each.rows:
            table.add_row(*row)
        screen.console.print(table, markup=False)
