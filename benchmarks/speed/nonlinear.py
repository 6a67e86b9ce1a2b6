"""Seconds and memory of the load-displacement curve of a femur, for every preset that yields.

    uv run python benchmarks/speed/nonlinear.py [--edge 3.3] [--ranks 1 2] [--out FILE]

The virtual femur in stance, tet10, followed past the peak of its curve or to its plateau, as a run
does it by default. Every curve is made in processes of its own; seconds are those of the whole
program from its start, with imports and the reading of the model, and memory is that of all its
processes together. What is compiled on first use is made before the first measurement.
"""

import argparse
import json
import pickle
import sys
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path

import psutil
from femur_model import femur_in_stance
from watch import Limits, watch

from femur_fea.presets import PRESETS
from femur_fea.strength import YieldModel

ROOT = Path(__file__).resolve().parents[2]
MODEL, CURVE = "model.pickle", "curve.json"
YIELDING = [name for name, preset in PRESETS.items() if preset.failure.model == "nonlinear"]


@dataclass(frozen=True, slots=True, kw_only=True)
class CurveTiming:
    """What one curve took.

    Attributes
    ----------
    preset : str
        Name of the preset.
    n_dofs : int
        Unknowns.
    ranks : int
        MPI ranks of one thread each.
    outcome : str
        "solved", "time limit", "memory limit" or "failed".
    seconds : float
        Wall time of the whole program.
    peak_memory_MB : float
        Largest sum of the resident sizes of its processes.
    steps, newton_iterations, krylov_iterations : int
        Along the curve.
    end : str
        How the curve ended.
    largest_force_N : float
        On the curve.
    """

    preset: str
    n_dofs: int
    ranks: int
    outcome: str
    seconds: float
    peak_memory_MB: float
    steps: int
    newton_iterations: int
    krylov_iterations: int
    end: str
    largest_force_N: float


def main() -> int:
    """Measure and write the JSON file."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--edge", type=float, default=3.3, help="edge length in mm: about 130k unknowns"
    )
    parser.add_argument("--ranks", type=int, nargs="+", default=[1, 2])
    parser.add_argument("--time-limit", type=float, default=600.0, help="seconds")
    parser.add_argument("--out", type=Path, default=ROOT / "benchmarks/results/nonlinear.json")
    options = parser.parse_args()
    memory_MB = 0.9 * psutil.virtual_memory().available / 2**20
    limits = Limits(seconds=options.time_limit, memory_MB=memory_MB, threads=1)
    timings = [
        timing
        for preset in YIELDING
        for timing in measure(preset, options.edge, options.ranks, limits)
    ]
    runs = [asdict(timing) for timing in timings]
    # not at the top: its imports are no part of the program that is measured
    from benchmarks.machine import write_results

    write_results(options.out, {"runs": runs})
    print(json.dumps(runs, indent=2))
    return 0


def measure(preset: str, edge: float, ranks: list[int], limits: Limits) -> list[CurveTiming]:
    """Return the timings of one preset, after a run that is not counted."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_model(folder, preset, edge)
        counted = []
        for count in (ranks[0], *ranks):
            command = [sys.executable, str(Path(__file__).resolve()), str(count), str(folder)]
            usage = watch(command, folder, limits)
            if usage.outcome != "solved":
                raise SystemExit(f"{preset} on {count} ranks: {usage.outcome}")
            curve = json.loads((folder / CURVE).read_text(encoding="utf-8"))
            counted.append(CurveTiming(preset=preset, ranks=count, **curve, **asdict(usage)))
        return counted[1:]


def write_model(folder: Path, preset_name: str, edge: float) -> None:
    """Leave the femur with the material of a preset in a folder."""
    from femur_fea.mapping import map_elasticity
    from femur_fea.strength import map_yield

    preset = PRESETS[preset_name]
    femur = femur_in_stance(edge, preset)
    elastic = map_elasticity(femur.density, femur.mask, femur.mesh, preset.law, nu=preset.nu)
    strength = map_yield(
        model_of(preset_name),
        density=femur.density,
        femur=femur.mask,
        mesh=femur.mesh,
        elastic=elastic.elastic,
        frame=femur.frame,
    )
    job = (femur.mesh, elastic.elastic, strength.strength, femur.load)
    (folder / MODEL).write_bytes(pickle.dumps(job))


def model_of(preset_name: str) -> YieldModel:
    """Return the failure model of a preset that yields."""
    model = PRESETS[preset_name].failure
    if model.model != "nonlinear":
        raise SystemExit(f"{preset_name} does not yield")
    return model


def follow(ranks: int, folder: Path) -> None:
    """Follow the curve of the femur of a folder, and leave there what it took."""
    from femur_fea.solver import solve_nonlinear

    result = solve_nonlinear(*pickle.loads((folder / MODEL).read_bytes()), ranks=ranks)
    curve = result.curve
    told = {
        "n_dofs": result.n_dofs,
        "steps": len(curve.force) - 1,
        "newton_iterations": int(curve.newton_iterations.sum()),
        "krylov_iterations": int(curve.krylov_iterations.sum()),
        "end": curve.end,
        "largest_force_N": round(float(curve.force.max()), 1),
    }
    (folder / CURVE).write_text(json.dumps(told), encoding="utf-8")


if __name__ == "__main__":
    arguments = sys.argv[1:]
    if len(arguments) == 2 and arguments[0].isdigit():
        follow(int(arguments[0]), Path(arguments[1]))
    else:
        sys.exit(main())
