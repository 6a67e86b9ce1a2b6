"""What report and terminal say of the risk of a fracture."""

import re

from femur_risk.assessment import CLASS_MONTHS, HORIZON_MONTHS, RiskCard
from femur_risk.assessment.card import CalibratedRisk, HorizonRisk
from femur_risk.report.amounts import significant, span
from femur_risk.report.blocks import Listing, Table
from femur_risk.report.words import Words

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
_WITHOUT_LESION = "without the lesion"


def chance(words: Words, probability: float) -> str:
    """Return a probability in percent, with two digits below ten."""
    if probability < _LEAST:
        return words.say("below", value=words.number(f"{100.0 * _LEAST:.1g} %"))
    percent = 100.0 * probability
    return words.number(f"{percent:.1f} %" if percent < 10.0 else f"{percent:.0f} %")


def risk_headline(words: Words, card: RiskCard) -> str:
    """Return the risk in one sentence, or why there is none."""
    if not card.assessable:
        why = "; ".join(words.say("original", text=each) for each in card.not_assessable)
        return words.say("not_assessable", why=why)
    by_mechanics = next(each for each in card.horizons if each.months == CLASS_MONTHS)
    told = card.calibrated
    basis = (
        _by_mechanics(words, card, by_mechanics)
        if told is None
        else _put_right(words, told, by_mechanics)
    )
    simulated = (words["simulated_word"],) if card.simulated else ()
    return words.say(
        "risk_now",
        months=f"{CLASS_MONTHS:.0f}",
        chance=chance(words, by_mechanics.probability if told is None else told.probability),
        risk_class=words.term("risk_class", str(card.risk_class)),
        remarks="; ".join((*basis, *simulated)),
    )


def _by_mechanics(words: Words, card: RiskCard, now: HorizonRisk) -> tuple[str, ...]:
    return (_spread(words, now), *_without_lesion(words, card), words["from_mechanics"])


def _put_right(words: Words, told: CalibratedRisk, by_mechanics: HorizonRisk) -> tuple[str, ...]:
    """Return what a recalibrated probability rests on, and what it was before."""
    low, high = (chance(words, end) for end in told.interval_90)
    lifted = words["chance_lifted"] if told.probability > told.interval_90[1] else ""
    return (
        words.say("chance_interval", low=low, high=high) + lifted,
        words.say(
            "calibrated_to_simulated" if told.simulated else "calibrated_to",
            method=told.method,
            n=f"{told.n}",
            n_fractured=f"{told.n_fractured}",
            days=words.number(f"{told.horizon_days:g}"),
        ),
        *(words.say("original", text=flag) for flag in told.flags),
        words.say("from_mechanics_alone", chance=chance(words, by_mechanics.probability)),
    )


def _spread(words: Words, now: HorizonRisk) -> str:
    """Return the interval in words, and why the probability lies above it where it does."""
    low, high = (chance(words, end) for end in now.interval_90)
    told = words.say("chance_interval", low=low, high=high)
    if now.probability <= now.interval_90[1]:
        return told
    return words.say(
        "chance_above_interval",
        median=chance(words, now.median),
        interval=told,
        highest=chance(words, now.above_interval),
    )


def _without_lesion(words: Words, card: RiskCard) -> tuple[str, ...]:
    return tuple(
        words.say("chance_without_lesion", chance=chance(words, each.probability))
        for each in card.what_if
        if each.name == _WITHOUT_LESION
    )


def risk_reasons(words: Words, card: RiskCard) -> tuple[Listing, ...]:
    """Return reasons, what-if and assumptions; none that is empty."""
    lists = {
        words["risk_reasons"]: tuple(reason.text for reason in card.reasons),
        words["risk_what_if"]: tuple(
            f"{_change(words, each.name)}: {chance(words, each.probability)}"
            for each in card.what_if
        ),
        words["risk_assumed"]: card.assumed if card.assessable else (),
    }
    return tuple(Listing(heading=heading, items=items) for heading, items in lists.items() if items)


