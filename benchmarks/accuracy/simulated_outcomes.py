"""Calibration, discrimination and net benefit on simulated patients whose hazard is known.

    uv run python benchmarks/accuracy/simulated_outcomes.py [--n 300] [--again]

Everything is simulated: it shows what follows if the assumed loads and errors are true, and nothing
about patients. Two steps. The slow one makes the strength of every patient, without a scanner, and
goes on where it was interrupted when it is called again with the same --folder; no assumption on
loads enters, and its table lies beside the JSON file. The quick one draws outcomes with the known
hazard and validates the probabilities of 'femur-fea risk' on them, which know loads and error but
not the person; --again does it alone, from that table. Outcomes are drawn once, as a study would
see them, and 200 times from the same patients, which tells what is expected of such a study.
"""

import argparse
import csv
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.machine import write_results
from benchmarks.virtual_patients import (
    BLUR,
    EDGE,
    PRESET,
    SPACING,
    strength_of_patient,
    task_of,
)
from femur_fea.domain import FloatArray
from femur_fea.io import read_json
from femur_risk.cohort import Limits, Place, Progress, alone_in, carry_out
from femur_risk.cohort import Outcome as Worked
from femur_risk.comparators import RULES
from femur_risk.exposure import DAYS_BORNE, HARD_STUMBLES
from femur_risk.population import HORIZON_DAYS, ClinicalRecord, draw_outcome
from femur_risk.reliability import MODEL_ERRORS, Borne, StrengthEstimate, fracture_probability
from femur_risk.validation import ValidationSettings, validate
from femur_risk.validation.benefit import net_benefit
from femur_risk.validation.calibration import calibration_line, disagreement
from femur_risk.validation.discrimination import auroc
from femur_risk.validation.outcome import CENSORED, DIED, FRACTURED, KnownOutcome, Outcome, known_at
from femur_risk.validation.reading import ReadTable, read_evidence
from femur_risk.validation.words import shown

