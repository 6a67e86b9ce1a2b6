"""Calibration, discrimination and net benefit on simulated patients whose hazard is known.

    uv run python benchmarks/accuracy/simulated_outcomes.py

Everything is simulated: it shows what follows if the assumed loads and errors are true, and nothing
about patients. For the strengths of `simulated_strengths.py` it draws outcomes with the known
hazard and validates the probabilities of 'femur-fea risk' on them, which know loads and error but
not the person. Outcomes are drawn once, as a study would see them, and 200 times from the same
patients, which tells what is expected of such a study.
"""

import argparse
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.machine import write_results
from benchmarks.simulated_people import chance, outcomes
from benchmarks.study import read_rows, write_rows
from femur_fea.domain import BoolArray, FloatArray
from femur_risk.comparators import RULES
from femur_risk.exposure import DAYS_BORNE, HARD_STUMBLES
from femur_risk.population import HORIZON_DAYS
from femur_risk.validation import ValidationSettings, validate
from femur_risk.validation.benefit import net_benefit
from femur_risk.validation.calibration import calibration_line, disagreement
from femur_risk.validation.discrimination import auroc
from femur_risk.validation.evidence import Predictor
from femur_risk.validation.outcome import KnownOutcome, known_at
from femur_risk.validation.reading import ReadTable, read_evidence
from femur_risk.validation.words import shown

ROOT = Path(__file__).resolve().parents[2]
DRAWS = 200
THRESHOLD = 0.1  # that of 'femur-fea validate'
ENGINE = "probability_engine"
# heading, what is read, and whether less of it is worse
MEASURES = {
    "strength_over_weight": (("strength_over_weight",) * 2, -1.0),
    "rigidity_loss": (("rigidity_loss",) * 2, 1.0),
    "axial_cortical_involvement": (
        ("axial_cortical_involvement_low", "axial_cortical_involvement_high"),
        1.0,
    ),
    "mirels": (("mirels_low", "mirels_high"), 1.0),
}

type Row = dict[str, Any]


