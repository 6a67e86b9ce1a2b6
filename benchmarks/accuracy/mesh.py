"""Strength of the virtual femur against the edge length of its mesh.

    uv run python benchmarks/accuracy/mesh.py [--edges 4 3 2.5 2 1.5] [--out FILE]

The value for an infinitely fine mesh is extrapolated from all meshes of at most 4 mm by a straight
line in the square of the edge length, because strength scatters by a percent or two from mesh to
mesh and fewer points would fit that; the error of each mesh is counted against it.
"""

import argparse
import json
import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from calibration import apply_curve, fixed_line
from femur_fea.domain import DensityField, LabelMask
from femur_fea.loads import LOAD_CASES
from femur_fea.mapping import heal, map_elasticity
from femur_fea.presets import PRESETS
from femur_fea.solver import solve_linear
from femur_fea.strength import evaluate_strength
from meshing import mesh_mask
from meshing.anatomy import find_frame
from meshing.virtual import VirtualPatient, demo_patient

ROOT = Path(__file__).resolve().parents[2]
DEFAULT_EDGE = 3.0
COARSEST_FITTED = 4.0  # mm


@dataclass(frozen=True, slots=True, kw_only=True)
class MeshResult:
    """Strength on one mesh.

    Attributes
    ----------
    edge_length_mm : float
        Edge length of the mesh.
    n_dofs : int
        Unknowns.
    seconds : float
        Meshing, two solutions of two loads and strength.
    strength_N : dict
        Strength by load, "<load>" with the lesion and "<load>@healed" without.
    """

    edge_length_mm: float
    n_dofs: int
    seconds: float
    strength_N: dict[str, float]


def main() -> int:
    """Measure, print a table and write the JSON file."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--edges", type=float, nargs="+", default=[4.0, 3.0, 2.5, 2.0, 1.5])
    parser.add_argument("--preset", default="bologna")
    parser.add_argument("--out", type=Path, default=ROOT / "benchmarks/results/mesh.json")
    options = parser.parse_args()
    patient = demo_patient()
    results = []
    for edge in sorted(options.edges, reverse=True):
        results.append(measure(patient, options.preset, edge))
        print(f"{edge:g} mm: {results[-1].strength_N}", file=sys.stderr)
    limit = extrapolate(results)
    options.out.parent.mkdir(parents=True, exist_ok=True)
    content = {
        "preset": options.preset,
        "extrapolated_N": limit,
        "meshes": [asdict(result) for result in results],
    }
    options.out.write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")
    print(table(results, limit))
    return 0


def measure(patient: VirtualPatient, preset_name: str, edge_length: float) -> MeshResult:
    """Return the strength of the virtual femur and of its twin on one mesh."""
    start = time.perf_counter()
    preset = PRESETS[preset_name]
    line = fixed_line(patient.hu_slope, patient.hu_intercept, preset.density_kind)
    density = apply_curve(patient.ct, line)
    mesh = mesh_mask(patient.femur, edge_length=edge_length, kind="tet10", side=patient.side)
    frame = find_frame(mesh.surface, patient.side)
    loads = [LOAD_CASES[name].apply(mesh, frame, fixed_length=10.0) for name in preset.load_names]
    strength: dict[str, float] = {}
    n_dofs = 0

    def solve(equivalent: DensityField, lesion: LabelMask | None, suffix: str) -> int:
        converted = preset.to_law_density(equivalent, patient.femur).density
        mapped = map_elasticity(
            converted, patient.femur, mesh, preset.law, nu=preset.nu, lesion=lesion
        )
        results = solve_linear(mesh, mapped.elastic, loads)
        for load, result in zip(loads, results, strict=True):
            found = evaluate_strength(mesh, frame, result, load, preset.criterion, bone=mapped.bone)
            strength[load.name + suffix] = round(found.failure_load_N, 1)
        return results[0].statistics.n_dofs

    n_dofs = solve(density, patient.lesion, "")
    solve(heal(density, patient.femur, patient.lesion).density, None, "@healed")
    return MeshResult(
        edge_length_mm=edge_length,
        n_dofs=n_dofs,
        seconds=round(time.perf_counter() - start, 1),
        strength_N=strength,
    )


def extrapolate(results: list[MeshResult]) -> dict[str, float]:
    """Return each strength at edge length zero, from the meshes that are not too coarse."""
    fitted = [result for result in results if result.edge_length_mm <= COARSEST_FITTED]
    squared = np.array([result.edge_length_mm**2 for result in fitted])
    return {
        name: round(
            float(np.polyfit(squared, [result.strength_N[name] for result in fitted], 1)[1]), 1
        )
        for name in fitted[0].strength_N
    }


def table(results: list[MeshResult], limit: dict[str, float]) -> str:
    """Return strengths and their errors as a Markdown table."""
    names = list(limit)
    lines = [
        "| edge, mm | unknowns | " + " | ".join(f"{name}, N (error)" for name in names) + " | s |",
        "|---" * (len(names) + 3) + "|",
    ]
    for result in results:
        cells = [
            f"{result.strength_N[name]:.0f} ({result.strength_N[name] / limit[name] - 1.0:+.1%})"
            for name in names
        ]
        mark = " (default)" if result.edge_length_mm == DEFAULT_EDGE else ""
        lines.append(
            f"| {result.edge_length_mm:g}{mark} | {result.n_dofs} | "
            + " | ".join(cells)
            + f" | {result.seconds:.0f} |"
        )
    cells = " | ".join(f"{limit[name]:.0f}" for name in names)
    return "\n".join([*lines, f"| extrapolated | | {cells} | |"])


if __name__ == "__main__":
    sys.exit(main())
