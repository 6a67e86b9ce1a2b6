"""Tables of the report: which columns and facts there are, and what each cell says."""

from dataclasses import dataclass

from femur_risk.report.amounts import NO_BREAK, percent, quantity, significant
from femur_risk.report.content import (
    CalibrationSummary,
    MeshSummary,
    ReportContent,
    ScanSummary,
    ShapeSummary,
)
from femur_risk.report.loss import loss_cell
from femur_risk.report.notes import strength_notes
from femur_risk.report.outcome import LoadOutcome, RigiditySummary
from femur_risk.report.phrases import load_name
from femur_risk.report.words import WORDS

__all__ = ["Fact", "Facts", "StrengthTable", "quality_facts", "strength_table"]


@dataclass(frozen=True, slots=True, kw_only=True)
class StrengthTable:
    """Strength by load; a column that applies to no load is left out.

    Attributes
    ----------
    columns : tuple of str
        Headings.
    rows : tuple of tuple of str
        Cells, the first of each row being the name of the load.
    notes : tuple of str
        What the reader must know of it.
    """

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """A name, its value, and whether the reader must take note of it."""

    name: str
    value: str
    is_alarming: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """Facts under one heading."""

    heading: str
    facts: tuple[Fact, ...]


def strength_table(content: ReportContent) -> StrengthTable:
    """Return the table of strength by load."""
    cells = {
        WORDS["load"]: [load_name(load) for load in content.loads],
        WORDS["strength"]: [quantity(load.strength, load.unit) for load in content.loads],
        WORDS["interval"]: [_interval(load) for load in content.loads],
        WORDS["strength_bw"]: [quantity(load.strength_BW, "") for load in content.loads],
        WORDS["first_yield"]: [quantity(load.first_yield, load.unit) for load in content.loads],
        WORDS["stiffness"]: [
            quantity(load.stiffness, load.stiffness_unit) for load in content.loads
        ],
        WORDS["healed"]: [quantity(load.healed_strength, load.unit) for load in content.loads],
        WORDS["loss"]: [
            loss_cell(
                load.strength_loss_fraction, load.lesion_hidden_fraction, load.loss_interval_90
            )
            for load in content.loads
        ],
        WORDS["strain_fold"]: [quantity(load.strain_fold_ratio, "") for load in content.loads],
        WORDS["weakest_site"]: [
            f"{load.weakest_region}, {load.weakest_mode}" for load in content.loads
        ],
        WORDS["point"]: [_point(load) for load in content.loads],
    }
    used = {name: column for name, column in cells.items() if set(column) != {WORDS["none"]}}
    return StrengthTable(
        columns=tuple(used),
        rows=tuple(zip(*used.values(), strict=True)),
        notes=strength_notes(content),
    )


def quality_facts(content: ReportContent) -> tuple[Facts, ...]:
    """Return what is known of the scan, the calibration, the mesh and the bone."""
    groups = (
        (WORDS["scan"], _scan(content.scan)),
        (WORDS["calibration"], _calibration(content.calibration)),
        (WORDS["mesh"], _mesh(content.mesh)),
        (WORDS["shape"], _shape(content.shape)),
        (WORDS["rigidity"], _rigidity(content.rigidity)),
    )
    known = [
        Facts(heading=heading, facts=tuple(f for f in facts if f.value != WORDS["none"]))
        for heading, facts in groups
    ]
    return tuple(group for group in known if group.facts)


def _interval(load: LoadOutcome) -> str:
    if load.interval_90 is None:
        return WORDS["none"]
    low, high = load.interval_90
    return f"{significant(low)} to {quantity(high, load.unit)}"


def _point(load: LoadOutcome) -> str:
    return f",{NO_BREAK}".join(f"{x:.0f}" for x in load.weakest_point_mm)


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