ROOT = Path(__file__).resolve().parents[2]
LOADS = ("stance", "fall")
DRAWS = 200
EFFORT = ("patients_aimed_at", "without_result", "seconds_per_patient")
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
    """Make strengths, or what is left of them, draw outcomes and write the JSON file."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--n", type=int, default=300)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--resamples", type=int, default=500)
    parser.add_argument("--again", action="store_true")
    parser.add_argument("--folder", type=Path, default=ROOT / "runs/simulated_outcomes")
    parser.add_argument(
        "--out", type=Path, default=ROOT / "benchmarks/results/simulated_outcomes.json"
    )
    options = parser.parse_args()
    table = options.out.with_suffix(".csv")
    if options.again:
        effort = {name: read_json(options.out)[name] for name in EFFORT}
    else:
        effort = make_strengths(options, table)
    people = read_people(table)
    judged = [person for person in people if person["assessable"]]
    chances = np.array([chance(person) for person in judged])
    seeds = np.random.SeedSequence(options.seed).generate_state(DRAWS * len(judged), np.uint32)
    draws = seeds.reshape(DRAWS, len(judged))
    once = validated(judged, chances, draws[0], options)
    often = repeated(once["read"], judged, draws)
    content = {
        "simulated": "all of it: patients, strengths, outcomes",
        "patients": len(people),
        **effort,
        "not_assessable": f"{len(people) - len(judged)}, with most of the lesion where failure is "
        "not looked for",
        "preset": f"{PRESET}, tet10 of {EDGE:g} mm, straight from the density in voxels of "
        f"{SPACING:g} mm, blurred by {BLUR:g} mm, no scanner",
        "horizon_days": HORIZON_DAYS,
        "deaths": "censored, as the probability knows no death",
        "threshold_of_net_benefit": THRESHOLD,
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


def make_strengths(options: argparse.Namespace, table: Path) -> Row:
    """Write the patients with their strengths as a table, and return what it took."""
    worked = strengths(options)
    people = [dict(each.values) for each in worked if each.values is not None]
    names = dict.fromkeys(name for person in people for name in person)
    with table.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, names)
        writer.writeheader()
        writer.writerows({k: rounded(v) for k, v in person.items()} for person in people)
    return {
        "patients_aimed_at": options.n,
        "without_result": len(worked) - len(people),
        "seconds_per_patient": round(float(np.mean([o.effort.seconds for o in worked])), 1),
    }


def rounded(value: Any) -> Any:
    """Return a number to six digits, and anything else as it is."""
    return float(f"{value:.6g}") if isinstance(value, float) else value


def read_people(table: Path) -> list[Row]:
    """Return the rows of that table with numbers as numbers."""
    with table.open(encoding="utf-8", newline="") as stream:
        return [{k: parsed(text) for k, text in row.items()} for row in csv.DictReader(stream)]


def parsed(text: str) -> str | float | bool | None:
    """Return what a cell holds."""
    if text in ("", "True", "False"):
        return None if not text else text == "True"
    try:
        return float(text)
    except ValueError:
        return text


def strengths(options: argparse.Namespace) -> list[Worked]:
    """Return the strengths of the patients."""
    tasks = [task_of(k, seed=options.seed) for k in range(options.n)]
    options.folder.mkdir(parents=True, exist_ok=True)
    with alone_in(options.folder):
        return [
            *carry_out(
                tasks,
                strength_of_patient,
                options.folder,
                place=Place(workers=options.workers),
                limits=Limits(),
                listener=told,
            )
        ]


def told(progress: Progress) -> None:
    """Say how far it has come."""
    print(f"{progress.done}/{progress.total} patients, {progress.failed} failed", flush=True)


def clinical(person: Row) -> ClinicalRecord:
    """Return the person as the draw of outcomes takes it."""
    names = ClinicalRecord.__dataclass_fields__
    return ClinicalRecord(**{name: person[f"simulated_{name}"] for name in names})


def chance(person: Row, *, factor: float = 1.0, sd: float = 0.0) -> float:
    """Return the probability that 'femur-fea risk' gives for a strength times a factor."""
    believed = StrengthEstimate(
        strengths={load: factor * person[f"{load}_strength_N"] for load in LOADS},
        sd_of_ln=dict.fromkeys(LOADS, sd),
        model_error=MODEL_ERRORS["finite_elements"].sd_of_ln,
    )
    life = clinical(person).daily_life
    borne = Borne(days=DAYS_BORNE, life=life, strength=believed)
    return fracture_probability(life, believed, horizon_days=HORIZON_DAYS, borne=borne).probability


def outcomes(people: list[Row], seeds: Iterable[int]) -> Outcome:
    """Return what becomes of all patients in one draw, deaths as censored."""
    events, times = [], []
    for person, seed in zip(people, seeds, strict=True):
        true = {load: person[f"{load}_strength_N"] for load in LOADS}
        drawn = draw_outcome(clinical(person), true, seed=int(seed))
        dead = drawn.death_day is not None
        events.append(FRACTURED if drawn.fractured else DIED if dead else CENSORED)
        times.append(drawn.fracture_day or drawn.death_day or HORIZON_DAYS)
    given = Outcome(event=np.array(events), time_days=np.array(times), horizon_days=HORIZON_DAYS)
    return given.with_deaths("censored")


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
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, rows[0])
        writer.writeheader()
        writer.writerows(rows)


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
    predictors = {
        each.name: {
            "auroc_expected": expected([auroc_of(each.values, k) for k in known]),
            "net_benefit_expected": None
            if each.kind == "score"
            else expected([worth_of(each, k) for k in known], 3),
        }
        for each in read.evidence.predictors
    }
    chances = read.evidence.engine.values
    return {
        "predictors": predictors,
        "calibration": [over_draws(chances, known), together(chances, known)],
    }


def auroc_of(values: FloatArray, known: KnownOutcome) -> float:
    """Return the AUROC on those who have the prediction."""
    there = np.isfinite(values)
    return auroc(values[there], only(known, there))


def worth_of(predictor: Any, known: KnownOutcome) -> float:
    """Return the net benefit on those who have the prediction."""
    held = predictor.take(predictor.present)
    return float(net_benefit(held, only(known, predictor.present), np.array([THRESHOLD]))[0])


def only(known: KnownOutcome, there: Any) -> KnownOutcome:
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
