"""What becomes of strength between the true density of a bone and its image, method by method.

    uv run python benchmarks/accuracy/mapping.py [--edge 4] [--out FILE]

A virtual femur without lesion is drawn on a fine grid, which is the truth, and scanned: blurred,
averaged over the thickness of a slice, sampled at the voxels, with noise. Masks lie on the true
surface, or half a voxel and a voxel outside and inside it. For each mask and way of mapping the
strength in stance and fall is compared with that of the true surface filled with the true density
at the integration points. `restored`: the blur of the cortex was undone first. Preset `bologna`;
two thicknesses of the cortex.
"""

import argparse
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from scipy import ndimage

from benchmarks.machine import write_results
from benchmarks.strengths import strengths
from femur_fea.domain import (
    BoneMesh,
    DensityField,
    ElasticField,
    FloatArray,
    ImageGrid,
    LabelMask,
    integration_points,
)
from femur_fea.loads import LOAD_CASES
from femur_fea.mapping import MODULUS_FLOOR_MPA, MappingSettings, map_elasticity
from femur_fea.mapping.sampling import interpolate
from femur_fea.presets import PRESETS
from femur_fea.restoration import RestorationSettings, restore_cortex
from meshing import mesh_mask
from meshing.anatomy import find_frame
from meshing.handmade.density import bone_density
from meshing.handmade.geometry import femur_distance
from meshing.handmade.scan import blend

ROOT = Path(__file__).resolve().parents[2]
PRESET = PRESETS["bologna"]
LOADS = ("stance", "fall")

SPACING = np.array([0.9, 0.9, 1.5])  # mm: voxels of the scan
FINER = (2, 2, 3)  # samples of the truth in a voxel
FIRST, LAST = np.array([-72.0, -46.0, -170.0]), np.array([36.0, 46.0, 36.0])  # mm
BLUR, NOISE, MUSCLE = 0.65, 12.0, 50.0  # mm, HU, HU: those of the virtual patient
SLOPE, INTERCEPT = 0.00079, -0.004  # g/cm3 CaHA per HU, and at 0 HU

THICKENING = {"1 to 6 mm": 1.0, "1.7 to 10 mm": 1.7}  # thickness of the cortex
OFFSETS = (0.0, 0.45, 0.9, -0.45, -0.9)  # mm: mask outside the true surface
WAYS = {
    "points": MappingSettings(method="points", edge_voxels=0),
    "points edge 1": MappingSettings(method="points", edge_voxels=1),
    "points edge 2": MappingSettings(method="points", edge_voxels=2),
    "cell average": MappingSettings(method="cell_average", edge_voxels=0),
    "cell average edge 1": MappingSettings(method="cell_average", edge_voxels=1),
}
RESTORED = {
    "points restored": MappingSettings(method="points", edge_voxels=1),
    "cell average restored": MappingSettings(method="cell_average", edge_voxels=1),
}


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Scan:
    """A scanned bone and what it was before."""

    image: DensityField
    distance: FloatArray  # mm from the true surface, at the voxels; negative inside
    truth: DensityField


