"""Cheap work for the engine: it takes the work as an argument, and does not know what it is."""

import importlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from femur_risk.cohort import Limits, Outcome, Place, Progress, Task, alone_in, carry_out

HERE = Path(__file__).parent


@pytest.fixture
def cheap_work(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Work that processes of their own can import."""
    monkeypatch.syspath_prepend(str(HERE))
    return importlib.import_module("cheap_work").work


@pytest.fixture
def carried_out(cheap_work: Any, tmp_path: Path) -> Callable[..., dict[str, Outcome]]:
    """Carry out cases, each a way to end by its name, and return their outcomes."""

    def call(
        ways: dict[str, str],
        *,
        folder: Path = tmp_path,
        workers: int = 2,
        limits: Limits | None = None,
        basis: str = "same",
        told: list[Progress] | None = None,
    ) -> dict[str, Outcome]:
        tasks = [Task(case_id=name, basis=basis, given={"way": way}) for name, way in ways.items()]
        with alone_in(folder):
            outcomes = carry_out(
                tasks,
                cheap_work,
                folder,
                place=Place(workers=workers),
                limits=limits or Limits(),
                listener=([] if told is None else told).append,
            )
        assert [outcome.case_id for outcome in outcomes] == list(ways)
        return {outcome.case_id: outcome for outcome in outcomes}

    return call
