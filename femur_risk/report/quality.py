"""What is known of the scan, the calibration, the mesh and the bone, name by name."""

from femur_risk.report.amounts import percent, quantity, significant
from femur_risk.report.blocks import Fact, Facts
from femur_risk.report.content import (
    CalibrationSummary,
    MeshSummary,
    ReportContent,
    ScanSummary,
    ShapeSummary,
)
from femur_risk.report.outcome import RigiditySummary
from femur_risk.report.words import WORDS

__all__ = ["model_facts", "scan_facts"]


def scan_facts(content: ReportContent) -> tuple[Facts, ...]:
    """Return what is known of the scan and of its calibration."""
    return _known(
        (WORDS["scan"], _scan(content.scan)),
        (WORDS["calibration"], _calibration(content.calibration)),
    )


def model_facts(content: ReportContent) -> tuple[Facts, ...]:
    """Return what is known of the mesh, the bone and its sections."""
    return _known(
        (WORDS["mesh"], _mesh(content.mesh)),
        (WORDS["shape"], _shape(content.shape)),
        (WORDS["rigidity"], _rigidity(content.rigidity)),
    )


def _known(*groups: tuple[str, tuple[Fact, ...]]) -> tuple[Facts, ...]:
    known = [
        Facts(heading=heading, facts=tuple(f for f in facts if f.value != WORDS["none"]))
        for heading, facts in groups
    ]
    return tuple(group for group in known if group.facts)


def _scan(scan: ScanSummary) -> tuple[Fact, ...]:
    spacing = " x ".join(f"{s:.3g}" for s in scan.spacing_mm)
    facts = scan.acquisition
    contrast = {None: WORDS["unknown"], True: "given", False: "not given"}[facts.contrast_agent]
    scanner = " ".join(filter(None, (facts.manufacturer, facts.scanner_model)))
    return (
        Fact(name="Voxel spacing", value=f"{spacing} mm"),
        Fact(name="Slice thickness", value=quantity(facts.slice_thickness_mm, "mm")),
        Fact(name="Tube voltage", value=quantity(facts.tube_voltage_kV, "kV")),
        Fact(name="Filter in the beam", value=(facts.beam_filter or WORDS["none"]).lower()),
        Fact(name="Exposure", value=quantity(facts.exposure_mAs, "mAs")),
        Fact(name="Kernel", value=facts.kernel or WORDS["none"]),
        Fact(
            name="Reconstruction diameter", value=quantity(facts.reconstruction_diameter_mm, "mm")
        ),
        Fact(name="Gantry tilt", value=quantity(facts.gantry_tilt_deg, "degrees")),
        Fact(name="Contrast agent", value=contrast, is_alarming=bool(facts.contrast_agent)),
        Fact(name="Scanner", value=scanner or WORDS["none"]),
    )


def _calibration(calibration: CalibrationSummary) -> tuple[Fact, ...]:
    uncalibrated = calibration.label == "uncalibrated"
    return (
        Fact(name="Method", value=calibration.method),
        Fact(name="Label", value=calibration.label, is_alarming=uncalibrated),
        Fact(name="Line", value=_line(calibration)),
        Fact(name="Density uncertainty (1 SD)", value=_uncertainty(calibration)),
        Fact(name="Voxels with negative density, set to 0", value=_clamped(calibration)),
        Fact(name="Bone with the density further in", value=_edge(calibration)),
        Fact(name="Bone on the modulus floor", value=_floor(calibration)),
        Fact(name="Bone outside the density range of the law", value=_extrapolated(calibration)),
        Fact(name="Source", value=calibration.source),
    )


def _line(calibration: CalibrationSummary) -> str:
    slope = 1000.0 * calibration.slope_g_per_cm3_per_HU
    intercept = 1000.0 * calibration.intercept_g_per_cm3
    return f"{slope:.4g} mg/cm3 per HU, {intercept:.3g} mg/cm3 at 0 HU ({calibration.density_kind})"


