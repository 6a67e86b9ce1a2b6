"""Seconds and peak memory of every stage of the demo and of a run on a real CT.

    uv run python benchmarks/speed/pipeline.py [--data FOLDER] [--out FILE]

Each case is a fresh process. The demo is measured twice, the first time with an empty cache of
compiled forms, as on the first run ever. The real run needs the folder `ct-pelvis-3mm` of the data
beside the project and is left out where that is absent, which the table then says.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from benchmarks.machine import write_results

ROOT = Path(__file__).resolve().parents[2]
FEMUR_FEA = Path(sys.executable).with_name("femur-fea")


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseTiming:
    """What one case took.

    Attributes
    ----------
    name : str
        Name of the case.
    seconds : float
        Wall time of the whole process.
    peak_memory_MB : float
        Largest resident size of the process.
    stages : dict
        Seconds of every stage.
    strength_N : dict
        Strength of every load case, so that speed is never read without the result.
    """

    name: str
    seconds: float
    peak_memory_MB: float
    stages: dict[str, float]
    strength_N: dict[str, float]


def main() -> int:
    """Measure, print a table and write the JSON file."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=ROOT.parent / "shared" / "data")
    parser.add_argument("--out", type=Path, default=ROOT / "benchmarks/results/pipeline.json")
    options = parser.parse_args()
    cases = list(measure(options.data))
    write_results(options.out, {"cases": [asdict(case) for case in cases]})
    print(table(cases))
    return 0


def measure(data: Path) -> list[CaseTiming]:
    """Run the cases one after the other."""
    scan = data / "ct-pelvis-3mm"
    real = [
        "run", "--ct", str(scan / "ct.nii.gz"), "--femur", str(scan / "femur_right.nii.gz"),
        "--side", "right", "--mass-kg", "75",
    ]  # fmt: skip
    with tempfile.TemporaryDirectory() as empty_cache:
        cases = [
            run_case("demo, first run ever", ["demo"], cache=empty_cache),
            run_case("demo", ["demo"], cache=empty_cache),
        ]
        if scan.is_dir():
            cases.append(run_case("real CT, stance and fall", real, cache=empty_cache))
        else:
            print("no real CT beside the project: that case is left out")
    return cases


def run_case(name: str, command: list[str], *, cache: str) -> CaseTiming:
    """Run one command in a fresh process with its own cache of compiled forms."""
    with tempfile.TemporaryDirectory() as folder:
        environment = os.environ | {"XDG_CACHE_HOME": cache}
        start = time.perf_counter()
        process = subprocess.Popen(
            [str(FEMUR_FEA), *command, "--out", folder],
            env=environment,
            stdout=subprocess.DEVNULL,
        )
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            raise SystemExit(f"{name} ended with status {process.returncode}")
        manifest = read_one(folder, "manifest.json")
        strength = read_one(folder, "strength.json")
    return CaseTiming(
        name=name,
        seconds=round(seconds, 2),
        peak_memory_MB=round(usage.ru_maxrss / 1024.0, 1),
        stages={stage: round(r["seconds"], 2) for stage, r in manifest["stages"].items()},
        strength_N={load: round(r["strength_N"], 1) for load, r in strength["loads"].items()},
    )


def read_one(folder: str, name: str) -> dict[str, Any]:
    """Return the one JSON file of that name below a folder."""
    (path,) = Path(folder).rglob(name)
    content: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return content


def table(cases: list[CaseTiming]) -> str:
    """Return the timings as a Markdown table."""
    stages = list(dict.fromkeys(stage for case in cases for stage in case.stages))
    lines = [
        "| case | " + " | ".join(stages) + " | whole process, s | peak memory, MB | strength, N |",
        "|---" * (len(stages) + 4) + "|",
    ]
    for case in cases:
        seconds = " | ".join(
            f"{case.stages[stage]:.1f}" if stage in case.stages else "" for stage in stages
        )
        strength = ", ".join(f"{load} {value:.0f}" for load, value in case.strength_N.items())
        lines.append(
            f"| {case.name} | {seconds} | {case.seconds:.1f} | {case.peak_memory_MB:.0f} | "
            f"{strength} |"
        )
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
