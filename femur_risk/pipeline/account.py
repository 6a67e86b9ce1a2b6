"""What the report says, gathered from the artefacts of a run."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np

from femur_fea import __version__
from femur_fea.domain import Acquisition
from femur_fea.io import read_frame, read_json
from femur_fea.loads import LOAD_FAMILIES
from femur_fea.presets import PRESETS
from femur_risk.pipeline import layout
from femur_risk.pipeline.artefacts import read_element, read_quality, read_risk
from femur_risk.pipeline.choices import load_names
from femur_risk.pipeline.manifest import Manifest
from femur_risk.pipeline.methods import describe_yield, method_steps
from femur_risk.pipeline.run import Run
from femur_risk.pipeline.units import LOAD_UNITS
from femur_risk.report import (
    CalibrationSummary,
    LoadOutcome,
    MeshSummary,
    ReportContent,
    ReportFigure,
    ReportModel,
    RigiditySummary,
    ScanSummary,
    ShapeSummary,
    SolverSummary,
    SourceShare,
)

__all__ = ["gather_content"]


def gather_content(
    run: Run,
    manifest: Manifest,
    figures: tuple[ReportFigure, ...],
    surface: ReportModel | None,
) -> ReportContent:
    """Return all that the report of a run says."""
    folder, preset = run.folder, PRESETS[run.config.preset.name]
    quality = read_quality(folder)
    strength = read_json(folder / layout.STRENGTH)
    return ReportContent(
        case_id=run.case_id,
        side=quality["side"],
        run_date=datetime.now(UTC).date(),
        software_version=__version__,
        preset=run.config.preset.name,
        model=preset.model,
        beyond_yield=describe_yield(preset),
        tier=strength["tier"],
        simulated=strength["simulated"],
        standard_error_N=preset.standard_error_N,
        mass_kg=run.config.input.mass_kg,
        loads=tuple(_load(run, name, found) for name, found in strength["loads"].items()),
        rigidity=_rigidity(strength["rigidity"]),
        risk=read_risk(folder),
        scan=ScanSummary(
            spacing_mm=_triple(quality["spacing_mm"]),
            acquisition=Acquisition(**quality["acquisition"]),
        ),
        calibration=_calibration(run),
        mesh=_mesh(folder),
        shape=_shape(folder, quality),
        figures=figures,
        surface=surface,
        warnings=_warnings(manifest),
        unverified=(*strength["unverified"], *read_risk(folder).unverified),
        methods=method_steps(run),
        versions=manifest.versions,
    )


def _warnings(manifest: Manifest) -> tuple[str, ...]:
    warned = (text for record in manifest.stages.values() for text in record.warnings)
    return tuple(dict.fromkeys(warned))


def _result(run: Run, name: str, *, healed: bool) -> dict[str, Any]:
    return read_json(run.folder / layout.result_file(layout.twin_name(name, healed=healed)))


def _load(run: Run, name: str, found: dict[str, Any]) -> LoadOutcome:
    element = read_element(run.folder)
    result = _result(run, name, healed=False)
    units = LOAD_UNITS[found["quantity"]]
    fold = found["strain_fold_ratio"]
    return LoadOutcome(
        load=name,
        **_directions(name, found),
        criterion=found["criterion"],
        unit=units.label,
        strength=found[f"strength_{units.suffix}"],
        strength_BW=found["strength_BW"],
        activity_BW=found["activity_BW"],
        plate_force_N=found["plate_force_N"],
        first_yield=found[f"first_yield_{units.suffix}"],
        stiffness=found[units.stiffness_key],
        stiffness_unit=units.stiffness_label,
        healed_strength=found[f"healed_strength_{units.suffix}"],
        strength_loss_fraction=found["strength_loss_fraction"],
        lesion_hidden_fraction=found["lesion_hidden_fraction"],
        strain_fold_ratio=None if fold is None else fold["largest"],
        strain_fold_threshold=None if fold is None else fold["published_threshold"],
        interval_90=_pair(found[f"interval_90_{units.suffix}"]),
        loss_interval_90=_pair(found["strength_loss_interval_90"]),
        sources=_sources(found["uncertainty"]),
        weakest_point_mm=_triple(result["weakest_site"]["point_mm"]),
        weakest_region=result["weakest_site"]["region"],
        weakest_mode=result["weakest_site"]["mode"],
        curve_end=found["curve_end"],
        healed_curve_end=found["healed_curve_end"],
        solver=_solver(result["solver"], element),
        healed_solver=_solver(_result(run, name, healed=True)["solver"], element)
        if run.has_lesion
        else None,
    )


def _directions(name: str, found: dict[str, Any]) -> dict[str, Any]:
    weakest = found["weakest_direction"]
    if weakest is None:
        return {}
    return {
        "n_directions": len(found["directions"]),
        "weakest_direction": weakest,
        "weakest_direction_words": LOAD_FAMILIES[name].describe_direction(weakest),
    }


def _rigidity(found: dict[str, Any]) -> tuple[RigiditySummary, ...]:
    rows = []
    for part, values in found.items():
        if values is None:
            continue
        ratio = values["smallest_ratio"]
        rows.append(
            RigiditySummary(
                part=part,
                smallest_EA_N=values["smallest_EA_N"],
                smallest_EI_N_mm2=values["smallest_EI_N_mm2"],
                smallest_GJ_N_mm2=values["smallest_GJ_N_mm2"],
                EA_ratio=None if ratio is None else ratio["EA"]["value"],
                EI_ratio=None if ratio is None else ratio["EI"]["value"],
                GJ_ratio=None if ratio is None else ratio["GJ"]["value"],
            )
        )
    return tuple(rows)


def _solver(statistics: dict[str, Any], element: str) -> SolverSummary:
    return SolverSummary(
        element=element,
        n_dofs=statistics["n_dofs"],
        method=statistics["method"],
        iterations=statistics["iterations"],
        relative_residual=statistics["relative_residual"],
        energy_error=statistics["energy_error"],
        ranks=statistics["ranks"],
        newton_iterations=statistics.get("newton_iterations"),
        seconds=statistics["seconds"],
    )


def _calibration(run: Run) -> CalibrationSummary:
    curve = read_json(run.folder / layout.CURVE)
    material = _result(run, load_names(run.config)[0], healed=False)["material"]
    return CalibrationSummary(
        method=curve["method"],
        label=curve["label"],
        density_uncertainty_fraction=curve["relative_uncertainty"],
        slope_g_per_cm3_per_HU=curve["slope_g_per_cm3_per_HU"],
        intercept_g_per_cm3=curve["intercept_g_per_cm3"],
        density_kind=curve["density_kind"],
        source=curve["source"],
        clamped_voxels=material["clamped_voxels"],
        total_voxels=material["total_voxels"],
        edge_voxels=material["edge_voxels"],
        edge_fraction=material["edge_fraction"],
        floor_MPa=material["floor_MPa"],
        floor_fraction=material["floor_fraction"],
        extrapolated_fraction=material["extrapolated_fraction"],
    )


def _mesh(folder: Path) -> MeshSummary:
    quality = read_json(folder / layout.MESH_QUALITY)
    return MeshSummary(
        kind=quality["element"],
        n_cells=quality["n_cells"],
        n_points=quality["n_points"],
        edge_length_mm=quality["edge_length_mm"],
        fallback=quality["fallback"],
        smallest_inverse_condition=quality["smallest_inverse_condition"],
        smallest_dihedral_angle_deg=quality["smallest_dihedral_deg"],
        largest_dihedral_angle_deg=quality["largest_dihedral_deg"],
        volume_error_fraction=quality["volume_ratio"] - 1.0,
        n_surface_triangles=quality["n_surface_triangles"],
        surface_area_mm2=quality["surface_area_mm2"],
    )


def _shape(folder: Path, quality: dict[str, Any]) -> ShapeSummary:
    frame = read_frame(folder / layout.FRAME)
    lesion = quality["lesion"]
    return ShapeSummary(
        shaft=frame.shaft_words,
        shaft_reference=frame.shaft_reference,
        head_radius_mm=frame.head_radius,
        neck_shaft_angle_deg=float(np.degrees(frame.neck_shaft_angle)),
        lesion_volume_mm3=None if lesion is None else lesion["volume_mm3"],
    )


def _sources(uncertainty: dict[str, Any] | None) -> tuple[SourceShare, ...]:
    listed = [] if uncertainty is None else uncertainty["sources"]
    return tuple(SourceShare(**source) for source in listed)


def _pair(values: list[float] | None) -> tuple[float, float] | None:
    return None if values is None else (values[0], values[1])


def _triple(values: list[float]) -> tuple[float, float, float]:
    x, y, z = values
    return x, y, z
