"""Seconds and peak memory of three programs on one linear model of a femur.

    uv run python benchmarks/speed/solver.py [--edges 3.3 2.27 1.56] [--time-limit 600] [--out FILE]

The virtual femur in stance, straight-sided tet10, one Young's modulus in each cell, binned to one
per cent so that all programs have the same discrete problem. Contestants, each a process of its own
with OMP_NUM_THREADS = --threads:

- femur-fea: `solve_linear` at its default tolerance, one process;
- calculix: `ccx` with SPOOLES, its default direct solver (Debian package calculix-ccx);
- scikit-fem: `skfem.solve` with `solver_iter_pcg`, the iterative solver that the library brings:
  CG of SciPy with a diagonal preconditioner, to the same relative residual;
- scikit-fem-direct: `skfem.solve` with its default, SuperLU of SciPy.

Seconds are those of the whole process: start, imports, reading, solving, writing. A process that
takes longer than --time-limit or more memory than --memory-limit is ended, its row says so, and
that contestant does not get the larger meshes. The compiled forms of femur-fea are made before the
first measurement, as on every run but the first.
"""

import argparse
import importlib.metadata
import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import psutil

from femur_fea.domain import BoneMesh, ElasticField, LoadCase

ROOT = Path(__file__).resolve().parents[2]
NU = 0.3
TOLERANCE = 1e-8
CONTESTANTS = ("femur-fea", "calculix", "scikit-fem", "scikit-fem-direct")
PREPARE = "prepare"
POLL_SECONDS = 0.1


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
        Wall time of the whole process, also where it was ended.
    peak_memory_MB : float
        Largest resident size of the process.
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What a contestant may take."""

    seconds: float
    memory_MB: float
    threads: int


def main() -> int:
    """Measure, print a table and write the JSON file; or be one contestant."""
    options = parse()
    if options.contestant:
        act_as(options.contestant, options.folder, options.edges[0])
        return 0
    limits = Limits(
        seconds=options.time_limit, memory_MB=options.memory_limit, threads=options.threads
    )
    timings: list[SolverTiming] = []
    for edge in sorted(options.edges, reverse=True):
        timings += measure(edge, options.contestants, limits, timings)
    content = {
        "machine": machine(limits),
        "versions": versions(),
        "tolerance": TOLERANCE,
        "runs": [asdict(timing) for timing in timings],
    }
    options.out.parent.mkdir(parents=True, exist_ok=True)
    options.out.write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")
    print(table(timings))
    return 0


def parse() -> argparse.Namespace:
    """Return the options."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--edges", type=float, nargs="+", default=[3.3, 2.27, 1.56],
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
    parser.add_argument("--contestant", help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    return parser.parse_args()


def measure(
    edge_length: float, contestants: list[str], limits: Limits, earlier: list[SolverTiming]
) -> list[SolverTiming]:
    """Let all contestants solve the femur on one mesh, one after the other."""
    beaten = {timing.contestant for timing in earlier if timing.outcome != "solved"}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        # a child's peak memory counts that of its parent when it was forked: stay small
        subprocess.run(command(PREPARE, folder, edge_length), check=True)
        n_dofs, _ = sizes(folder)
        print(f"{edge_length:g} mm: {n_dofs} unknowns", file=sys.stderr)
        if not earlier and "femur-fea" in contestants:
            watch("femur-fea", folder, limits)
        timings: list[SolverTiming] = []
        reference = None
        for contestant in contestants:
            if contestant in beaten:
                outcome, seconds, memory = "left out", 0.0, 0.0
            else:
                outcome, seconds, memory = watch(contestant, folder, limits)
            u = displacement(contestant, folder) if outcome == "solved" else None
            if contestant == "femur-fea":
                reference = u
            timing = SolverTiming(
                contestant=contestant,
                n_dofs=n_dofs,
                edge_length_mm=edge_length,
                outcome=outcome,
                seconds=round(seconds, 2),
                peak_memory_MB=round(memory, 1),
                displacement_difference=difference(u, reference),
            )
            print(f"  {contestant}: {outcome}, {seconds:.1f} s, {memory:.0f} MB", file=sys.stderr)
            timings.append(timing)
    return timings


def act_as(role: str, folder: Path, edge_length: float) -> None:
    """Write the model, or solve it as one of the contestants."""
    if role == PREPARE:
        write_model(folder, edge_length)
    else:
        solve_as(role, folder)


def write_model(folder: Path, edge_length: float) -> None:
    """Write the femur in stance for all contestants."""
    from calibration import apply_curve, fixed_line
    from femur_fea.io.export import export_model, write_inp
    from femur_fea.loads import LOAD_CASES
    from femur_fea.mapping import map_elasticity
    from femur_fea.presets import PRESETS
    from meshing import extract_surface, mesh_mask
    from meshing.anatomy import find_frame
    from meshing.virtual import demo_patient

    patient = demo_patient()
    preset = PRESETS["bologna"]
    line = fixed_line(patient.hu_slope, patient.hu_intercept, preset.density_kind)
    density = preset.to_law_density(apply_curve(patient.ct, line), patient.femur).density
    mesh = mesh_mask(patient.femur, edge_length=edge_length, kind="tet10", side=patient.side)
    frame = find_frame(extract_surface(patient.femur, edge_length=3.0), patient.side)
    load = LOAD_CASES["stance"].apply(mesh, frame, fixed_length=10.0)
    elastic = map_elasticity(density, patient.femur, mesh, preset.law, nu=NU).elastic
    model = export_model(mesh, elastic, load, bin_tolerance=0.01)
    write_inp(folder / "femur.inp", model)
    np.savez(
        folder / "model.npz",
        points=mesh.points,
        cells=mesh.cells,
        side=mesh.side,
        E=model.materials.E_modulus[model.materials.of_cell],
        traction=load.traction,
        fixed=load.fixed,
        n_nodes=len(model.nodes),
    )


def sizes(folder: Path) -> tuple[int, int]:
    """Return the numbers of unknowns and of mesh points of the model."""
    with np.load(folder / "model.npz") as stored:
        return 3 * int(stored["n_nodes"]), len(stored["points"])


def watch(contestant: str, folder: Path, limits: Limits) -> tuple[str, float, float]:
    """Run one contestant; return its outcome, seconds and peak memory in MB."""
    start = time.perf_counter()
    process = subprocess.Popen(
        command(contestant, folder, 0.0),
        cwd=folder,
        env=os.environ | {"OMP_NUM_THREADS": str(limits.threads)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE if contestant != "calculix" else subprocess.DEVNULL,
    )
    outcome = "solved"
    while True:
        pid, status, usage = os.wait4(process.pid, os.WNOHANG)
        seconds = time.perf_counter() - start
        if pid:
            break
        if outcome == "solved":
            outcome = excess(process.pid, seconds, limits)
            if outcome != "solved":
                process.kill()
        time.sleep(POLL_SECONDS)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.stderr is not None:
        errors = process.stderr.read().decode(errors="replace")
        process.stderr.close()
        if process.returncode and outcome == "solved":
            print(errors[-2000:], file=sys.stderr)
    if process.returncode and outcome == "solved":
        outcome = "failed"
    return outcome, seconds, usage.ru_maxrss / 1024.0


def excess(pid: int, seconds: float, limits: Limits) -> str:
    """Return which limit a running process has passed, or "solved" if none."""
    if seconds > limits.seconds:
        return "time limit"
    try:
        resident = psutil.Process(pid).memory_info().rss / 2**20
    except psutil.NoSuchProcess:
        return "solved"
    return "memory limit" if resident > limits.memory_MB else "solved"


def command(contestant: str, folder: Path, edge_length: float) -> list[str]:
    """Return the command line of a contestant, or of the preparation at an edge length."""
    if contestant == "calculix":
        program = shutil.which("ccx")
        if program is None:
            raise SystemExit("ccx is not on the PATH; install the Debian package calculix-ccx")
        return [program, "-i", "femur"]
    script = str(Path(__file__).resolve())
    role = ["--contestant", contestant, "--folder", str(folder), "--edges", str(edge_length)]
    return [sys.executable, script, *role]


def solve_as(contestant: str, folder: Path) -> None:
    """Solve the model of `folder` and write the displacement of the mesh points."""
    with np.load(folder / "model.npz") as stored:
        data = dict(stored)
    mesh = BoneMesh(
        points=data["points"], cells=data["cells"], kind="tet10", side=str(data["side"])
    )
    elastic = ElasticField(E_modulus=data["E"][:, None], nu=NU)
    load = LoadCase.on_fixed_points(
        name="stance",
        traction=data["traction"],
        fixed=data["fixed"],
        magnitude=1000.0,
        excluded=np.zeros(mesh.n_points, dtype=bool),
    )
    if contestant == "femur-fea":
        from femur_fea.solver import solve_linear

        u = solve_linear(mesh, elastic, [load], tolerance=TOLERANCE)[0].u
    else:
        u = solve_by_scikit_fem(mesh, elastic, load, direct=contestant.endswith("direct"))
    np.save(folder / f"{contestant}.npy", u)


def solve_by_scikit_fem(
    mesh: BoneMesh, elastic: ElasticField, load: LoadCase, *, direct: bool
) -> np.ndarray:
    """Return the displacement of the mesh points by scikit-fem, (n_points, 3), mm."""
    import skfem
    from skfem.helpers import ddot, dot, eye, sym_grad, trace

    @skfem.BilinearForm
    def stiffness(u: Any, v: Any, w: Any) -> Any:
        lame, shear = NU / ((1 + NU) * (1 - 2 * NU)), 0.5 / (1 + NU)
        strain = sym_grad(u)
        return w["E"] * ddot(lame * eye(trace(strain), 3) + 2 * shear * strain, sym_grad(v))

    @skfem.LinearForm
    def force(v: Any, w: Any) -> Any:
        return dot(w["traction"], v)

    tets = skfem.MeshTet(mesh.points.T, mesh.cells.T)
    element = skfem.ElementVector(skfem.ElementTetP2())
    basis = skfem.CellBasis(tets, element, intorder=2)
    surface = skfem.FacetBasis(tets, element, intorder=3)
    linear = skfem.FacetBasis(tets, skfem.ElementVector(skfem.ElementTetP1()), intorder=3)
    moduli = np.broadcast_to(elastic.E_modulus, (mesh.n_cells, len(basis.W)))
    matrix = skfem.asm(stiffness, basis, E=moduli)
    right = skfem.asm(force, surface, traction=linear.interpolate(load.traction.ravel()))
    edges = load.fixed[tets.edges].all(axis=0)
    held = np.concatenate(
        [basis.nodal_dofs[:, load.fixed].ravel(), basis.edge_dofs[:, edges].ravel()]
    )
    system = skfem.condense(matrix, right, D=held)
    if direct:
        return np.asarray(skfem.solve(*system)[basis.nodal_dofs].T)
    iterative = skfem.utils.solver_iter_pcg(rtol=TOLERANCE, maxiter=100_000)
    return np.asarray(skfem.solve(*system, solver=iterative)[basis.nodal_dofs].T)


def displacement(contestant: str, folder: Path) -> np.ndarray:
    """Return the displacement that a contestant has written, without the mid-edge nodes."""
    if contestant != "calculix":
        return np.asarray(np.load(folder / f"{contestant}.npy"))
    _, n_points = sizes(folder)
    rows: list[list[str]] = []
    with (folder / "femur.dat").open() as file:
        for line in file:
            words = line.split()
            if len(words) == 4 and len(rows) < n_points:
                rows.append(words[1:])
    return np.array(rows, dtype=float)


def difference(u: np.ndarray | None, reference: np.ndarray | None) -> float | None:
    """Return the largest difference of two displacements over the largest displacement."""
    if u is None or reference is None:
        return None
    apart = np.linalg.norm(u - reference, axis=1).max()
    return float(f"{apart / np.linalg.norm(reference, axis=1).max():.2e}")


def machine(limits: Limits) -> dict[str, Any]:
    """Return what the timings depend on."""
    return {
        "system": f"{platform.system()} {platform.machine()}",
        "processor": processor(),
        "cores": os.cpu_count(),
        "memory_GB": round(psutil.virtual_memory().total / 2**30, 1),
        "threads": limits.threads,
        "time_limit_s": limits.seconds,
        "memory_limit_MB": round(limits.memory_MB),
        "date": time.strftime("%Y-%m-%d"),
    }


def processor() -> str:
    """Return the processor's model, as Linux names it."""
    for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
        if line.startswith("model name"):
            return line.split(":", 1)[1].strip()
    return platform.processor()


def versions() -> dict[str, str]:
    """Return the versions of all contestants."""
    names = ("femur-fea", "dolfinx-solver-real", "scikit-fem", "scipy", "numpy")
    found = {name: importlib.metadata.version(name) for name in names}
    ccx = shutil.which("ccx")
    if ccx is not None:
        answer = subprocess.run([ccx, "-v"], capture_output=True, text=True, check=False)
        found["calculix"] = answer.stdout.strip().removeprefix("This is Version ")
    return found | {"python": platform.python_version()}


def table(timings: list[SolverTiming]) -> str:
    """Return the timings as a Markdown table."""
    lines = [
        "| unknowns | program | outcome | whole process, s | peak memory, MB | displacement |",
        "|---|---|---|---|---|---|",
    ]
    for timing in timings:
        apart = timing.displacement_difference
        lines.append(
            f"| {timing.n_dofs} | {timing.contestant} | {timing.outcome} | {timing.seconds:.1f} | "
            f"{timing.peak_memory_MB:.0f} | {'' if apart is None else f'{apart:.0e}'} |"
        )
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
