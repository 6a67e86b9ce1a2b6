"""Simulated tables of predictions and outcomes."""

import csv
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from femur_risk.validation.evidence import Evidence, Predictor
from femur_risk.validation.outcome import KnownOutcome, Outcome


@pytest.fixture
def write_table(tmp_path: Path) -> Callable[[Mapping[str, Sequence[Any]]], Path]:
    def write(columns: Mapping[str, Sequence[Any]]) -> Path:
        path = tmp_path / "predictions.csv"
        with path.open("w", encoding="utf-8", newline="") as stream:
            writer = csv.writer(stream)
            writer.writerow(columns)
            writer.writerows(zip(*columns.values(), strict=True))
        return path

    return write


@pytest.fixture
def known() -> Callable[..., KnownOutcome]:
    def make(fractured: Sequence[int], weight: Sequence[float] | None = None) -> KnownOutcome:
        broke = np.array(fractured, dtype=bool)
        held = np.ones(len(broke)) if weight is None else np.array(weight, dtype=float)
        return KnownOutcome(fractured=broke, weight=held)

    return make


@pytest.fixture
def cohort() -> Callable[..., Evidence]:
    """Return femora whose probabilities are true but for what is planted."""

    def make(
        rng: np.random.Generator,
        n: int,
        *,
        levels: Mapping[str, Sequence[str]],
        shift: Callable[[Mapping[str, np.ndarray]], np.ndarray] | None = None,
        femora: int = 1,
    ) -> Evidence:
        log_odds = rng.normal(-1.5, 1.2, n)
        chosen = {name: rng.choice(names, n) for name, names in levels.items()}
        patients = np.arange(n) // femora
        shared = rng.normal(0.0, 0.7, n)[patients] if femora > 1 else 0.0
        true = log_odds + shared + (0.0 if shift is None else shift(chosen))
        event = (rng.random(n) < 1.0 / (1.0 + np.exp(-true))).astype(int)
        predicted = 1.0 / (1.0 + np.exp(-log_odds))
        return Evidence(
            engine=Predictor(name="probability_engine", kind="probability", values=predicted),
            comparators=(),
            outcome=Outcome(event=event, time_days=None, horizon_days=182.0),
            patients=patients,
            levels=chosen,
            numbers={},
            simulated=True,
        )

    return make
