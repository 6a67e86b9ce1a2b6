"""Numbers and sentences as the report prints them."""

from femur_risk.report.content import LoadOutcome, ReportContent
from femur_risk.report.words import LOAD_NAMES, WORDS

__all__ = ["headline", "load_name", "percent", "quantity", "significant"]

_WHOLE_FROM = 100.0


def significant(value: float) -> str:
    """Return a number to three significant digits, thousands separated: 5,230 or 0.0123."""
    rounded = float(f"{value:.3g}")
    return f"{rounded:,.0f}" if abs(rounded) >= _WHOLE_FROM else f"{rounded:g}"


def quantity(value: float | None, unit: str) -> str:
    """Return a number with its unit, or a dash where there is none."""
    return WORDS["none"] if value is None else f"{significant(value)} {unit}".rstrip()


def percent(fraction: float | None) -> str:
    """Return a fraction in percent, or a dash where there is none."""
    return WORDS["none"] if fraction is None else f"{significant(100.0 * fraction)} %"


def load_name(load: str) -> str:
    """Return a load's name as prose."""
    return LOAD_NAMES.get(load, load.replace("_", " ").capitalize())


def headline(content: ReportContent) -> str:
    """Return the result in one sentence: the load under which the femur is weakest."""
    weakest = min(content.loads, key=lambda load: load.strength_N)
    under = load_name(weakest.load)
    if len(content.loads) > 1:
        under = f"Weakest of {len(content.loads)} loads, {under.lower()}"
    carries = f"the {content.side} femur carries {quantity(weakest.strength_N, 'N')}"
    site = f"it fails first in the {weakest.weakest_region} region, in {weakest.weakest_mode}"
    return f"{under}: {carries}{_body_weights(weakest)}{_against_twin(weakest)}; {site}."


def _body_weights(load: LoadOutcome) -> str:
    if load.strength_BW is None:
        return ""
    return f" ({significant(load.strength_BW)} times body weight)"


def _against_twin(load: LoadOutcome) -> str:
    loss = load.strength_loss_fraction
    if loss is None:
        return ""
    relation = "less" if loss >= 0.0 else "more"
    return f", {percent(abs(loss))} {relation} than its healed twin"
