"""What is shown of the fracture risk: the probability, its reasons, and today's rules."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from femur_risk.cli.screen import Screen

__all__ = ["show_risk"]

_MONTHS = 6.0


def show_risk(screen: "Screen", card: Mapping[str, Any]) -> None:
    """Show the card of risk.json."""
    for line in _headline(card):
        screen.console.print(line, highlight=False, markup=False, soft_wrap=True)
    if any(rule["value"] is not None for rule in card["rules"]):
        _show_rules(screen, card)


def _headline(card: Mapping[str, Any]) -> list[str]:
    if not card["assessable"]:
        return [f"risk of fracture: not assessable: {'; '.join(card['not_assessable'])}"]
    now = next(each for each in card["horizons"] if each["months"] == _MONTHS)
    low, high = now["interval_90"]
    simulated = ", simulated" if card["simulated"] else ""
    return [
        f"risk of fracture within 6 months: {_percent(now['probability'])} ({card['risk_class']}; "
        f"90 % interval {_percent(low)} to {_percent(high)}; by mechanics, not calibrated to "
        f"outcomes{simulated})",
        f"because: {'; '.join(reason['text'] for reason in card['reasons'])}",
        f"what if: {'; '.join(_what_if(each) for each in card['what_if'])}",
        f"assumed: {'; '.join(card['assumed'])}",
    ]


def _what_if(found: Mapping[str, Any]) -> str:
    return f"{found['name'].replace('_', ' ')} {_percent(found['probability'])}"


def _show_rules(screen: "Screen", card: Mapping[str, Any]) -> None:
    from rich.table import Table

    table = Table(title="today's rules", title_justify="left")
    for heading in ("rule", "value", "at risk", "verdict", "beside the probability"):
        table.add_column(heading)
    for rule in card["rules"]:
        sign = "from" if rule["at_risk"] == "above" else "up to"
        table.add_row(
            rule["title"],
            _value(rule),
            f"{sign} {rule['threshold']:g} {rule['unit']}".strip(),
            rule["verdict"],
            rule["agreement"],
        )
    screen.console.print(table, markup=False)


def _value(rule: Mapping[str, Any]) -> str:
    if rule["value"] is None:
        return "-"
    low, high = rule["value"]
    ends = f"{low:.3g}" if low == high else f"{low:.3g} to {high:.3g}"
    return f"{ends} {rule['unit']}".strip()


def _percent(fraction: float) -> str:
    percent = 100.0 * fraction
    return (
        "below 0.1 %"
        if percent < 0.1
        else f"{percent:.2g} %"
        if percent < 10
        else f"{percent:.0f} %"
    )
