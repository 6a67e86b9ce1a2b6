"""How well thickness, mineral and density of a thin cortex come back from a blurred scan.

    uv run python benchmarks/accuracy/cortex.py [--out FILE]

Tubes of compact bone with walls of 1 to 5 mm are scanned with point spreads of 0.5 to 3 mm full
width at half maximum, voxels of 0.8 x 0.8 x 1 mm and noise. `known`: point spread and density of
the wall are given. `measured`: they come from a thick wall in the other half of the same tube; null
where that is too thin for the blur. What the image alone would say stands beside: the width of the
wall at half its height, and the highest density in it. The error of a femur's strength is measured
by mapping.py.
"""

import argparse
import sys
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.machine import write_results
from femur_fea.domain import FloatArray
from femur_fea.errors import CortexError
from femur_fea.restoration import (
    FWHM_PER_SD,
    CorticalScan,
    RestorationSettings,
    SurfaceSites,
    find_layers,
    measure_scan,
    sample_profiles,
    surface_sites,
)
from meshing.handmade.tube import ScannedTube, scanned_tube

ROOT = Path(__file__).resolve().parents[2]
SPACING = (0.8, 0.8, 1.0)  # mm
NOISE, CORTEX, MARROW, MUSCLE = 0.01, 1.15, 0.1, 0.04  # g/cm3
WALLS = (1.0, 1.5, 2.0, 3.0, 4.0, 5.0)  # mm
FWHM = (0.5, 1.0, 1.5, 2.0, 3.0)  # mm
THICK = 7.0  # mm: the wall that blur and density are measured at
HEIGHT, AWAY = 32.0, 6.0  # mm: of the tube; from its middle and ends where nothing is read


def main() -> int:
    """Measure and write the JSON file."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=ROOT / "benchmarks/results/cortex.json")
    options = parser.parse_args()
    rows = [measure(wall, fwhm) for fwhm in FWHM for wall in WALLS]
    content = {
        "spacing_mm": SPACING,
        "noise_g_per_cm3": NOISE,
        "cortical_density_g_per_cm3": CORTEX,
        "tubes": rows,
    }
    print(write_results(options.out, content))
    return 0


def measure(wall: float, fwhm: float) -> dict[str, Any]:
    """Return what one tube gives, with the errors of thickness and mineral."""
    tube = scanned_tube(
        lambda z: np.where(z < 0.0, THICK, wall),
        blur=fwhm / FWHM_PER_SD,
        spacing=SPACING,
        noise=NOISE,
        rng=np.random.default_rng(7),
        height=HEIGHT,
        cortex=CORTEX,
        marrow=MARROW,
        muscle=MUSCLE,
    )
    sites = surface_sites(tube.bone)
    known = RestorationSettings(blur=fwhm / FWHM_PER_SD, cortical_density=CORTEX)
    return {
        "wall_mm": wall,
        "fwhm_mm": fwhm,
        "image": _in_the_image(tube, sites),
        "known": _errors(tube, sites, measure_scan(tube.image, sites, known), wall),
        "measured": _measured(tube, sites, wall),
    }


def _measured(tube: ScannedTube, sites: SurfaceSites, wall: float) -> dict[str, float] | None:
    """Return the errors where the scan is measured as well; None where its blur is too wide."""
    try:
        scan = measure_scan(tube.image, sites, RestorationSettings())
    except CortexError:
        return None
    return {
        "fwhm_mm": round(scan.blur * FWHM_PER_SD, 3),
        "cortical_density_g_per_cm3": round(scan.cortex, 4),
        **_errors(tube, sites, scan, wall),
    }


def _thin_part(sites: SurfaceSites) -> FloatArray:
    z = sites.points[:, 2]
    return np.asarray((z > AWAY) & (z < 0.5 * HEIGHT - AWAY))


def _errors(
    tube: ScannedTube, sites: SurfaceSites, scan: CorticalScan, wall: float
) -> dict[str, float]:
    layer, sound, _ = find_layers(tube.image, sites, scan, RestorationSettings())
    chosen = _thin_part(sites) & sound
    error = layer.thickness[chosen] - wall
    mineral = (layer.cortex - MARROW)[chosen] * layer.thickness[chosen]
    return {
        "thickness_error_mm": round(float(error.mean()), 4),
        "thickness_scatter_mm": round(float(error.std()), 4),
        "mineral_error_fraction": round(
            float(mineral.mean() / ((CORTEX - MARROW) * wall) - 1.0), 4
        ),
        "fitted_fraction": round(float(chosen.sum() / _thin_part(sites).sum()), 4),
    }


def _in_the_image(tube: ScannedTube, sites: SurfaceSites) -> dict[str, float]:
    """Return the peak of the mean profile and its width at half the height over the marrow."""
    depth = np.arange(-6.0, 9.0, 0.05)
    chosen = _thin_part(sites)
    there = SurfaceSites(points=sites.points[chosen], inward=sites.inward[chosen])
    profile = sample_profiles(tube.image, there, depth).mean(axis=0)
    half = 0.5 * (profile.max() + MARROW)
    return {
        "peak_density_g_per_cm3": round(float(profile.max()), 4),
        "width_at_half_height_mm": round(float(np.count_nonzero(profile > half) * 0.05), 3),
    }


if __name__ == "__main__":
    sys.exit(main())
