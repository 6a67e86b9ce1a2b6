"""Strength of the virtual femur against the edge length of its mesh, for every preset.

    uv run python benchmarks/accuracy/mesh.py [--presets NAMES] [--element hex8]
        [--edges 4 3 2.5 2 1.5] [--around] [--out FILE]

The default mesh of each preset is among them, whatever edges are asked for. What is too coarse is
seen with --presets bologna --edges 5 6 8 10, and with --element tet4 or hex8. One mesh may be a
lucky one: --around adds four whose edges lie within a tenth of the default, and mean and standard
deviation of the error are those of all meshes so near. For hex8 they place the lattice differently
in the bone as well.

Each point is a whole run, with the lesion and without it ("@healed"), in a process of its own. It
is added to the file when it has ended; a point that the file holds is not computed again, so an
interrupted study goes on where it was. Each mesh says when and with which version it was measured.
Delete the file to begin anew.

The value for an infinitely fine mesh is extrapolated from all meshes of at most 4 mm by a straight
line in the square of the edge length, because strength scatters by a percent or two from mesh to
mesh and fewer points would fit that. Errors of all meshes are counted against it, those of other
elements against the value for tet10, in mesh.json.
"""

import argparse
import json
import multiprocessing
import sys
import tempfile
import time
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict
from pathlib import Path
from typing import Any

from mesh_errors import Limits, Point, heading, tabulate

from benchmarks.machine import write_results
from femur_fea.io import write_image
from femur_fea.presets import PRESETS
from femur_risk.config import RunConfig, resolve_config
from femur_risk.pipeline import layout, run_case
from femur_risk.pipeline.versions import installed_versions
from meshing.handmade import handmade_patient

ROOT = Path(__file__).resolve().parents[2]
EDGES = (4.0, 3.0, 2.5, 2.0, 1.5)  # mm
AROUND = (0.93, 0.97, 1.03, 1.07)  # of the default edge length
STAGES = ("mesh", "fe", "fe@healed")
RESULTS = ROOT / "benchmarks/results"
MARK = {"tet4": "_tet4", "hex8": "_hex8"}  # in the name of the file; tet10 is the default


def main() -> int:
    """Compute the points that are missing and write the JSON file after each."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--presets", nargs="+", choices=[*PRESETS], default=[*PRESETS])
    parser.add_argument("--edges", type=float, nargs="+", default=EDGES)
    parser.add_argument("--around", action="store_true")
    parser.add_argument("--element", choices=("tet10", "tet4", "hex8"), default="tet10")
    parser.add_argument("--out", type=Path, help="benchmarks/results/mesh[_<element>].json")
    options = parser.parse_args()
    out = options.out or RESULTS / f"mesh{MARK.get(options.element, '')}.json"
    points = read(out)
    done = {(point.preset, point.edge_length_mm) for point in points}
    limits = {} if options.element == "tet10" else read_limits(RESULTS / "mesh.json")
    for name in options.presets:
        default = PRESETS[name].edge_length_mm
        near = [round(factor * default, 2) for factor in AROUND] if options.around else []
        for edge in dict.fromkeys((*options.edges, default, *near)):
            if (name, edge) not in done:
                points.append(in_new_process(name, options.element, edge))
                write(out, points, limits)
                print(points[-1], file=sys.stderr, flush=True)
    write(out, points, limits)
    print(json.dumps(tabulate(points, limits), indent=2))
    return 0


def in_new_process(preset_name: str, element: str, edge_length: float) -> Point:
    """Return one point, measured in a process of its own, so that its memory is its own."""
    spawn = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(max_workers=1, mp_context=spawn) as pool:
        return pool.submit(measure, preset_name, element, edge_length).result()


def _settings(folder: Path, preset_name: str, element: str, edge_length: float) -> RunConfig:
    """Write the scan of the virtual femur and return how it is to be solved."""
    patient = handmade_patient(seed=0)
    images = {
        "ct": (patient.ct.grid, patient.ct.hu),
        "femur": (patient.femur.grid, patient.femur.inside),
        "lesion": (patient.lesion.grid, patient.lesion.inside),
    }
    for name, image in images.items():
        write_image(folder / f"{name}.nii.gz", *image)
    return resolve_config(
        {
            "input": {
                **{name: str(folder / f"{name}.nii.gz") for name in images},
                "side": patient.side,
                "simulated": True,
            },
            "calibration": {
                "method": "fixed",
                "slope_g_per_cm3_per_HU": patient.hu_slope,
                "intercept_g_per_cm3": patient.hu_intercept,
                "phantom_density": PRESETS[preset_name].density_kind,
            },
            "preset": {"name": preset_name},
            "mesh": {"element": element, "edge_length_mm": edge_length},
        },
        {},
    )


def measure(preset_name: str, element: str, edge_length: float) -> Point:
    """Run the virtual patient up to strength."""
    with tempfile.TemporaryDirectory() as folder:
        config = _settings(Path(folder), preset_name, element, edge_length)
        case = run_case(config, Path(folder), goal="strength", listener=lambda _: None)
        loads = read_json(case / layout.STRENGTH)["loads"]
        stages = read_json(case / layout.MANIFEST)["stages"]
    healed = {f"{name}@healed": load["healed_strength_N"] for name, load in loads.items()}
    strength = {name: load["strength_N"] for name, load in loads.items()} | healed
    return Point(
        preset=preset_name,
        edge_length_mm=edge_length,
        n_dofs=max(load["solver"]["n_dofs"] for load in loads.values()),
        seconds=round(sum(stages[name]["seconds"] for name in STAGES), 1),
        peak_memory_MB=round(max(stage["peak_memory_MB"] for stage in stages.values())),
        date=time.strftime("%Y-%m-%d"),
        femur_fea=installed_versions()["femur-fea"],
        strength_N={name: round(force, 1) for name, force in strength.items()},
    )


def read_json(path: Path) -> dict[str, Any]:
    """Return the content of a JSON file."""
    content: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return content


def read(path: Path) -> list[Point]:
    """Return the points of a file, none if there is no file."""
    if not path.exists():
        return []
    content = read_json(path)
    return [
        Point(
            **{"date": None, "femur_fea": None, **row},
            strength_N={
                strength["load"]: strength["strength_N"][heading(row["edge_length_mm"])]
                for strength in content["strengths"]
                if strength["preset"] == row["preset"]
            },
        )
        for row in content["meshes"]
    ]


def read_limits(path: Path) -> Limits:
    """Return the extrapolated strengths of a file."""
    return {
        (row["preset"], row["load"]): row["extrapolated_N"] for row in read_json(path)["strengths"]
    }


def write(path: Path, points: Sequence[Point], limits: Limits) -> None:
    """Write all points and what follows from them."""
    meshes = [asdict(point) for point in points]
    for row in meshes:
        del row["strength_N"]
    write_results(path, {"strengths": tabulate(points, limits), "meshes": meshes})


if __name__ == "__main__":
    sys.exit(main())
