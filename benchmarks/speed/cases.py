"""A cohort of cases that are cheap: one virtual scan made coarse, with another noise in each."""

import csv
from pathlib import Path

import numpy as np

from femur_fea.domain import ImageGrid
from femur_fea.io import write_image
from meshing.handmade import handmade_patient

__all__ = ["FAULTS", "write_cohort"]

FAULTS = ("no scan", "scan cut short", "mask of another grid", "wrong side", "empty mask")
_COARSE = (3, 3, 2)  # voxels of the demonstration in one of these
_LESION_EVERY = 4  # cases: one has a lesion
_NOISE = 15.0  # HU, added to each case


def write_cohort(folder: Path, n: int, *, faults: bool) -> Path:
    """Write `n` cases and their table; with `faults`, the last five cannot be analysed."""
    patient = handmade_patient(seed=0)
    grid, hu = _coarser(patient.ct.grid, np.asarray(patient.ct.hu, dtype=float))
    femur, lesion = (
        _coarser(each.grid, each.inside.astype(float))[1] > 0.5
        for each in (patient.femur, patient.lesion)
    )
    rows = []
    for k, rng in enumerate(np.random.default_rng(1).spawn(n)):
        place = folder / f"case-{k:03d}"
        noisy = np.rint(hu + rng.normal(0.0, _NOISE, hu.shape)).astype(np.int16)
        write_image(place / "ct.nii.gz", grid, noisy)
        write_image(place / "femur.nii.gz", grid, femur)
        has_lesion = k % _LESION_EVERY == 0
        if has_lesion:
            write_image(place / "lesion.nii.gz", grid, lesion)
        rows.append(
            {
                "case_id": place.name,
                **{name: f"{place.name}/{name}.nii.gz" for name in ("ct", "femur")},
                "lesion": f"{place.name}/lesion.nii.gz" if has_lesion else "",
                "side": patient.side,
                "mass_kg": 60.0 + k % 40,
                "simulated": "true",
                "calibration.method": "fixed",
                "calibration.slope_g_per_cm3_per_HU": patient.hu_slope,
                "calibration.intercept_g_per_cm3": patient.hu_intercept,
                "calibration.phantom_density": "CaHA",
                "calibration.relative_uncertainty": 0.0,
            }
        )
    if faults:
        _plant(folder, rows[-len(FAULTS) :], grid)
    table = folder / "COHORT.csv"
    with table.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, rows[0])
        writer.writeheader()
        writer.writerows(rows)
    return table


def _plant(folder: Path, rows: list[dict[str, object]], grid: ImageGrid) -> None:
    """Spoil one case for each fault, in their order."""
    absent, short, shifted, sided, empty = rows
    (folder / str(absent["ct"])).unlink()
    scan = folder / str(short["ct"])
    scan.write_bytes(scan.read_bytes()[:50_000])
    affine = grid.affine.copy()
    affine[0, 3] += 7.0
    other = ImageGrid(shape=grid.shape, affine=affine)
    write_image(folder / str(shifted["femur"]), other, np.ones(grid.shape, dtype=bool))
    sided["side"] = "left"
    write_image(folder / str(empty["femur"]), grid, np.zeros(grid.shape, dtype=bool))


def _coarser(grid: ImageGrid, values: np.ndarray) -> tuple[ImageGrid, np.ndarray]:
    """Return the means over blocks of voxels, on their grid."""
    shape = [n // step for n, step in zip(grid.shape, _COARSE, strict=True)]
    cut = values[tuple(slice(n * step) for n, step in zip(shape, _COARSE, strict=True))]
    blocks = cut.reshape(shape[0], _COARSE[0], shape[1], _COARSE[1], shape[2], _COARSE[2])
    affine = grid.affine.copy()
    affine[:3, 3] += affine[:3, :3] @ (0.5 * (np.array(_COARSE) - 1.0))
    affine[:3, :3] *= _COARSE
    coarse = ImageGrid(shape=(shape[0], shape[1], shape[2]), affine=affine)
    return coarse, blocks.mean(axis=(1, 3, 5))
