"""The truth about a virtual patient as a row of a table."""

import numpy as np

from femur_risk.virtual.patient import ScannedPatient

__all__ = ["truth_row"]


def truth_row(patient: ScannedPatient) -> dict[str, str | float | None]:
    """Return anatomy, lesion, protocol and line by column, with units in the names.

    What the lesion is, is empty without one. Of persons and anatomies it counts those that were
    drawn before and have no femur of the shape model, of voxels those beyond what the image can
    store. The persons' facts are those of `clinical_row`.
    """
    anatomy, settings = patient.bone.shape.anatomy, patient.settings
    lesion, site = patient.lesion, patient.site
    line = patient.scan.true_line("CaHA")
    noise = settings.noise
    row: dict[str, str | float | None] = {
        "femur_length_mm": anatomy.length,
        "head_radius_mm": anatomy.head_radius,
        "neck_length_mm": anatomy.neck_length,
        "neck_shaft_angle_deg": float(np.rad2deg(anatomy.neck_shaft_angle)),
        "anteversion_deg": float(np.rad2deg(anatomy.anteversion)),
        "shaft_diameter_mm": anatomy.shaft_diameter,
        "lesion_kind": None if lesion is None else lesion.kind,
        "lesion_site": None if site is None else site.name,
        "lesion_diameter_mm": None if lesion is None else lesion.diameter,
        "tube_voltage_kV": settings.tube.voltage_kV,
        "kernel": settings.kernel.name,
        "slice_thickness_mm": settings.slice_thickness_mm,
        "noise_HU": None if noise is None else noise.deviation_HU,
        "true_slope_g_per_cm3_per_HU": line.slope,
        "true_intercept_g_per_cm3": line.intercept,
        "persons_refused": patient.person.n_refused,
        "anatomies_refused": patient.bone.shape.n_refused,
        "voxels_clipped": patient.scan.n_clipped,
    }
    return {f"simulated_{name}": value for name, value in row.items()}