def main() -> int:
    """Measure and write the JSON file."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--edge", type=float, default=4.0)
    parser.add_argument("--out", type=Path, default=ROOT / "benchmarks/results/mapping.json")
    options = parser.parse_args()
    true, errors = [], []
    for cortex, thickening in THICKENING.items():
        strength_N, of_masks = measure(scan_femur(thickening), options.edge)
        true.append({"cortex": cortex, **strength_N})
        errors += [{"cortex": cortex, **row} for row in of_masks]
    content = {
        "edge_length_mm": options.edge,
        "preset": PRESET.name,
        "true_strength_N": true,
        "relative_error": errors,
    }
    print(write_results(options.out, content))
    return 0


def scan_femur(thickening: float) -> Scan:
    """Return a scan of the virtual right femur, drawn anew on a fine grid."""
    shape = tuple(int(n) for n in np.ceil((LAST - FIRST) / SPACING))
    fine_shape = tuple((n - 1) * f + 1 for n, f in zip(shape, FINER, strict=True))
    fine = _grid(fine_shape, SPACING / FINER)
    index = np.moveaxis(np.indices(fine.shape, dtype=np.float32), 0, -1)
    world = index * fine.spacing.astype(np.float32) + FIRST.astype(np.float32)
    local = world * np.float32([-1.0, -1.0, 1.0])  # lateral and anterior of a right femur
    distance = femur_distance(local)
    rho = bone_density(local, distance, np.random.default_rng(3), thickening=thickening)
    hu = blend(np.full(distance.shape, MUSCLE, np.float32), (rho - INTERCEPT) / SLOPE, distance)
    at_voxels = tuple(slice(None, None, step) for step in FINER)
    seen = _scanned(hu, fine.spacing)[at_voxels]
    image = SLOPE * np.rint(seen + _noise(seen.shape)) + INTERCEPT
    return Scan(
        image=DensityField(grid=_grid(shape, SPACING), rho=image.astype(np.float32), kind="CaHA"),
        distance=distance[at_voxels],
        truth=DensityField(grid=fine, rho=rho, kind="CaHA"),
    )


def _grid(shape: tuple[int, ...], spacing: FloatArray) -> ImageGrid:
    affine = np.diag([*spacing, 1.0])
    affine[:3, 3] = FIRST
    i, j, k = shape
    return ImageGrid(shape=(i, j, k), affine=affine)


def _scanned(hu: FloatArray, spacing: FloatArray) -> FloatArray:
    blurred = ndimage.gaussian_filter(hu, BLUR / spacing, truncate=3.0)
    return np.asarray(ndimage.uniform_filter1d(blurred, FINER[2], axis=2))


def _noise(shape: tuple[int, ...]) -> FloatArray:
    noise = np.random.default_rng(4).standard_normal(shape, dtype=np.float32)
    noise = ndimage.gaussian_filter(noise, (0.6, 0.6, 0.0))
    return np.asarray(noise * (NOISE / noise.std()))


def measure(scan: Scan, edge: float) -> tuple[dict[str, float], list[dict[str, Any]]]:
    """Return the true strength by load, and of each mask the relative errors by way and load."""
    true: dict[str, float] = {}
    rows = []
    for offset in OFFSETS:
        femur = LabelMask(grid=scan.image.grid, inside=scan.distance < offset)
        mesh = mesh_mask(femur, edge_length=edge, kind="tet10", side="right")
        if not true:
            true = strength(mesh, true_elasticity(scan.truth, mesh))
        restored = restore_cortex(
            scan.image, femur, RestorationSettings(slice_thickness=float(SPACING[2]))
        )
        found = {
            **by_way(mesh, scan.image, femur, WAYS),
            **by_way(mesh, restored.density, restored.femur, RESTORED),
        }
        errors = {
            way: {load: round(now[load] / true[load] - 1.0, 4) for load in LOADS}
            for way, now in found.items()
        }
        rows.append({"mask_outside_mm": offset, **errors})
    return true, rows


def by_way(
    mesh: BoneMesh, image: DensityField, femur: LabelMask, ways: Mapping[str, MappingSettings]
) -> dict[str, dict[str, float]]:
    """Return the strength by way of mapping and load, N."""
    density = PRESET.to_law_density(image, femur).density
    found = {}
    for way, settings in ways.items():
        mapped = map_elasticity(density, femur, mesh, PRESET.law, nu=PRESET.nu, settings=settings)
        found[way] = strength(mesh, mapped.elastic)
    return found


def true_elasticity(truth: DensityField, mesh: BoneMesh) -> ElasticField:
    """Return the elasticity of the true density at the integration points."""
    everywhere = LabelMask(grid=truth.grid, inside=np.ones(truth.grid.shape, dtype=bool))
    density = PRESET.to_law_density(truth, everywhere).density
    points = integration_points(mesh)
    rho = interpolate(density.rho, density.grid.to_index(points.reshape(-1, 3)))
    E_modulus = PRESET.law.value(rho.reshape(points.shape[:2]))
    return ElasticField(E_modulus=np.maximum(E_modulus, MODULUS_FLOOR_MPA), nu=PRESET.nu)


def strength(mesh: BoneMesh, elastic: ElasticField) -> dict[str, float]:
    """Return the strength under the loads of the study, N."""
    frame = find_frame(mesh.surface, "right")
    records = [LOAD_CASES[name] for name in LOADS]
    bone = np.ones(mesh.n_cells, dtype=bool)
    found = strengths(PRESET, mesh, frame, elastic, records, bone=bone)
    return {name: round(result.failure_load_N, 1) for name, result in found.items()}


if __name__ == "__main__":
    sys.exit(main())
