"""What each stage of the pipeline depends on, and what it owns."""

import json
import tomllib
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from femur_fea.presets import PRESETS
from femur_risk.config import RunConfig, resolve_config
from femur_risk.pipeline import layout
from femur_risk.pipeline.choices import edge_length, settings_text
from femur_risk.pipeline.run import Run
from femur_risk.pipeline.stages import STAGES
from femur_risk.pipeline.versions import installed_versions, join_versions

BY_NAME = {stage.name: stage for stage in STAGES}


def run_with(**sections: dict[str, Any]) -> Run:
    return Run(
        case_id=sections.get("input", {}).get("case_id", "case"),
        folder=Path("case"),
        config=RunConfig.model_validate(sections),
        inputs={},
        input_sha256={"ct": "0", "femur": "1"},
        listener=lambda _: None,
        ranks="auto",
        chain=STAGES,
    )


def settings_of(name: str, run: Run) -> dict[str, object]:
    return dict(BY_NAME[name].settings(run))


PHANTOM = {"method": "phantom", "phantom": {"name": "qrm_bdc_3"}}
FIXED = {
    "method": "fixed",
    "slope_g_per_cm3_per_HU": 0.0008,
    "intercept_g_per_cm3": 0.0,
    "phantom_density": "CaHA",
}


@pytest.mark.parametrize(
    ("stage", "sections"),
    [
        ("segmentation", {"input": {"side": "left"}}),
        ("segmentation", {"input": {"femur_label": 2}}),
        ("segmentation", {"input": {"lesion_label": 2}}),
        ("calibration", {"calibration": {"tube_voltage_kV": 120.0}}),
        ("calibration", {"calibration": FIXED}),
        ("calibration", {"calibration": PHANTOM}),
        ("calibration", {"calibration": {"method": "air_fat_muscle"}}),
        ("calibration", {"calibration": {"method": "multi_tissue"}}),
        ("mesh", {"mesh": {"edge_length_mm": 2.0}}),
        ("mesh", {"mesh": {"element": "tet4"}}),
        ("fe", {"loads": {"names": ["stance"]}}),
        ("fe", {"loads": {"fixed_length_mm": 20.0}}),
        ("fe", {"preset": {"name": "nijmegen"}}),
        ("fe", {"solver": {"export": ["ccx"]}}),
        ("fe@healed", {"solver": {"export": ["febio"]}}),
        ("fe", {"solver": {"relative_tolerance": 1e-7}}),
        ("fe@healed", {"solver": {"relative_tolerance": 1e-7}}),
        ("fe@healed", {"loads": {"fixed_length_mm": 20.0}}),
        ("fe", {"mapping": {"method": "cell_average"}}),
        ("fe@healed", {"mapping": {"edge_voxels": 0}}),
        ("fe", {"mapping": {"cortex": "transversely_isotropic"}}),
        ("uncertainty", {"uncertainty": {"mode": "off"}}),
        ("uncertainty", {"uncertainty": {"mode": "full"}}),
        ("uncertainty", {"loads": {"names": ["stance"]}}),
        ("uncertainty", {"loads": {"fixed_length_mm": 20.0}}),
        ("uncertainty", {"mapping": {"edge_voxels": 0}}),
        ("uncertainty", {"preset": {"name": "nijmegen"}}),
        ("strength", {"input": {"mass_kg": 80.0}}),
        ("strength", {"input": {"case_id": "other"}}),
        ("risk", {"input": {"mass_kg": 80.0}}),
        ("risk", {"risk": {"pain": "mild"}}),
        ("risk", {"risk": {"restriction": "crutches"}}),
    ],
)
def test_a_stage_depends_on_each_setting_that_it_uses(
    stage: str, sections: dict[str, dict[str, Any]]
) -> None:
    assert settings_of(stage, run_with(**sections)) != settings_of(stage, run_with())