def main() -> int:
    """Draw outcomes, validate and write the JSON file."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--resamples", type=int, default=500)
    parser.add_argument(
        "--strengths", type=Path, default=ROOT / "benchmarks/results/simulated_strengths.csv"
    )
    parser.add_argument(
        "--out", type=Path, default=ROOT / "benchmarks/results/simulated_outcomes.json"
    )
    options = parser.parse_args()
    judged = [person for person in read_rows(options.strengths) if person["assessable"]]
    chances = np.array([chance(person) for person in judged])
    seeds = np.random.SeedSequence(options.seed).generate_state(DRAWS * len(judged), np.uint32)
    draws = seeds.reshape(DRAWS, len(judged))
    once = validated(judged, chances, draws[0], options)
    often = repeated(once["read"], judged, draws)
    content = {
        "simulated": "all of it: patients, strengths, outcomes",
        "patients": len(judged),
        "horizon_days": HORIZON_DAYS,
        "deaths": "censored, as the probability knows no death",
        "threshold_of_net_benefit": THRESHOLD,
        "net_benefit_on_patients_with_all_verdicts": often["net_benefit_on"],
        "days_borne_before_the_scan": DAYS_BORNE,
        "hard_stumbles_a_year": HARD_STUMBLES.a_year,
        "aims": "slope 0.9 to 1.1, ICI at most 0.03",
        "probability_quantiles_5_50_95": [
            float(f"{value:.3g}") for value in np.quantile(chances, (0.05, 0.5, 0.95))
        ],
        "mean_probability_with_a_fifth_less_strength_over_mean": round(
            float(np.mean([chance(person, factor=0.8) for person in judged]) / chances.mean()), 2
        ),
        "calibration_of_the_engine": [once["calibration"], *often["calibration"]],
        "predictors": [
            {**row, **often["predictors"][row["predictor"]]} for row in once["predictors"]
        ],
        "strength_read_with_an_error": often_with_errors(judged, draws),
    }
    print(write_results(options.out, content))
    return 0


def validated(
    people: list[Row], chances: FloatArray, seeds: FloatArray, options: argparse.Namespace
) -> dict[str, Any]:
    """Return what 'femur-fea validate' says of one draw, with intervals over patients."""
    settings = ValidationSettings(
        deaths="censored", decision_threshold=THRESHOLD, resamples=options.resamples
    )
    with tempfile.TemporaryDirectory() as name:
        table = Path(name) / "predictions.csv"
        write_table(table, people, chances, seeds)
        read = read_evidence(table, engine="engine", horizon_days=HORIZON_DAYS, deaths="censored")
        found = validate(table, settings, training=None, tell=lambda _: None).record
    place = found.thresholds.index(min(found.thresholds, key=lambda t: abs(t - THRESHOLD)))
    worth = {curve.name: curve.net_benefit[place] for curve in found.decision_curves}
    engine = found.predictors[0]
    assert engine.calibration is not None  # a probability has one
    return {
        "read": read,
        "calibration": {
            "outcomes": "one draw, 90 % intervals over patients",
            "n": engine.n,
            "fractured": engine.n_fractured,
            "slope": shown(engine.calibration.slope),
            "ici": shown(engine.calibration.ici, 3),
            "observed_over_expected": shown(engine.calibration.observed_over_expected),
        },
        "predictors": [
            {
                "predictor": each.name,
                "n": each.n,
                "fractured_in_one_draw": each.n_fractured,
                "auroc_of_one_draw": shown(each.auroc),
                "net_benefit_of_one_draw": shown(worth.get(each.name), 3),
            }
            for each in found.predictors
        ],
    }


def write_table(path: Path, people: list[Row], chances: FloatArray, seeds: FloatArray) -> None:
    """Write predictions and one draw of outcomes as 'femur-fea validate' reads them."""
    drawn = outcomes(people, seeds)
    assert drawn.time_days is not None  # they were drawn with times
    rows = [
        {
            "patient_id": f"p{k}",
            "sex": person["simulated_sex"],
            "age_years": person["simulated_age_years"],
            "primary": person["simulated_primary_tumour"],
            "mass_kg": person["simulated_mass_kg"],
            "simulated": "yes",
            ENGINE: float(chances[k]),
            **rules(person),
            "time_days": float(drawn.time_days[k]),
            "event": int(drawn.event[k]),
        }
        for k, person in enumerate(people)
    ]
    write_rows(path, rows)


def rules(person: Row) -> Row:
    """Return the middle of what each rule measures, and its verdict; undecided counts as yes."""
    found: Row = {}
    for name, ((low, high), sign) in MEASURES.items():
        if person.get(low) is None:
            found |= {f"score_{name}": "", f"verdict_{name}": ""}
            continue
        verdict = RULES[name].judge(min(person[low], person[high]), max(person[low], person[high]))
        found[f"score_{name}"] = sign * 0.5 * (person[low] + person[high])
        found[f"verdict_{name}"] = "no" if verdict.verdict == "not at risk" else "yes"
    return found


def repeated(read: ReadTable, people: list[Row], draws: FloatArray) -> dict[str, Any]:
    """Return what is expected over draws, and of all of them taken together."""
    known = [known_at(outcomes(people, seeds)) for seeds in draws]
    there = decided_by_all(read.evidence.predictors)
    predictors = {
        each.name: {
            "auroc_expected": expected([auroc_of(each.values, k) for k in known]),
            "net_benefit_expected": None
            if each.kind == "score"
            else expected([worth_of(each, k, there) for k in known], 3),
        }
        for each in read.evidence.predictors
    }
    chances = read.evidence.engine.values
    return {
        "net_benefit_on": int(there.sum()),
        "predictors": predictors,
        "calibration": [over_draws(chances, known), together(chances, known)],
    }


def auroc_of(values: FloatArray, known: KnownOutcome) -> float:
    """Return the AUROC on those who have the prediction."""
    there = np.isfinite(values)
    return auroc(values[there], only(known, there))


def worth_of(predictor: Predictor, known: KnownOutcome, there: BoolArray) -> float:
    """Return the net benefit on some of the patients."""
    held = predictor.take(there)
    return float(net_benefit(held, only(known, there), np.array([THRESHOLD]))[0])


def decided_by_all(predictors: Iterable[Predictor]) -> BoolArray:
    """Return which patients have every prediction that decides, as decision curves take them."""
    deciding = [each.present for each in predictors if each.kind != "score"]
    return np.asarray(np.all(deciding, axis=0))


def only(known: KnownOutcome, there: BoolArray) -> KnownOutcome:
    """Return some of the outcomes."""
    return KnownOutcome(fractured=known.fractured[there], weight=known.weight[there])


def over_draws(chances: FloatArray, known: list[KnownOutcome]) -> Row:
    """Return means and 5 to 95 % of the calibration of single draws."""
    slopes = [calibration_line(chances, each)[1] for each in known]
    return {
        "outcomes": f"{DRAWS} draws, mean and their 5 to 95 %",
        "n": len(chances),
        "fractured": round(float(np.mean([each.n_fractured for each in known])), 1),
        "slope": expected(slopes),
        "ici": expected([disagreement(chances, each).ici for each in known], 3),
        "observed_over_expected": expected([share(each) / chances.mean() for each in known]),
    }


def together(chances: FloatArray, known: list[KnownOutcome]) -> Row:
    """Return the calibration of all draws taken as one table: without the chance of a draw."""
    values = np.tile(chances, len(known))
    whole = KnownOutcome(
        fractured=np.concatenate([each.fractured for each in known]),
        weight=np.concatenate([each.weight for each in known]),
    )
    return {
        "outcomes": f"{DRAWS} draws taken together",
        "n": len(chances),
        "fractured": whole.n_fractured,
        "slope": f"{calibration_line(values, whole)[1]:.2f}",
        "ici": f"{disagreement(values, whole).ici:.3f}",
        "observed_over_expected": f"{share(whole) / chances.mean():.2f}",
    }


def often_with_errors(people: list[Row], draws: FloatArray) -> list[Row]:
    """Return the calibration if the strength is read with an error that is known, or not."""
    known = [known_at(outcomes(people, seeds)) for seeds in draws]
    rng, rows = np.random.default_rng(1), []
    scores = rng.standard_normal(len(people))
    for error, believed in ((0.1, 0.1), (0.2, 0.2), (0.2, 0.0)):
        chances = np.array(
            [
                chance(person, factor=float(np.exp(error * score)), sd=believed)
                for person, score in zip(people, scores, strict=True)
            ]
        )
        told_as = "as large as it is" if believed else "of none"
        rows.append(
            {
                "error_of_ln_strength": error,
                "engine_believes_it": told_as,
                **{k: v for k, v in together(chances, known).items() if k != "outcomes"},
            }
        )
    return rows


def share(known: KnownOutcome) -> float:
    """Return the weighted share that broke."""
    return float(np.average(known.fractured, weights=known.weight))


def expected(values: Iterable[float], digits: int = 2) -> str:
    """Return mean and 5 to 95 % as text, of draws in which there is a value."""
    there = np.array([value for value in values if np.isfinite(value)])
    low, high = np.quantile(there, (0.05, 0.95))
    return f"{there.mean():.{digits}f} ({low:.{digits}f} to {high:.{digits}f})"


if __name__ == "__main__":
    sys.exit(main())
