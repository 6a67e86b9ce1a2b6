"""Strengths of simulated patients, and what today's rules measure of them, without a scanner.

    uv run python benchmarks/accuracy/simulated_strengths.py [--n 300]

The table beside the JSON file is what `simulated_outcomes.py` draws outcomes for; no assumption on
loads enters it. An interrupted run goes on when it is called again with the same --folder.
"""

import argparse
import sys
from pathlib import Path

from benchmarks.machine import write_results
from benchmarks.study import carried_out, failures, results_of, seconds_per_case, write_rows
from benchmarks.virtual_patients import (
    BLUR,
    EDGE,
    PRESET,
    SPACING,
    strength_of_patient,
    task_of,
)

ROOT = Path(__file__).resolve().parents[2]


def main() -> int:
    """Make strengths, or what is left of them, and write the JSON file and the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--n", type=int, default=300)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--folder", type=Path, default=ROOT / "runs/simulated_outcomes")
    parser.add_argument(
        "--out", type=Path, default=ROOT / "benchmarks/results/simulated_strengths.json"
    )
    options = parser.parse_args()
    tasks = [task_of(k, seed=options.seed) for k in range(options.n)]
    worked = carried_out(tasks, strength_of_patient, options.folder, workers=options.workers)
    people = results_of(worked)
    write_rows(options.out.with_suffix(".csv"), people)
    content = {
        "simulated": "all of it: patients and strengths",
        "patients": len(people),
        "without_result": failures(worked),
        "seconds_per_patient": seconds_per_case(worked),
        "not_assessable": f"{sum(not person['assessable'] for person in people)}, with most of "
        "the lesion where failure is not looked for",
        "preset": f"{PRESET}, tet10 of {EDGE:g} mm, straight from the density in voxels of "
        f"{SPACING:g} mm, blurred by {BLUR:g} mm, no scanner",
    }
    print(write_results(options.out, content))
    return 0


if __name__ == "__main__":
    sys.exit(main())
