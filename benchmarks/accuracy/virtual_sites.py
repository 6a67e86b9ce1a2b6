"""What a ball of lytic tumour at each of 32 sites leaves of the strength of virtual femora.

    uv run python benchmarks/accuracy/virtual_sites.py [--n 4] [--diameter 25] [--published FILE]

The study of Amendola et al. 2023 (doi:10.1186/s12891-023-06182-7) in virtual femora: balls at four
levels and in eight directions, climbing stairs, strength over that of the intact femur, in classes
of above 75 %, 51 to 75 % and at most 50 %. Its abstract was read: neither the size of its balls,
which is a choice here, nor its table of classes. Who has the table gives it as CSV with columns
`site` and `published_class` (1, 2, 3); the rank correlation with it is null without. Women and men
of 60 years; preset `bologna`; nothing was adjusted. An interrupted run goes on when it is called
again with the same --folder.
"""

import argparse
import csv
import sys
from collections.abc import Mapping
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
from scipy.stats import spearmanr

from benchmarks.machine import write_results
from benchmarks.study import carried_out, failures, results_of, seconds_per_case
from benchmarks.virtual_femora import BLUR, SPACING, sites_of_femur, task_of
from femur_fea.domain import FloatArray
from femur_fea.presets import PRESETS
from meshing.lesions import LESION_SITES

ROOT = Path(__file__).resolve().parents[2]
LOADS = ("stairs_up", "stance", "fall")
AGE = 60.0
LEVELS = ("neck", "intertrochanteric", "subtrochanteric", "diaphyseal")

type Row = dict[str, Any]


def main() -> int:
    """Make the femora, or what is left of them, print the table and write the JSON file."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--n", type=int, default=4, help="femora, women and men in turn")
    parser.add_argument("--sites", nargs="+", choices=[*LESION_SITES], default=[*LESION_SITES])
    parser.add_argument("--diameter", type=float, default=25.0, help="mm")
    parser.add_argument("--seed", type=int, default=2)
    parser.add_argument("--edge", type=float, default=PRESETS["bologna"].edge_length_mm)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--published", type=Path, help="CSV with site and published_class")
    parser.add_argument("--folder", type=Path, default=ROOT / "runs/virtual_sites")
    parser.add_argument("--out", type=Path, default=ROOT / "benchmarks/results/virtual_sites.json")
    options = parser.parse_args()
    people = [
        task_of(
            k,
            seed=options.seed,
            sex="male" if k % 2 else "female",
            age=AGE,
            edge=options.edge,
            sites=options.sites,
            loads=LOADS,
            diameter=options.diameter,
        )
        for k in range(options.n)
    ]
    outcomes = carried_out(people, sites_of_femur, options.folder, workers=options.workers)
    rows = results_of(outcomes)
    left = {load: fractions(rows, load, options.sites) for load in LOADS}
    content = {
        "preset": "bologna",
        "edge_length_mm": options.edge,
        "voxel_mm": SPACING,
        "blur_mm": BLUR,
        "diameter_mm": options.diameter,
        "age": AGE,
        "femora": len(rows),
        "without_result": failures(outcomes),
        "seconds_per_femur": seconds_per_case(outcomes),
        "sites": by_site(left, options.sites),
        "medial_and_lateral_loss_percent": medial_and_lateral(left["stairs_up"], options.sites),
        "rank_correlation": {
            "between_femora": between_femora(left["stairs_up"]),
            "between_loads": {
                f"{a}, {b}": spearman(left[a].mean(axis=0), left[b].mean(axis=0))
                for a, b in combinations(LOADS, 2)
            },
            "with_published_classes": with_published(left, options.sites, options.published),
        },
    }
    print(write_results(options.out, content))
    return 0


def fractions(rows: list[Mapping[str, Any]], load: str, sites: list[str]) -> FloatArray:
    """Return strength over that of the intact femur, by femur and site."""
    return np.array([[row[f"{load}.{site}"] for site in sites] for row in rows], dtype=float)


def by_site(left: Mapping[str, FloatArray], sites: list[str]) -> list[Row]:
    """Return means over femora, and the class of the mean under the load of the study."""
    table = []
    for n, site in enumerate(sites):
        row: Row = {"site": site}
        for load, found in left.items():
            values = 100.0 * found[:, n]
            row[f"{load}_percent_left"] = round(float(values.mean()), 1)
            row[f"{load}_range"] = [round(float(values.min()), 1), round(float(values.max()), 1)]
        row["class"] = class_of(row["stairs_up_percent_left"])
        table.append(row)
    return table


def class_of(percent_left: float) -> int:
    """Return 1 for what keeps more than 75 %, 3 for half or less, 2 between."""
    return 1 if percent_left > 75.0 else 2 if percent_left > 50.0 else 3


def medial_and_lateral(left: FloatArray, sites: list[str]) -> list[Row]:
    """Return the loss by a medial and by a lateral ball at each level, where both were made."""
    table = []
    for level in LEVELS:
        pair = [f"{level}_{direction}" for direction in ("medial", "lateral")]
        if all(site in sites for site in pair):
            losses = [
                round(float(100.0 * (1.0 - left[:, sites.index(site)].mean())), 1) for site in pair
            ]
            table.append({"level": level, "medial": losses[0], "lateral": losses[1]})
    return table


def between_femora(left: FloatArray) -> Row | None:
    """Return how alike the order of sites is in two femora, over all pairs."""
    pairs = [spearman(a, b) for a, b in combinations(left, 2)]
    known = [value for value in pairs if value is not None]
    if not known:
        return None
    return {"mean": round(float(np.mean(known)), 3), "least": min(known)}


def with_published(
    left: Mapping[str, FloatArray], sites: list[str], path: Path | None
) -> dict[str, float | None] | None:
    """Return the rank correlation of loss with published classes, None without these."""
    if path is None:
        return None
    with path.open(encoding="utf-8", newline="") as stream:
        classes = {row["site"]: int(row["published_class"]) for row in csv.DictReader(stream)}
    known = [n for n, site in enumerate(sites) if site in classes]
    told_classes = np.array([classes[sites[n]] for n in known], dtype=float)
    return {
        load: spearman(1.0 - found.mean(axis=0)[known], told_classes)
        for load, found in left.items()
    }


def spearman(a: FloatArray, b: FloatArray) -> float | None:
    """Return the rank correlation, None where there are too few values or all are alike."""
    if len(a) < 3 or np.ptp(a) == 0.0 or np.ptp(b) == 0.0:
        return None
    return round(float(spearmanr(a, b).statistic), 3)


if __name__ == "__main__":
    sys.exit(main())
