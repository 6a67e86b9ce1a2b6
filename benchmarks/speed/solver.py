"""Seconds and peak memory of three programs on one linear model of a femur.

    uv run python benchmarks/speed/solver.py [--edges 3.3 2.19 1.5] [--time-limit 600] [--out FILE]

The virtual femur in stance, straight-sided tet10, one Young's modulus in each cell, binned to one
per cent so that all programs have the same discrete problem. Contestants, each in processes of its
own:

- femur-fea: `solve_linear` as it is by default, on one and on two MPI ranks of one thread each;
- calculix: `ccx` with SPOOLES, its default direct solver (Debian package calculix-ccx);
- scikit-fem: `skfem.solve` with `solver_iter_pcg`, the iterative solver that the library brings:
  CG of SciPy with a diagonal preconditioner;
- scikit-fem-direct: `skfem.solve` with its default, SuperLU of SciPy.

Seconds are those of the whole program: start, imports, reading, solving, writing. Memory is that of
all its processes together. A program that takes longer than --time-limit or more memory than
--memory-limit is ended, its row says so, and that contestant does not get the larger meshes. What
femur-fea compiles on first use is made before the first measurement, as on every run but the first.
"""

import argparse
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import psutil
from contestants import CONTESTANTS, OURS, SCIKIT_FEM_RESIDUAL
from femur_model import read_sizes, write_model
from watch import Limits, watch

from benchmarks.machine import write_results

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True, slots=True, kw_only=True)
class SolverTiming:
    """What one contestant took for one mesh.

    Attributes
    ----------
    contestant : str
        Name of the program and its solver.
    n_dofs : int
        Unknowns of the model.
    edge_length_mm : float
        Edge length of the mesh.
    outcome : str
        "solved", "time limit", "memory limit" or "failed"; "left out" after one of these on a
        smaller mesh.
    seconds : float
        Wall time of the whole program, also where it was ended.
    peak_memory_MB : float
        Largest sum of the resident sizes of its processes.
    displacement_difference : float or None
        Largest difference from femur-fea's displacement over the largest displacement.
    """

    contestant: str
    n_dofs: int
    edge_length_mm: float
    outcome: str
    seconds: float
    peak_memory_MB: float
    displacement_difference: float | None


def main() -> int:
    """Measure, write the JSON file after every contestant, and print a table."""
    options = parse()
    limits = Limits(
        seconds=options.time_limit, memory_MB=options.memory_limit, threads=options.threads
    )
    timings: list[SolverTiming] = []
    for timing in measure(options.edges, options.contestants, limits):
        timings.append(timing)
        content = {
            "limits": describe(limits),
            "scikit_fem_residual": SCIKIT_FEM_RESIDUAL,
            "runs": [asdict(timing) | ratios(timing, timings) for timing in timings],
        }
        write_results(options.out, content)
    print(table(timings))
    return 0


