"""Whether calibrations recover the line of a simulated scanner, at every tube voltage.

    uv run python benchmarks/accuracy/virtual_ct.py [--out FILE]

The virtual femur of the demonstration and its mirror image lie in a body with pelvis and couch. The
scanner gives air, fat, muscle and rods the CT numbers of their attenuation at the mean effective
energy of each voltage; no method is told that energy, nor the true line. Scans of 1.3 x 1.3 x 3 mm
with 20 HU of noise are made without artefacts, with beam hardening, and with a prosthesis on the
other side. Of every line: its slope over the true one, and how far its density is off at CT numbers
of spongy and of hard bone, also in its own standard errors (1.6 of which bound the 90 % interval).
An error is null where the method refuses the scan.
"""

import argparse
import json
import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from calibration import (
    PHANTOMS,
    Calibration,
    air_fat_muscle,
    apply_curve,
    calibrate_with_phantom,
    fixed_line,
    multi_tissue,
    tissues_of_scan,
)
from femur_fea.errors import CalibrationError
from femur_risk.scanner import (
    Anatomy,
    BeamHardening,
    FieldOfView,
    MetalArtefact,
    Noise,
    PlacedPhantom,
    ScannedBone,
    ScannerSettings,
    SimulatedScan,
    mirrored,
    prosthesis,
    simulate_scan,
    tube_at,
)
from meshing.handmade import handmade_patient

ROOT = Path(__file__).resolve().parents[2]
HEAD = np.array([-88.0, -6.0, 0.0])  # mm, of the demonstration femur
HEAD_RADIUS = 24.0  # mm
VOLTAGES = (80.0, 100.0, 120.0, 140.0)
SPONGY_HU, HARD_HU = 250.0, 1000.0
MATRIX, SLICES = 320, 3.0  # samples over 420 mm; mm
NOISE_HU = 20.0


def main() -> int:
    """Measure and write the JSON file."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=ROOT / "benchmarks/results/virtual_ct.json")
    options = parser.parse_args()
    bone = femur()
    rows = [row for case in cases(bone) for row in recovered(*case)]
    content = {"lines": rows, "large_scan": large_scan(bone)}
    options.out.parent.mkdir(parents=True, exist_ok=True)
    options.out.write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")
    print(json.dumps(content, indent=2))
    return 0


def femur() -> ScannedBone:
    """Return the femur of the demonstration with its lesion."""
    patient = handmade_patient(seed=0)
    line = fixed_line(patient.hu_slope, patient.hu_intercept, "CaHA")
    return ScannedBone(
        density=apply_curve(patient.ct, line),
        femur=patient.femur,
        lesion=patient.lesion,
        head_centre=HEAD,
        head_radius=HEAD_RADIUS,
        side=patient.side,
    )


def cases(bone: ScannedBone) -> list[tuple[str, Anatomy, ScannerSettings]]:
    """Return what is scanned, and how, by name."""
    other = mirrored(bone, 0.0)
    phantom = PlacedPhantom(phantom=PHANTOMS["mindways_model_3_ct"])
    whole = Anatomy(bones=(bone, other), phantom=phantom)
    metal = Anatomy(bones=(bone, other), phantom=phantom, metal=prosthesis(other))
    return [
        *(("none", whole, protocol(voltage)) for voltage in VOLTAGES),
        *(
            ("beam hardening", whole, protocol(voltage, hardening=BeamHardening()))
            for voltage in (80.0, 120.0)
        ),
        (
            "prosthesis",
            metal,
            protocol(120.0, hardening=BeamHardening(), metal=MetalArtefact()),
        ),
    ]


def protocol(voltage: float, **faults: Any) -> ScannerSettings:
    """Return the settings of a scan."""
    return ScannerSettings(
        tube=tube_at(voltage),
        view=FieldOfView(diameter_mm=420.0, matrix=MATRIX, slice_spacing_mm=SLICES),
        slice_thickness_mm=SLICES,
        noise=Noise(deviation_HU=NOISE_HU),
        **faults,
    )


def recovered(name: str, anatomy: Anatomy, settings: ScannerSettings) -> list[dict[str, Any]]:
    """Return how well each method recovers the line of one scan."""
    scan = simulate_scan(anatomy, settings, seed=int(settings.tube.voltage_kV))
    femur = scan.femora[0]
    methods: dict[str, Callable[[], Calibration]] = {
        "phantom": lambda: calibrate_with_phantom(scan.ct, PHANTOMS["mindways_model_3_ct"]),
        "air_fat_muscle": lambda: air_fat_muscle(scan.ct, femur),
        "multi_tissue": lambda: multi_tissue(scan.ct, "CaHA", tissues_of_scan(scan.ct, femur)),
    }
    return [
        {
            "tube_voltage_kV": settings.tube.voltage_kV,
            "artefacts": name,
            "method": method,
            **errors(scan, calibrate),
        }
        for method, calibrate in methods.items()
    ]


def errors(scan: SimulatedScan, calibrate: Callable[[], Calibration]) -> dict[str, Any]:
    """Return how far a line is off the true one of its mineral."""
    try:
        curve = calibrate().curve
    except CalibrationError as error:
        return {"refused": error.found}
    true = scan.true_line(curve.kind)
    at = np.array([SPONGY_HU, HARD_HU])
    off, error = curve.density(at) - true.density(at), curve.standard_error(at)
    if error is None:
        raise SystemExit("a fitted line without standard errors")
    return {
        "mineral": curve.kind,
        "true_slope_mg_per_cm3_per_HU": round(1e3 * true.slope, 4),
        "slope_error_percent": round(100.0 * (curve.slope / true.slope - 1.0), 2),
        f"error_at_{SPONGY_HU:.0f}_HU_g_per_cm3": round(float(off[0]), 4),
        f"error_at_{SPONGY_HU:.0f}_HU_standard_errors": round(float(off[0] / error[0]), 2),
        f"error_at_{HARD_HU:.0f}_HU_g_per_cm3": round(float(off[1]), 4),
        f"error_at_{HARD_HU:.0f}_HU_standard_errors": round(float(off[1] / error[1]), 2),
    }


def large_scan(bone: ScannedBone) -> dict[str, Any]:
    """Return time and memory of a scan of clinical size, without and with faults of rays."""
    anatomy = Anatomy(bones=(bone, mirrored(bone, 0.0)))
    view = FieldOfView(matrix=512, slice_spacing_mm=1.0)
    found: dict[str, Any] = {}
    for name, hardening in (("seconds", None), ("seconds_with_hardening", BeamHardening())):
        start = time.perf_counter()
        scan = simulate_scan(anatomy, ScannerSettings(view=view, hardening=hardening), seed=0)
        found[name] = round(time.perf_counter() - start, 1)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return {"voxels": list(scan.ct.grid.shape), **found, "peak_memory_GB": round(peak / 2**20, 2)}


if __name__ == "__main__":
    sys.exit(main())
