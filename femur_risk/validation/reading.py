"""From a table to checked evidence: nothing is left out without being told."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from femur_fea.domain import FloatArray
from femur_fea.errors import OutOfRangeError
from femur_risk.errors import FollowUpError, OneClassError, PredictionTableError
from femur_risk.validation.attributes import COLUMNS, read_levels, read_numbers
from femur_risk.validation.columns import FIRST_ROW, coded, complete, numbers, truths
from femur_risk.validation.evidence import Evidence, Predictor, PredictorKind
from femur_risk.validation.outcome import CENSORED, DIED, Deaths, Outcome, known_at, tied_share
from femur_risk.validation.patients import read_patients
from femur_risk.validation.table import Cells, read_cells

__all__ = ["ReadTable", "is_simulated", "predictor_of", "read_evidence"]

_KINDS: tuple[PredictorKind, ...] = ("probability", "score", "verdict")
_EVENTS = {"0": 0, "0.0": 0, "censored": 0, "1": 1, "1.0": 1, "fractured": 1}
_EVENTS |= {"2": 2, "2.0": 2, "died": 2}
_OPERATED = 3  # in the table alone: lost to follow-up in all that is computed
_EVENTS |= {"3": _OPERATED, "3.0": _OPERATED, "operated": _OPERATED}
_OUTCOMES = ("fractured", "time_days", "event")
_OTHERS = ("patient_id", "side", "simulated", "model")
_SIMULATED = "simulated_"
_MECHANICS = "probability_engine"
_ENDS = {"score_mirels": (4.0, 12.0)}  # of scores that have ends
_MANY_TIES = 0.1  # a choice
_FEW_EVENTS = 100  # Collins et al. 2016, doi:10.1002/sim.6787


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadTable:
    """A table as it was read.

    Attributes
    ----------
    evidence : Evidence
        What it says.
    sha256 : str
        Hash of the file.
    model : str or None
        Which model the engine's probabilities came of; None where the table does not tell.
    n_died : int
        Who died before the horizon without a fracture.
    n_operated : int
        Femora that were operated on before the horizon, unbroken: they count as lost.
    notes : tuple of str
        What was not used, and what the reader has to know.
    """

    evidence: Evidence
    sha256: str
    model: str | None
    n_died: int
    n_operated: int
    notes: tuple[str, ...]


def read_evidence(path: Path, *, engine: str, horizon_days: float, deaths: Deaths) -> ReadTable:
    """Read a table of predictions and outcomes.

    Parameters
    ----------
    path : Path
        CSV or Parquet (docs/validate.md).
    engine : str
        The probability that is validated, without "probability_".
    horizon_days : float, days
        The time that predictions are for.
    deaths : {"competing", "censored"}
        Whether who died is known not to have broken the femur, or lost to follow-up.

    Raises
    ------
    MissingInputError, PredictionTableError
        If it is no such table.
    OutOfRangeError
        If a probability, an age or a mass cannot be.
    DuplicatedFemurError
        If a femur stands in it twice.
    FollowUpError
        If a time is not after the start, or nobody was followed to the horizon.
    OneClassError
        If all femora broke by the horizon, or none did.
    """
    cells = read_cells(path)
    given, n_operated = _outcome(cells, horizon_days)
    outcome = given.with_deaths(deaths)
    _check_both_classes(outcome)
    known = read_numbers(cells)
    evidence = Evidence(
        engine=predictor_of(cells, f"probability_{engine}"),
        comparators=tuple(
            predictor_of(cells, name)
            for name in cells.columns
            if _kind(name) and name != f"probability_{engine}"
        ),
        outcome=outcome,
        patients=read_patients(cells),
        levels=read_levels(cells, known),
        numbers=known,
        simulated=is_simulated(cells),
    )
    return ReadTable(
        evidence=evidence,
        sha256=cells.sha256,
        model=_model(cells),
        n_died=_deaths_before(given),
        n_operated=n_operated,
        notes=(
            *_notes(cells, evidence),
            *_on_deaths(evidence, given, deaths),
            *_on_operations(n_operated),
            *_on_ties(given),
        ),
    )


def predictor_of(cells: Cells, name: str) -> Predictor:
    """Return the prediction in a column.

    Raises
    ------
    PredictionTableError
        If there is no such column, or it holds no number.
    OutOfRangeError
        If a probability is none.
    """
    if name not in cells.columns:
        listed = ", ".join(each for each in cells.columns if _kind(each) == "probability")
        raise PredictionTableError(
            found=f"no column {name[:60]!r}",
            expected=f"the probabilities to be validated; there are: {listed or 'none'}",
            remedy="name the column so, or choose another one with --engine",
        )
    kind = _kind(name) or "score"
    if kind == "verdict":
        return Predictor(name=name, kind=kind, values=truths(cells, name))
    low, high = (0.0, 1.0) if kind == "probability" else _ENDS.get(name, (-np.inf, np.inf))
    return Predictor(name=name, kind=kind, values=numbers(cells, name, low=low, high=high))


def _kind(name: str) -> PredictorKind | None:
    return next((kind for kind in _KINDS if name.startswith(f"{kind}_")), None)


def _outcome(cells: Cells, horizon_days: float) -> tuple[Outcome, int]:
    """Return what became of the femora, and how many were operated on before the horizon."""
    if not 0.0 < horizon_days < np.inf:
        raise OutOfRangeError(
            found=f"a horizon of {horizon_days:g} days",
            expected="more than 0",
            remedy="give the time that the predictions are for",
        )
    given = tuple(name for name in _OUTCOMES if name in cells.columns)
    if given == ("fractured",):
        remedy = "leave out femora of unknown fate, or give 'time_days' and 'event' for all"
        event = complete(truths(cells, "fractured"), "fractured", remedy).astype(int)
        return Outcome(event=event, time_days=None, horizon_days=horizon_days), 0
    if given != ("time_days", "event"):
        raise PredictionTableError(
            found=f"outcomes in {', '.join(given) or 'no column'}",
            expected="either 'fractured' at the horizon, or 'time_days' and 'event'",
            remedy="give one of these; without outcomes nothing can be validated",
        )
    words = "0 or censored, 1 or fractured, 2 or died, 3 or operated"
    event = complete(coded(cells, "event", _EVENTS, words), "event", "fill them").astype(int)
    times = numbers(cells, "time_days", low=-np.inf, high=np.inf)
    complete(times, "time_days", "give the length of follow-up, or leave these femora out")
    operated = event == _OPERATED
    found = Outcome(
        event=np.where(operated, CENSORED, event), time_days=times, horizon_days=horizon_days
    )
    return _checked(found, times), int(np.count_nonzero(operated & (times < horizon_days)))


def _checked(outcome: Outcome, times: FloatArray) -> Outcome:
    if (times <= 0.0).any():
        k = int(np.argmax(times <= 0.0))
        raise FollowUpError(
            found=f"follow-up that ends at {times[k]:g} days, in row {k + FIRST_ROW}",
            expected="times after the scan, above 0",
            remedy="correct that row; femora that were broken at the scan do not belong here",
        )
    if times.max() < outcome.horizon_days:
        raise FollowUpError(
            found=f"follow-up of at most {times.max():g} days",
            expected=f"some femora that were followed to the horizon, {outcome.horizon_days:g} d",
            remedy="choose a shorter horizon with --horizon-days",
        )
    return outcome


def _deaths_before(outcome: Outcome) -> int:
    if outcome.time_days is None:
        return 0
    early = outcome.time_days <= outcome.horizon_days
    return int(np.count_nonzero(early & (outcome.event == DIED)))


def _check_both_classes(outcome: Outcome) -> None:
    known = known_at(outcome)
    if 0 in (known.n_fractured, known.n_whole):
        raise OneClassError(
            found=f"{known.n_fractured} fractured and {known.n_whole} whole femora at the horizon",
            expected="at least one of each",
            remedy="take more femora, or another horizon",
        )


def is_simulated(cells: Cells) -> bool:
    """Whether a table says that any of it is simulated."""
    stated = "simulated" in cells.columns and bool(np.nansum(truths(cells, "simulated")))
    return stated or any(name.startswith(_SIMULATED) for name in cells.columns)


def _model(cells: Cells) -> str | None:
    """Return the one model that the probabilities came of.

    Raises
    ------
    PredictionTableError
        If there are several, or some rows name none.
    """
    named = cells.columns.get("model")
    if named is None:
        return None
    if len(set(named)) > 1 or named[0] is None:
        raise PredictionTableError(
            found=f"{len(set(named) - {None})} models in the column 'model'"
            + (", and rows without one" if None in named else ""),
            expected="the same model in every row, as the risk.json of each femur names it",
            remedy="validate each model by itself, or remove the column",
        )
    return named[0]


def _on_deaths(evidence: Evidence, given: Outcome, deaths: Deaths) -> tuple[str, ...]:
    """Return that deaths were counted in another way than the engine's probability means."""
    if deaths != "competing" or evidence.engine.name != _MECHANICS or not _deaths_before(given):
        return ()
    return (
        "who died is counted as whole (--deaths competing), but the probability of 'femur-fea "
        "risk' knows no death: with --deaths censored both mean the same",
    )