def _uncertainty(calibration: CalibrationSummary) -> str:
    fraction = calibration.density_uncertainty_fraction
    return WORDS["not_stated"] if fraction is None else percent(fraction)


def _clamped(calibration: CalibrationSummary) -> str:
    clamped, total = calibration.clamped_voxels, calibration.total_voxels
    return f"{clamped:,} of {total:,} ({percent(clamped / total)})"


def _edge(calibration: CalibrationSummary) -> str:
    layers = calibration.edge_voxels
    return f"{percent(calibration.edge_fraction)} (edge of {layers} voxel{'s' * (layers != 1)})"


def _floor(calibration: CalibrationSummary) -> str:
    level = significant(calibration.floor_MPa)
    return f"{percent(calibration.floor_fraction)} (floor {level} MPa)"


def _extrapolated(calibration: CalibrationSummary) -> str:
    fraction = calibration.extrapolated_fraction
    return WORDS["unknown_range"] if fraction is None else percent(fraction)


def _mesh(mesh: MeshSummary) -> tuple[Fact, ...]:
    smallest, largest = mesh.smallest_dihedral_angle_deg, mesh.largest_dihedral_angle_deg
    area = significant(mesh.surface_area_mm2 / 100.0)
    return (
        Fact(name="Cells", value=f"{mesh.n_cells:,} {mesh.kind}"),
        *_fallback(mesh),
        Fact(name="Corner points", value=f"{mesh.n_points:,}"),
        Fact(name="Edge length", value=quantity(mesh.edge_length_mm, "mm")),
        Fact(name="Surface", value=f"{mesh.n_surface_triangles:,} triangles, {area} cm2"),
        Fact(name="Dihedral angles", value=f"{smallest:.0f} to {largest:.0f} degrees"),
        Fact(
            name="Worst cell, inverse condition (1 is ideal)",
            value=significant(mesh.smallest_inverse_condition),
        ),
        Fact(
            name="Volume, mesh against mask", value=f"{100.0 * mesh.volume_error_fraction:+.2f} %"
        ),
    )


def _fallback(mesh: MeshSummary) -> tuple[Fact, ...]:
    if mesh.fallback is None:
        return ()
    return (Fact(name="Voxels in place of a smooth mesh", value=mesh.fallback, is_alarming=True),)


_SHAFT_AXES = {
    "shaft": "fitted",
    "scanner": "table axis of the scanner: too little shaft is seen",
    "model": "of a shape model that completes the shaft: too little of it is seen",
}


def _shape(shape: ShapeSummary) -> tuple[Fact, ...]:
    volume = None if shape.lesion_volume_mm3 is None else shape.lesion_volume_mm3 / 1000.0
    axis = _SHAFT_AXES[shape.shaft_reference]
    return (
        Fact(name="Shaft seen", value=shape.shaft),
        Fact(name="Shaft axis", value=axis, is_alarming=shape.shaft_reference != "shaft"),
        Fact(name="Head radius", value=quantity(shape.head_radius_mm, "mm")),
        Fact(name="Neck-shaft angle", value=f"{shape.neck_shaft_angle_deg:.0f} degrees"),
        Fact(name="Lesion volume", value=quantity(volume, "cm3")),
    )


def _rigidity(parts: tuple[RigiditySummary, ...]) -> tuple[Fact, ...]:
    return tuple(
        Fact(name=f"{part.part.capitalize()}, {name}", value=_rigid(smallest, unit, ratio))
        for part in parts
        for name, smallest, unit, ratio in (
            ("axial (EA)", part.smallest_EA_N / 1e6, "MN", part.EA_ratio),
            ("bending (EI)", part.smallest_EI_N_mm2 / 1e6, "N m2", part.EI_ratio),
            ("torsion (GJ)", part.smallest_GJ_N_mm2 / 1e6, "N m2", part.GJ_ratio),
        )
    )


def _rigid(smallest: float, unit: str, ratio: float | None) -> str:
    against = "" if ratio is None else f"; at least {percent(ratio)} of the lesion-free twin's"
    return f"smallest {quantity(smallest, unit)}{against}"
