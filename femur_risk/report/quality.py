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
from femur_risk.report.words import Words

__all__ = ["model_facts", "scan_facts"]

_CONTRAST = {None: "contrast_unknown", True: "contrast_given", False: "contrast_not_given"}


def scan_facts(words: Words, content: ReportContent) -> tuple[Facts, ...]:
    """Return what is known of the scan and of its calibration."""
    return _known(
        words,
        scan=_scan(words, content.scan),
        calibration=_calibration(words, content.calibration),
    )


def model_facts(words: Words, content: ReportContent) -> tuple[Facts, ...]:
    """Return what is known of the mesh, the bone and its sections."""
    return _known(
        words,
        mesh=_mesh(words, content.mesh),
        shape=_shape(words, content.shape),
        rigidity=_rigidity(words, content.rigidity),
    )


def _known(words: Words, **groups: tuple[Fact, ...]) -> tuple[Facts, ...]:
    known = [
        Facts(heading=words[name], facts=tuple(f for f in facts if f.value != words["none"]))
        for name, facts in groups.items()
    ]
    return tuple(group for group in known if group.facts)


def _facts(words: Words, alarming: tuple[str, ...] = (), **values: str) -> tuple[Fact, ...]:
    """Return facts by the keys of their names."""
    return tuple(
        Fact(name=words[key], value=value, is_alarming=key in alarming)
        for key, value in values.items()
    )


def _scan(words: Words, scan: ScanSummary) -> tuple[Fact, ...]:
    spacing = " x ".join(words.number(f"{s:.3g}") for s in scan.spacing_mm)
    facts = scan.acquisition
    none = words["none"]
    return _facts(
        words,
        alarming=("contrast",) if facts.contrast_agent else (),
        spacing=f"{spacing} mm",
        slice_thickness=quantity(words, facts.slice_thickness_mm, "mm"),
        voltage=quantity(words, facts.tube_voltage_kV, "kV"),
        beam_filter=(facts.beam_filter or none).lower(),
        exposure=quantity(words, facts.exposure_mAs, "mAs"),
        kernel=facts.kernel or none,
        diameter=quantity(words, facts.reconstruction_diameter_mm, "mm"),
        tilt=quantity(words, facts.gantry_tilt_deg, "degrees"),
        contrast=words[_CONTRAST[facts.contrast_agent]],
        scanner=" ".join(filter(None, (facts.manufacturer, facts.scanner_model))) or none,
    )


def _calibration(words: Words, calibration: CalibrationSummary) -> tuple[Fact, ...]:
    uncertainty = calibration.density_uncertainty_fraction
    outside = calibration.extrapolated_fraction
    return _facts(
        words,
        alarming=("label",) if calibration.method == "average" else (),
        method=calibration.method,
        label=words.term("calibration", calibration.label),
        line=_line(words, calibration),
        density_uncertainty=words["not_stated"]
        if uncertainty is None
        else percent(words, uncertainty),
        clamped=_clamped(words, calibration),
        edge=_edge(words, calibration),
        floor=words.say(
            "floor_value",
            share=percent(words, calibration.floor_fraction),
            level=significant(words, calibration.floor_MPa),
        ),
        extrapolated=words["unknown_range"] if outside is None else percent(words, outside),
        source=calibration.source,
    )


def _line(words: Words, calibration: CalibrationSummary) -> str:
    return words.say(
        "line_value",
        slope=words.number(f"{1000.0 * calibration.slope_g_per_cm3_per_HU:.4g}"),
        intercept=words.number(f"{1000.0 * calibration.intercept_g_per_cm3:.3g}"),
        kind=calibration.density_kind,
    )


def _clamped(words: Words, calibration: CalibrationSummary) -> str:
    clamped, total = calibration.clamped_voxels, calibration.total_voxels
    return words.say(
        "clamped_value",
        clamped=words.number(f"{clamped:,}"),
        total=words.number(f"{total:,}"),
        share=percent(words, clamped / total),
    )


def _edge(words: Words, calibration: CalibrationSummary) -> str:
    share, layers = percent(words, calibration.edge_fraction), calibration.edge_voxels
    if layers == 1:
        return words.say("edge_value_one", share=share)
    return words.say("edge_value", share=share, n=f"{layers}")


def _mesh(words: Words, mesh: MeshSummary) -> tuple[Fact, ...]:
    return _facts(
        words,
        alarming=("fallback",),
        cells=f"{words.number(f'{mesh.n_cells:,}')} {mesh.kind}",
        fallback=words["none"]
        if mesh.fallback is None
        else words.say("original", text=mesh.fallback),
        corner_points=words.number(f"{mesh.n_points:,}"),
        edge_length=quantity(words, mesh.edge_length_mm, "mm"),
        surface=words.say(
            "surface_value",
            n=words.number(f"{mesh.n_surface_triangles:,}"),
            area=significant(words, mesh.surface_area_mm2 / 100.0),
        ),
        dihedral=words.say(
            "degrees_range",
            low=f"{mesh.smallest_dihedral_angle_deg:.0f}",
            high=f"{mesh.largest_dihedral_angle_deg:.0f}",
        ),
        inverse_condition=significant(words, mesh.smallest_inverse_condition),
        volume_error=words.number(f"{100.0 * mesh.volume_error_fraction:+.2f} %"),
    )


def _shape(words: Words, shape: ShapeSummary) -> tuple[Fact, ...]:
    volume = None if shape.lesion_volume_mm3 is None else shape.lesion_volume_mm3 / 1000.0
    return _facts(
        words,
        alarming=("shaft_axis",) if shape.shaft_reference != "shaft" else (),
        shaft_seen=words.say("original", text=shape.shaft),
        shaft_axis=words.term("shaft_axis", shape.shaft_reference),
        head_radius=quantity(words, shape.head_radius_mm, "mm"),
        neck_shaft=words.say("degrees", angle=f"{shape.neck_shaft_angle_deg:.0f}"),
        lesion_volume=quantity(words, volume, "cm3"),
    )


def _rigidity(words: Words, parts: tuple[RigiditySummary, ...]) -> tuple[Fact, ...]:
    return tuple(
        Fact(
            name=words.say(
                "rigidity_of",
                part=words.term("part", part.part),
                kind=words.term("rigidity", kind),
            ),
            value=_rigid(words, smallest, unit, ratio),
        )
        for part in parts
        for kind, smallest, unit, ratio in (
            ("EA", part.smallest_EA_N / 1e6, "MN", part.EA_ratio),
            ("EI", part.smallest_EI_N_mm2 / 1e6, "N m2", part.EI_ratio),
            ("GJ", part.smallest_GJ_N_mm2 / 1e6, "N m2", part.GJ_ratio),
        )
    )


def _rigid(words: Words, smallest: float, unit: str, ratio: float | None) -> str:
    value = quantity(words, smallest, unit)
    if ratio is None:
        return words.say("smallest", value=value)
    return words.say("smallest_of_twin", value=value, share=percent(words, ratio))