def _on_operations(n_operated: int) -> tuple[str, ...]:
    if not n_operated:
        return ()
    return (
        f"{n_operated} femora were operated on, unbroken, and count as lost to follow-up: as far "
        "as they were those at the highest risk, fewer broke than would have, observed over "
        "expected is too low, and a recalibration makes risks too small",
    )


def _on_ties(given: Outcome) -> tuple[str, ...]:
    share = tied_share(given)
    if share < _MANY_TIES:
        return ()
    return (
        f"on the day of {100.0 * share:.0f} % of the fractures and deaths others were lost to "
        "follow-up: with times that are known at visits alone weights are too large",
    )


def _notes(cells: Cells, evidence: Evidence) -> tuple[str, ...]:
    used = {*COLUMNS, *_OUTCOMES, *_OTHERS, *(each.name for each in evidence.predictors)}
    unused = [name for name in cells.columns if name not in used and "simulated_" not in name]
    notes = [f"columns that were not used: {', '.join(unused)}"] if unused else []
    if "patient_id" not in cells.columns:
        notes.append("no column 'patient_id': every row is taken for another patient")
        doubled = cells.n_rows - len(set(zip(*cells.columns.values(), strict=True)))
        if doubled:
            notes.append(f"{doubled} rows say the same as an earlier one")
    for each in evidence.predictors:
        if each.kind != "verdict" and np.unique(each.values[each.present]).size == 1:
            notes.append(f"{each.name} is the same in every row: it ranks nothing")
        absent = int(np.count_nonzero(~each.present))
        if absent:
            notes.append(f"{each.name} is absent in {absent} rows, which it is not judged by")
        extreme = np.isin(each.values, (0.0, 1.0)) if each.kind == "probability" else np.array(0)
        if extreme.any():
            notes.append(
                f"{each.name} is exactly 0 or 1 in {np.count_nonzero(extreme)} rows, "
                "taken as 0.000001 off for logits"
            )
    events = known_at(evidence.outcome).n_fractured
    if events < _FEW_EVENTS:
        notes.append(
            f"{events} fractures within the horizon: fewer than the {_FEW_EVENTS} recommended for "
            "external validation"
        )
    return tuple(notes)
