"""A population that is the same raises no alarm; one that is another is found."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from femur_fea.io import write_json
from femur_risk.errors import PredictionTableError
from femur_risk.validation.drift import drift, stability_index
from femur_risk.validation.evidence import Evidence
from femur_risk.validation.performance import Resampling
from femur_risk.validation.population import read_population, summarise, variables_of

type Cohort = Callable[..., Evidence]

LEVELS = {"sex": ("female", "male"), "kernel": ("soft", "bone"), "primary": ("breast", "lung")}


def _with_ages(evidence: Evidence, rng: np.random.Generator, mean: float) -> Evidence:
    return replace(evidence, numbers={"age_years": rng.normal(mean, 10.0, len(evidence))})


def _drifted(now: Evidence, training: Evidence) -> set[str]:
    population = summarise(variables_of(training), simulated=True)
    found = drift(now, population, Resampling(n=20, seed=0))
    return {each.name for each in found.variables if each.drifted}


def test_the_same_population_seldom_drifts(cohort: Cohort) -> None:
    rng = np.random.default_rng(1)
    drawn = [
        [_with_ages(cohort(rng, n, levels=LEVELS), rng, 68.0) for n in (200, 500)]
        for _ in range(60)
    ]
    # 5 % of 60 is 3; 6 is the 97 % quantile of a binomial count with that mean
    assert sum(bool(_drifted(now, training)) for now, training in drawn) <= 6


def test_older_patients_and_another_kernel_are_found(cohort: Cohort) -> None:
    rng = np.random.default_rng(2)
    training = _with_ages(cohort(rng, 500, levels=LEVELS), rng, 68.0)
    kernels = {**LEVELS, "kernel": ("sharp", "bone", "sharp")}
    now = _with_ages(cohort(rng, 200, levels=kernels), rng, 76.0)
    assert _drifted(now, training) == {"age_years", "kernel"}


def test_the_index_of_equal_shares_is_0_and_grows_with_their_distance() -> None:
    assert stability_index(np.array([10, 20]), np.array([10, 20])) == 0.0
    # shares 0.25 and 0.75 against 0.5 and 0.5, with half a patient more in both
    found = stability_index(np.array([49.5, 149.5]), np.array([99.5, 99.5]))
    assert found == pytest.approx(-0.25 * np.log(0.5) + 0.25 * np.log(1.5), abs=1e-12)


def test_two_femora_of_a_patient_count_once(cohort: Cohort) -> None:
    evidence = cohort(np.random.default_rng(3), 100, levels=LEVELS, femora=2)
    population = summarise(variables_of(evidence), simulated=True)
    assert {sum(each.counts) for each in population.variables} == {50}


def test_a_stored_population_is_the_table_it_was_made_from(
    write_table: Callable[..., Path], tmp_path: Path
) -> None:
    rng = np.random.default_rng(4)
    path = write_table(
        {
            "probability_engine": rng.random(40).round(3),
            "age_years": rng.integers(40, 90, 40),
            "sex": rng.choice(["f", "m"], 40),
            "primary": rng.choice(["breast", "lung", ""], 40),
        }
    )
    from_table = read_population(path, engine="engine")
    write_json(tmp_path / "population.json", from_table.model_dump(mode="json"))
    assert read_population(tmp_path / "population.json", engine="engine") == from_table


def test_a_file_that_is_no_population_is_refused(tmp_path: Path) -> None:
    write_json(tmp_path / "population.json", {"n": 3})
    with pytest.raises(PredictionTableError, match="population whose"):
        read_population(tmp_path / "population.json", engine="engine")