def parse() -> argparse.Namespace:
    """Return the options."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--edges", type=float, nargs="+", default=[3.3, 2.19, 1.5],
        help="edge lengths in mm: about 130k, 400k and 1.2M unknowns; 5.6 gives 30k",
    )  # fmt: skip
    parser.add_argument("--contestants", nargs="+", choices=CONTESTANTS, default=list(CONTESTANTS))
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--time-limit", type=float, default=600.0, help="seconds")
    parser.add_argument(
        "--memory-limit", type=float, default=0.9 * psutil.virtual_memory().available / 2**20,
        help="MB; nine tenths of what is free unless given",
    )  # fmt: skip
    parser.add_argument("--out", type=Path, default=ROOT / "benchmarks/results/solver.json")
    return parser.parse_args()


def measure(
    edges: Sequence[float], contestants: Sequence[str], limits: Limits
) -> Iterator[SolverTiming]:
    """Let all contestants solve the femur on every mesh, the coarsest first, one by one."""
    beaten: set[str] = set()
    warm = False
    for edge_length in sorted(edges, reverse=True):
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            write_model(folder, edge_length)
            if not warm:
                watch(CONTESTANTS[OURS[0]].command(folder), folder, limits)
                warm = True
            for timing in on_one_mesh(folder, edge_length, contestants, limits, beaten):
                if timing.outcome != "solved":
                    beaten.add(timing.contestant)
                yield timing


def on_one_mesh(
    folder: Path,
    edge_length: float,
    contestants: Sequence[str],
    limits: Limits,
    beaten: set[str],
) -> Iterator[SolverTiming]:
    """Let all contestants solve the model of `folder`."""
    n_dofs, _ = read_sizes(folder)
    print(f"{edge_length:g} mm: {n_dofs} unknowns", file=sys.stderr)
    reference = None
    for name in contestants:
        contestant = CONTESTANTS[name]
        if name in beaten:
            yield left_out(name, n_dofs, edge_length)
            continue
        usage = watch(contestant.command(folder), folder, limits)
        print(
            f"  {name}: {usage.outcome}, {usage.seconds:.1f} s, {usage.peak_memory_MB:.0f} MB",
            file=sys.stderr,
        )
        u = contestant.displacement(folder) if usage.outcome == "solved" else None
        if name in OURS and reference is None:
            reference = u
        yield SolverTiming(
            contestant=name,
            n_dofs=n_dofs,
            edge_length_mm=edge_length,
            displacement_difference=difference(u, reference),
            **asdict(usage),
        )


def left_out(name: str, n_dofs: int, edge_length: float) -> SolverTiming:
    """Return the row of a contestant that failed on a smaller mesh."""
    return SolverTiming(
        contestant=name,
        n_dofs=n_dofs,
        edge_length_mm=edge_length,
        outcome="left out",
        seconds=0.0,
        peak_memory_MB=0.0,
        displacement_difference=None,
    )


def difference(u: np.ndarray | None, reference: np.ndarray | None) -> float | None:
    """Return the largest difference of two displacements over the largest displacement."""
    if u is None or reference is None:
        return None
    apart = np.linalg.norm(u - reference, axis=1).max()
    return float(f"{apart / np.linalg.norm(reference, axis=1).max():.2e}")


def ratios(timing: SolverTiming, timings: list[SolverTiming]) -> dict[str, float | None]:
    """Return seconds and memory over those of femur-fea on two ranks and the same mesh.

    They are lower bounds where the program was ended.
    """
    ours = [
        other
        for other in timings
        if (other.contestant, other.n_dofs, other.outcome) == (OURS[1], timing.n_dofs, "solved")
    ]
    if not ours or timing.outcome == "left out":
        return {"times_our_seconds": None, "times_our_memory": None}
    return {
        "times_our_seconds": round(timing.seconds / ours[0].seconds, 2),
        "times_our_memory": round(timing.peak_memory_MB / ours[0].peak_memory_MB, 2),
    }


def describe(limits: Limits) -> dict[str, float]:
    """Return what a contestant could take."""
    return {
        "threads": limits.threads,
        "time_limit_s": limits.seconds,
        "memory_limit_MB": round(limits.memory_MB),
    }


def table(timings: list[SolverTiming]) -> str:
    """Return the timings as a Markdown table."""
    lines = [
        "| unknowns | program | outcome | whole program, s | peak memory, MB | times our seconds | "
        "times our memory | displacement |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for timing in timings:
        over_ours = ratios(timing, timings).values()
        slower, larger = ("" if ratio is None else f"{ratio:.1f}" for ratio in over_ours)
        apart = timing.displacement_difference
        lines.append(
            f"| {timing.n_dofs} | {timing.contestant} | {timing.outcome} | {timing.seconds:.1f} | "
            f"{timing.peak_memory_MB:.0f} | {slower} | {larger} | "
            f"{'' if apart is None else f'{apart:.0e}'} |"
        )
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
