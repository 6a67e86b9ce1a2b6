"""Cases per hour and core, and memory, of cohorts by a linear and by a nonlinear preset.

    uv run python benchmarks/speed/cohort.py [--cases N] [--workers N] [--out FILE]

N virtual patients at full resolution are carried to strength with the default mesh and loads of
each preset, in the linear case with intervals and without. Times include the start of processes.
"""

import argparse
import csv
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from benchmarks.machine import write_results

ROOT = Path(__file__).resolve().parents[2]
TIERS = {
    "linear (bologna), with 90 % intervals": ("--preset", "bologna"),
    "linear (bologna)": ("--preset", "bologna", "--uncertainty", "off"),
    "nonlinear (keaveny_open)": ("--preset", "keaveny_open"),
}


def main() -> int:
    """Measure, print a table and write the JSON file."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=4)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--out", type=Path, default=ROOT / "benchmarks/results/cohort.json")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        workers = ("--workers", str(options.workers))
        call("simulate", "--n", str(options.cases), "--out", folder / "virtual", *workers)
        tiers = [
            measure(tier, folder, *settings, *workers, cores=options.workers)
            for tier, settings in TIERS.items()
        ]
    content = {
        "cases": options.cases,
        "workers": options.workers,
        "tiers": tiers,
    }
    write_results(options.out, content)
    print(table(tiers))
    return 0


def measure(tier: str, folder: Path, *words: str, cores: int) -> dict[str, Any]:
    """Carry the cohort out in one tier and return what it took."""
    out = folder / "".join(c if c.isalnum() else "-" for c in tier)
    began = time.perf_counter()
    call("batch", folder / "virtual/COHORT.csv", "--out", out, *words)
    seconds = time.perf_counter() - began
    efforts = rows(out / "effort.csv")
    results = rows(out / "results.csv")
    load = next(name for name in results[0] if name.endswith("_strength_N"))
    strengths = [float(row[load]) for row in results if row[load]]
    return {
        "tier": tier,
        "failed": [row["error"] for row in results if not row[load]],
        "seconds": round(seconds, 1),
        "cases_per_hour": round(3600.0 * len(efforts) / seconds, 1),
        "cases_per_hour_and_core": round(3600.0 * len(efforts) / seconds / cores, 1),
        "cpu_seconds_per_case": round(statistics.mean(float(e["cpu_seconds"]) for e in efforts), 1),
        "peak_memory_MB": max(float(e["peak_memory_MB"]) for e in efforts),
        f"mean_{load}": round(statistics.mean(strengths), 1),
    }


def call(*words: object) -> None:
    """Call femur-fea, which must succeed."""
    command = [sys.executable, "-m", "femur_risk.cli", *map(str, words)]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)


def rows(path: Path) -> list[dict[str, str]]:
    """Return the rows of a table."""
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def table(tiers: list[dict[str, Any]]) -> str:
    """Return what was measured as a Markdown table."""
    heads = list(dict.fromkeys(key for tier in tiers for key in tier if key != "tier"))
    lines = [f"| tier | {' | '.join(heads)} |", "|---" * (len(heads) + 1) + "|"]
    lines += [
        f"| {tier['tier']} | {' | '.join(str(tier.get(head, '')) for head in heads)} |"
        for tier in tiers
    ]
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
