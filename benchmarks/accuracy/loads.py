"""Strength of the virtual femur under every load, and how much shaft the loads of the hip need.

    uv run python benchmarks/accuracy/loads.py [--edge 4] [--out FILE]

Preset `bologna`, with the lesion and without it. The second table cuts the shaft of the
lesion-free femur off, so that the support of 10 mm begins that far below the lesser trochanter, or
above it where the number is negative; the frame stays that of the whole femur, so that only the
support moves.
"""

import argparse
import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.machine import write_results
from benchmarks.strengths import FIXED_LENGTH, strengths
from calibration import apply_curve, fixed_line
from femur_fea.domain import (
    BoneMesh,
    DensityField,
    FemoralFrame,
    LabelMask,
    StrengthResult,
)
from femur_fea.loads import LOAD_CASES, LOAD_FAMILIES, LoadDefinition
from femur_fea.mapping import heal, map_elasticity
from femur_fea.presets import PRESETS
from meshing import mesh_mask
from meshing.anatomy import find_frame
from meshing.handmade import handmade_patient

ROOT = Path(__file__).resolve().parents[2]
PRESET = PRESETS["bologna"]
FREE_SHAFT = (-30.0, -20.0, -10.0, 0.0, 10.0, 20.0, 40.0, 80.0, 120.0)  # mm
CUT_LOADS = ("stance", "stairs_up", "axial", "fall")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Bone:
    """A mask, its density and its mesh, with the frame of the whole femur."""

    mask: LabelMask
    density: DensityField
    mesh: BoneMesh
    frame: FemoralFrame


def main() -> int:
    """Measure, print and write the JSON file."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--edge", type=float, default=4.0)
    parser.add_argument("--out", type=Path, default=ROOT / "benchmarks/results/loads.json")
    options = parser.parse_args()
    content = {
        "edge_length_mm": options.edge,
        "preset": PRESET.name,
        **measure(options.edge),
    }
    write_results(options.out, content)
    print(json.dumps({key: content[key] for key in ("strength", "free_shaft")}, indent=1))
    return 0


def measure(edge: float) -> dict[str, Any]:
    """Return the two tables."""
    patient = handmade_patient()
    line = fixed_line(patient.hu_slope, patient.hu_intercept, PRESET.density_kind)
    density = apply_curve(patient.ct, line)
    healed = heal(density, patient.femur, patient.lesion).density
    mesh = mesh_mask(patient.femur, edge_length=edge, kind="tet10", side=patient.side)
    frame = find_frame(mesh.surface, patient.side)
    whole = Bone(mask=patient.femur, density=density, mesh=mesh, frame=frame)
    twin = Bone(mask=patient.femur, density=healed, mesh=mesh, frame=frame)
    return {
        "strength": by_load(whole, patient.lesion, twin),
        "free_shaft": by_free_shaft(twin, edge),
    }


def by_load(bone: Bone, lesion: LabelMask, twin: Bone) -> dict[str, dict[str, Any]]:
    """Return strength under every load, of a family in the weakest direction."""
    groups: dict[str, Sequence[LoadDefinition]] = {
        **{name: [load] for name, load in LOAD_CASES.items()},
        **{name: family.members for name, family in LOAD_FAMILIES.items()},
    }
    records = [record for group in groups.values() for record in group]
    found = strengths_of(bone, records, lesion=lesion)
    healed = strengths_of(twin, records, lesion=None)
    rows = {}
    for name, group in groups.items():
        weakest = min((found[each.name] for each in group), key=lambda each: each.failure_load)
        without = min(healed[each.name].failure_load for each in group)
        scale, unit = (1e-3, "N m") if weakest.quantity == "moment" else (1.0, "N")
        rows[name] = {
            "unit": unit,
            "strength": round(scale * weakest.failure_load),
            "without_lesion": round(scale * without),
            "loss_percent": round(100.0 * (1.0 - weakest.failure_load / without), 1),
            "first_yield": round(scale * weakest.first_yield_load),
            "stiffness_per_mm_or_rad": round(scale * weakest.stiffness),
            "weakest_site": f"{weakest.weakest_site.region}, {weakest.weakest_site.mode}",
            "direction": weakest.load if len(group) > 1 else "",
        }
    return rows


def by_free_shaft(twin: Bone, edge: float) -> dict[str, dict[str, Any]]:
    """Return strength against the length of shaft between lesser trochanter and support, N."""
    records = [LOAD_CASES[name] for name in CUT_LOADS]
    rows = {}
    for free in FREE_SHAFT:
        bone = cut(twin, free + FIXED_LENGTH, edge)
        found = strengths_of(bone, records, lesion=None)
        rows[f"{free:g} mm"] = {
            f"{name}_N": round(result.failure_load_N) for name, result in found.items()
        } | {f"{name}_site": result.weakest_site.region for name, result in found.items()}
    return rows


def cut(bone: Bone, length: float, edge: float) -> Bone:
    """Return a bone cut off a length below the lesser trochanter, across the shaft."""
    grid = bone.mask.grid
    index = np.moveaxis(np.indices(grid.shape), 0, -1).reshape(-1, 3).astype(float)
    along = (grid.to_world(index) - bone.frame.lesser_trochanter) @ bone.frame.axes[2]
    inside = bone.mask.inside & (along.reshape(grid.shape) > -length)
    mask = LabelMask(grid=grid, inside=inside)
    mesh = mesh_mask(mask, edge_length=edge, kind="tet10", side=bone.frame.side)
    return Bone(mask=mask, density=bone.density, mesh=mesh, frame=bone.frame)


def strengths_of(
    bone: Bone, records: Sequence[LoadDefinition], *, lesion: LabelMask | None
) -> Mapping[str, StrengthResult]:
    """Return the strength under every load by its name."""
    converted = PRESET.to_law_density(bone.density, bone.mask).density
    mapped = map_elasticity(
        converted, bone.mask, bone.mesh, PRESET.law, nu=PRESET.nu, lesion=lesion
    )
    return strengths(PRESET, bone.mesh, bone.frame, mapped.elastic, records, bone=mapped.bone)


if __name__ == "__main__":
    sys.exit(main())