@pytest.mark.parametrize("part", ["law", "criterion", "conversion", "load", "preset"])
def test_the_solution_depends_on_the_numbers_of_every_record_and_not_on_its_name(
    part: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from femur_fea.loads import LOAD_CASES
    from femur_fea.materials import DENSITY_CONVERSIONS, MATERIAL_LAWS
    from femur_fea.strength import FAILURE_CRITERIA

    preset = PRESETS["bologna"]
    registry, name, change = {
        "law": (MATERIAL_LAWS, preset.law_name, {"a": 1.0}),
        "criterion": (FAILURE_CRITERIA, preset.failure.criterion_name, {"tension": 1.0}),
        "conversion": (DENSITY_CONVERSIONS, preset.conversion_names[0], {"slope": 1.0}),
        "load": (LOAD_CASES, "stance", {"force_percent_BW": (0.0, 0.0, -1.0)}),
        "preset": (PRESETS, "bologna", {"nu": 0.4}),
    }[part]
    before = settings_of("fe", run_with())
    changed: Any = replace(registry[name], **change)  # type: ignore[type-var] # a dataclass
    monkeypatch.setitem(registry._items, name, changed)
    assert settings_of("fe", run_with()) != before
    assert settings_of("fe@healed", run_with()) != before


@pytest.mark.parametrize(
    ("sections", "depends"), [({}, True), ({"preset": {"name": "nijmegen"}}, False)]
)
def test_the_tolerance_of_the_linear_solver_is_no_setting_of_a_nonlinear_model(
    sections: dict[str, dict[str, Any]], depends: bool
) -> None:
    other = run_with(**sections, solver={"relative_tolerance": 1e-7})
    assert (settings_of("fe", other) != settings_of("fe", run_with(**sections))) is depends


@pytest.mark.parametrize(("mode", "depends"), [("fast", False), ("full", True)])
def test_number_and_seed_of_samples_are_settings_where_samples_are_drawn(
    mode: str, depends: bool
) -> None:
    before = settings_of("uncertainty", run_with(uncertainty={"mode": mode}))
    for changed in ({"samples": 40}, {"seed": 1}):
        other = settings_of("uncertainty", run_with(uncertainty={"mode": mode, **changed}))
        assert (other != before) is depends


def test_the_order_in_which_programs_are_named_does_not_matter() -> None:
    one, other = (run_with(solver={"export": e}) for e in (["ccx", "febio"], ["febio", "ccx"]))
    assert settings_of("fe", one) == settings_of("fe", other)


def test_the_calibration_depends_on_the_numbers_of_the_average_line(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from calibration import CALIBRATIONS

    name, line = next(iter(CALIBRATIONS.items()))
    before, fixed = (
        settings_of("calibration", run_with(**s)) for s in ({}, {"calibration": FIXED})
    )
    monkeypatch.setitem(CALIBRATIONS._items, name, replace(line, slope=0.00081))
    assert settings_of("calibration", run_with()) != before
    assert settings_of("calibration", run_with(calibration=FIXED)) == fixed


def test_a_calibration_within_the_scan_depends_on_the_scan_and_on_the_record_of_its_phantom() -> (
    None
):
    run = run_with(calibration=PHANTOM)
    before = settings_of("calibration", run)
    for changed in ({"ct": "2", "femur": "1"}, {"ct": "0", "femur": "1", "rods": "3"}):
        assert settings_of("calibration", replace(run, input_sha256=changed)) != before
    certified = {**PHANTOM["phantom"], "densities_g_per_cm3": [0.101, 0.4, 0.8]}
    other = run_with(calibration={**PHANTOM, "phantom": certified})
    assert settings_of("calibration", other)["records"] != before["records"]


@pytest.mark.parametrize("method", ["air_fat_muscle", "multi_tissue"])
def test_a_calibration_by_tissues_depends_on_the_scan_and_on_the_records_of_tissues(
    method: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from calibration import TISSUES

    run = run_with(calibration={"method": method})
    before = settings_of("calibration", run)
    other_scan = replace(run, input_sha256={"ct": "2", "femur": "1"})
    assert settings_of("calibration", other_scan) != before
    fatter = replace(TISSUES["fat"].material, fractions={"H": 0.12, "C": 0.64, "O": 0.24})
    monkeypatch.setitem(TISSUES._items, "fat", replace(TISSUES["fat"], material=fatter))
    assert settings_of("calibration", run) != before
    json.dumps(before)  # plain values, as a hash needs them


def test_regions_of_rods_are_no_part_of_the_segmentation() -> None:
    run = run_with(calibration=PHANTOM)
    with_rods = replace(run, input_sha256={**run.input_sha256, "rods": "3"})
    assert settings_of("segmentation", with_rods) == settings_of("segmentation", run)


@pytest.mark.parametrize(
    ("stage", "libraries"),
    [
        ("segmentation", {"SimpleITK", "scipy"}),
        ("calibration", {"numpy", "scipy"}),
        ("mesh", {"gmsh"}),
        ("fe", {"dolfinx-solver-real", "fenics-dolfinx"}),
        ("fe@healed", {"dolfinx-solver-real", "fenics-dolfinx"}),
        ("uncertainty", {"dolfinx-solver-real", "fenics-dolfinx", "scipy"}),
    ],
)
def test_a_stage_depends_on_the_libraries_that_compute_in_it(
    stage: str, libraries: set[str]
) -> None:
    assert libraries <= set(BY_NAME[stage].libraries)


def test_each_file_of_a_run_has_one_owner() -> None:
    files = [
        *(layout.CT, layout.FEMUR, layout.LESION, layout.QUALITY, layout.CURVE, layout.DENSITY),
        *(layout.BONE, layout.FRAME, layout.MESH_QUALITY, layout.STRENGTH, layout.REPORT),
        layout.FIGURES / "stance_stress.png",
    ]
    for load in ("stance", layout.twin_name("stance", healed=True)):
        files += [layout.field_file(load), layout.curve_file(load), layout.result_file(load)]
        files += [layout.model_file(load, "inp"), layout.model_file(load, "feb")]
    for file in files:
        owners = [stage.name for stage in STAGES if stage.owns.fullmatch(file.as_posix())]
        assert len(owners) == 1, file


@pytest.mark.parametrize(
    "own", ["notes.md", "mesh/notes.md", "run.toml", "manifest.json", "fe/stance/view.pvsm"]
)
def test_a_users_own_file_has_no_owner(own: str) -> None:
    assert not [stage.name for stage in STAGES if stage.owns.fullmatch(own)]


def test_a_library_that_is_not_installed_has_no_version(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("femur_risk.pipeline.versions._LIBRARIES", ("numpy", "no-such-library"))
    assert set(installed_versions()) == {"python", "femur-fea", "numpy"}


def test_a_library_of_which_there_were_two_names_both() -> None:
    joined = join_versions([{"gmsh": "4.13", "numpy": "2.1"}, {"gmsh": "4.15", "numpy": "2.1"}])
    assert joined == {"gmsh": "4.13, 4.15", "numpy": "2.1"}


@pytest.mark.parametrize("name", sorted(PRESETS))
def test_the_edges_of_a_mesh_are_those_of_the_preset_unless_others_are_given(name: str) -> None:
    absent = RunConfig.model_validate({"preset": {"name": name}})
    given = RunConfig.model_validate({"preset": {"name": name}, "mesh": {"edge_length_mm": 5.0}})
    assert edge_length(absent) == PRESETS[name].edge_length_mm
    assert edge_length(given) == 5.0


@pytest.mark.parametrize("name", sorted(PRESETS))
def test_settings_that_were_written_leave_another_preset_its_own_choices(name: str) -> None:
    first = RunConfig.model_validate({"preset": {"name": "bologna"}})
    again = resolve_config(
        tomllib.loads(settings_text(first)), {"preset": {"name": name}, "mesh": {}}
    )
    assert again == RunConfig.model_validate({"preset": {"name": name}})
    assert edge_length(again) == PRESETS[name].edge_length_mm
    assert f"{PRESETS['bologna'].edge_length_mm:g}" in settings_text(first).splitlines()[0]


def test_a_recalibration_is_part_of_the_risk_alone() -> None:
    run = run_with()
    with_one = replace(run, input_sha256={**run.input_sha256, "recalibration": "3"})
    changed = [
        stage.name
        for stage in STAGES
        if settings_of(stage.name, with_one) != settings_of(stage.name, run)
    ]
    assert changed == ["risk"]
