"""What report and terminal say of the risk of a fracture."""

from femur_risk.assessment import CLASS_MONTHS, HORIZON_MONTHS, RiskCard
from femur_risk.assessment.card import CalibratedRisk, HorizonRisk
from femur_risk.report.amounts import significant
from femur_risk.report.blocks import Listing, Table
from femur_risk.report.words import WORDS

__all__ = [
    "chance",
    "risk_headline",
    "risk_reasons",
    "risk_shares",
    "risk_tables",
    "rules_table",
    "verdicts",
]

_LEAST = 0.001  # choice: below it the scatter of impact forces that nobody measured decides


def chance(probability: float) -> str:
    """Return a probability in percent, with two digits below ten."""
    if probability < _LEAST:
        return f"below {100.0 * _LEAST:.1g} %"
    percent = 100.0 * probability
    return f"{percent:.1f} %" if percent < 10.0 else f"{percent:.0f} %"


def risk_headline(card: RiskCard) -> str:
    """Return the risk in one sentence, or why there is none."""
    if not card.assessable:
        return f"{WORDS['risk']}: not assessable: {'; '.join(card.not_assessable)}"
    by_mechanics = next(each for each in card.horizons if each.months == CLASS_MONTHS)
    told = card.calibrated
    remarks = (
        *(_by_mechanics(card, by_mechanics) if told is None else _put_right(told, by_mechanics)),
        *(("simulated",) if card.simulated else ()),
    )
    probability = by_mechanics.probability if told is None else told.probability
    return (
        f"{WORDS['risk']} within {CLASS_MONTHS:.0f} months: {chance(probability)}, "
        f"{card.risk_class} ({'; '.join(remarks)})"
    )


def _by_mechanics(card: RiskCard, now: HorizonRisk) -> tuple[str, ...]:
    return (
        _spread(now),
        *_without_lesion(card),
        "from mechanics under assumed loads, not calibrated to outcomes",
    )


def _put_right(told: CalibratedRisk, by_mechanics: HorizonRisk) -> tuple[str, ...]:
    """Return what a recalibrated probability rests on, and what it was before."""
    low, high = told.interval_90
    kind = "simulated outcomes" if told.simulated else "outcomes"
    lifted = ", above which few weak bones lift it" if told.probability > high else ""
    return (
        f"90 % interval {chance(low)} to {chance(high)}{lifted}",
        f"calibrated to {kind} ({told.method}; {told.n} femora, {told.n_fractured} of them broken "
        f"within {told.horizon_days:g} days)",
        *told.flags,
        f"{chance(by_mechanics.probability)} from mechanics under assumed loads alone",
    )


def _spread(now: HorizonRisk) -> str:
    """Return the interval in words, and why the probability lies above it where it does."""
    low, high = now.interval_90
    told = f"90 % interval {chance(low)} to {chance(high)}"
    if now.probability <= high:
        return told
    return (
        f"a mean: half of such bones lie below {chance(now.median)}, {told}; the weakest "
        f"twentieth, with {chance(now.above_interval)}, lifts it above that"
    )


def _without_lesion(card: RiskCard) -> tuple[str, ...]:
    return tuple(
        f"{chance(each.probability)} without the lesion"
        for each in card.what_if
        if each.name == "without the lesion"
    )


def risk_reasons(card: RiskCard) -> tuple[Listing, ...]:
    """Return reasons, what-if and assumptions; none that is empty."""
    lists = {
        WORDS["risk_reasons"]: tuple(reason.text for reason in card.reasons),
        WORDS["risk_what_if"]: tuple(
            f"{each.name.replace('_', ' ')}: {chance(each.probability)}" for each in card.what_if
        ),
        WORDS["risk_assumed"]: card.assumed if card.assessable else (),
    }
    return tuple(Listing(heading=heading, items=items) for heading, items in lists.items() if items)


def risk_shares(card: RiskCard) -> Listing | None:
    """Return what is not known of the outcome by its shares; None without a probability."""
    if not card.uncertainty:
        return None
    return Listing(
        heading=WORDS["risk_unknown"],
        items=tuple(f"{each.name}: {100.0 * each.share:.0f} %" for each in card.uncertainty),
    )


def risk_tables(card: RiskCard) -> tuple[Table, ...]:
    """Return the probability by time and activity; nothing where none is given."""
    return (_horizons(card),) if card.horizons else ()


def rules_table(card: RiskCard) -> Table | None:
    """Return what today's rules say; None where none could be applied."""
    return _rules(card) if any(rule.value is not None for rule in card.rules) else None


def verdicts(card: RiskCard) -> str:
    """Return what today's rules say, in one line."""
    found: dict[str, list[str]] = {}
    for rule in card.rules:
        found.setdefault(rule.verdict, []).append(rule.title)
    return "; ".join(f"{verdict}: {', '.join(titles)}" for verdict, titles in found.items())


def _horizons(card: RiskCard) -> Table:
    rows = [
        (WORDS["risk_any"], *(chance(each.probability) for each in card.horizons)),
        (
            WORDS["risk_interval"],
            *(f"{chance(low)} to {chance(high)}" for low, high in _intervals(card)),
        ),
    ]
    rows += [
        (WORDS["risk_median"], *(chance(each.median) for each in card.horizons)),
        (WORDS["risk_above"], *(chance(each.above_interval) for each in card.horizons)),
    ]
    rows += [
        (name.replace("_", " "), *(chance(each.activities[name]) for each in card.horizons))
        for name in card.horizons[0].activities
    ]
    return Table(
        heading=WORDS["risk_by_activity"],
        columns=("", *(_time(months) for months in HORIZON_MONTHS)),
        rows=tuple(rows),
    )


def _time(months: float) -> str:
    return "1 month" if months == 1.0 else f"{months:.0f} months"


def _intervals(card: RiskCard) -> list[tuple[float, float]]:
    return [each.interval_90 for each in card.horizons]


def _rules(card: RiskCard) -> Table:
    rows = []
    for rule in card.rules:
        sign = "from" if rule.at_risk == "above" else "up to"
        rows.append(
            (
                rule.title,
                _value(rule.value, rule.unit),
                f"{sign} {rule.threshold:g} {rule.unit}".strip(),
                rule.verdict,
                rule.agreement,
                "; ".join(rule.unknown) or WORDS["none"],
            )
        )
    columns = ("rule", "value", "at_risk_column", "verdict", "beside", "not_known")
    return Table(
        heading=WORDS["risk_rules"],
        columns=tuple(WORDS[f"risk_{name}"] for name in columns),
        rows=tuple(rows),
    )


def _value(value: tuple[float, float] | None, unit: str) -> str:
    if value is None:
        return WORDS["none"]
    low, high = value
    ends = significant(low) if low == high else f"{significant(low)} to {significant(high)}"
    return f"{ends} {unit}".strip()