def _change(words: Words, name: str) -> str:
    """Return what is different in words; a lesion that has grown tells by how much."""
    grown = re.fullmatch(r"lesion (\d+) % larger", name)
    if grown:
        return words.say("lesion_larger", n=grown[1])
    return words.term("what_if", name).replace("_", " ")


def risk_shares(words: Words, card: RiskCard) -> Listing | None:
    """Return what is not known of the outcome by its shares; None without a probability."""
    if not card.uncertainty:
        return None
    return Listing(
        heading=words["risk_unknown"],
        items=tuple(
            f"{words.term('uncertain', each.name)}: {100.0 * each.share:.0f} %"
            for each in card.uncertainty
        ),
    )


def risk_tables(words: Words, card: RiskCard) -> tuple[Table, ...]:
    """Return the probability by time and activity; nothing where none is given."""
    return (_horizons(words, card),) if card.horizons else ()


def rules_table(words: Words, card: RiskCard) -> Table | None:
    """Return what today's rules say; None where none could be applied."""
    return _rules(words, card) if any(rule.value is not None for rule in card.rules) else None


def verdicts(words: Words, card: RiskCard) -> str:
    """Return what today's rules say, in one line."""
    found: dict[str, list[str]] = {}
    for rule in card.rules:
        title = _title(words, rule.name, rule.title)
        found.setdefault(words.term("verdict", rule.verdict), []).append(title)
    return "; ".join(f"{verdict}: {', '.join(titles)}" for verdict, titles in found.items())


def _horizons(words: Words, card: RiskCard) -> Table:
    rows = [
        (words["risk_any"], *(chance(words, each.probability) for each in card.horizons)),
        (words["risk_interval"], *(_interval(words, each.interval_90) for each in card.horizons)),
        (words["risk_median"], *(chance(words, each.median) for each in card.horizons)),
        (words["risk_above"], *(chance(words, each.above_interval) for each in card.horizons)),
    ]
    rows += [
        (
            words.term("activity", name).replace("_", " "),
            *(chance(words, each.activities[name]) for each in card.horizons),
        )
        for name in card.horizons[0].activities
    ]
    return Table(
        heading=words["risk_by_activity"],
        columns=("", *(_time(words, months) for months in HORIZON_MONTHS)),
        rows=tuple(rows),
    )


def _time(words: Words, months: float) -> str:
    return words["one_month"] if months == 1.0 else words.say("months", n=f"{months:.0f}")


def _interval(words: Words, ends: tuple[float, float]) -> str:
    return span(words, *(chance(words, end) for end in ends))


def _rules(words: Words, card: RiskCard) -> Table:
    rows = []
    for rule in card.rules:
        sign = "from_threshold" if rule.at_risk == "above" else "up_to_threshold"
        unit = words.term("unit", rule.unit)
        threshold = f"{words.number(f'{rule.threshold:g}')} {unit}".strip()
        rows.append(
            (
                _title(words, rule.name, rule.title),
                _value(words, rule.value, unit),
                words.say(sign, threshold=threshold),
                words.term("verdict", rule.verdict),
                words.term("agreement", rule.agreement),
                "; ".join(rule.unknown) or words["none"],
                words.term("provenance", rule.provenance),
            )
        )
    columns = ("rule", "value", "at_risk_column", "verdict", "beside", "not_known", "threshold_is")
    return Table(
        heading=words["risk_rules"],
        columns=tuple(words[f"risk_{name}"] for name in columns),
        rows=tuple(rows),
    )


def _title(words: Words, name: str, title: str) -> str:
    """Return what a rule measures; that of a rule which the catalogue does not know stays."""
    found = words.term("rule", name)
    return title if found == name else found


def _value(words: Words, value: tuple[float, float] | None, unit: str) -> str:
    if value is None:
        return words["none"]
    low, high = (significant(words, end) for end in value)
    return f"{low if low == high else span(words, low, high)} {unit}".strip()
