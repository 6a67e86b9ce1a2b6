"""Other ways from density to stiffness, through the command line."""

import json
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from femur_fea.errors import FemurFEAWarning
from femur_fea.io import read_json
from femur_risk.config import load_config
from femur_risk.pipeline.perturbation import Perturbation
from femur_risk.pipeline.run import Run
from femur_risk.pipeline.stages import STAGES
from femur_risk.pipeline.studied import study_of


@pytest.fixture(scope="module")
def averaged(femur_fea: Any, demo: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demonstration with averaged stiffness and a cortex with a direction."""
    case = tmp_path_factory.mktemp("averaged") / "virtual-4547"
    shutil.copytree(demo / "virtual-4547", case)
    images = demo / "virtual-4547-input"
    done = femur_fea(
        "run",
        *("--ct", images / "ct.nii.gz"),
        *("--femur", images / "femur.nii.gz"),
        *("--config", case / "run.toml", "--out", case.parent),
        *("--mapping", "cell_average", "--edge-voxels", "0"),
        *("--cortex", "transversely_isotropic", "--export", "ccx", "--loads", "stance"),
        *("--cortical-blur", "restored", "--uncertainty", "off"),
    )
    assert done.returncode == 0, done.stderr
    return case


def material_of(case: Path) -> dict[str, Any]:
    material: dict[str, Any] = read_json(case / "fe/stance/result.json")["material"]
    return material


def test_the_default_corrects_one_layer_and_says_how_much_of_the_bone_that_is(demo: Path) -> None:
    material = material_of(demo / "virtual-4547")
    assert material["mapping_method"] == "points"
    assert material["edge_voxels"] == 1
    # a shell of 0.9 mm round a femur is about a seventh of it; part of it is denser than inside
    assert 0.02 < material["edge_fraction"] < 0.15
    assert material["cortex"] is None
    assert material["integration_error"] == 0.0


def test_an_averaged_stiffness_and_a_trusted_edge_are_in_the_result(averaged: Path) -> None:
    material = material_of(averaged)
    assert material["mapping_method"] == "cell_average"
    assert 0.0 < material["integration_error"] <= 0.01
    assert (material["edge_voxels"], material["edge_fraction"]) == (0, 0.0)


def test_a_cortex_with_a_direction_is_in_result_model_and_list_of_unverified_numbers(
    averaged: Path,
) -> None:
    cortex = material_of(averaged)["cortex"]
    assert cortex["constants"] == "reilly_burstein_1975"
    assert 0.05 < cortex["fraction"] < 0.5
    assert "ORIENTATION=SHAFT" in (averaged / "fe/stance/model.inp").read_text()
    manifest = json.loads((averaged / "manifest.json").read_text())
    assert "cortex reilly_burstein_1975" in manifest["unverified_constants"]


def test_a_restored_cortex_is_in_result_manifest_and_report(averaged: Path, demo: Path) -> None:
    found = material_of(averaged)["cortical_blur"]
    # a kernel of 0.72 mm and voxels of 0.9 mm, which add 0.9 / sqrt(12) in squares
    assert found["blur_fwhm_mm"] == pytest.approx(2.355 * 0.77, rel=0.05)
    # the cortex that was drawn: 1.21 g/cm3 with 10.5 % of pores, which marrow fills
    assert found["cortical_density_g_per_cm3"] == pytest.approx(1.077, rel=0.03)
    # nowhere thinner than 0.25 mm
    assert 0.25 < found["thickness_5_percent_mm"] < 1.0 < found["thickness_median_mm"]
    warned = json.loads((averaged / "manifest.json").read_text())["warnings"]
    assert any("the blur of the cortex was undone" in text for text in warned)
    assert "Blur of the cortex" in (averaged / "report/report.html").read_text()
    assert material_of(demo / "virtual-4547")["cortical_blur"] is None


def test_uncertainty_is_asked_of_the_bone_with_the_restored_cortex(averaged: Path) -> None:
    config = load_config(averaged / "run.toml")
    case = Run(
        case_id="virtual-4547",
        folder=averaged,
        config=config,
        inputs={},
        input_sha256={},
        listener=lambda _: None,
        ranks=1,
        chain=STAGES,
    )
    with pytest.warns(FemurFEAWarning, match="the blur of the cortex was undone"):
        (bone,) = study_of(case).bodies
    found = float(np.exp(bone.log_strengths([Perturbation()])[0, 0]))
    # samples are solved to 1e-4 in energy, 0.1 % of strength; the blur takes some 20 % of it
    strength = read_json(averaged / "strength.json")["loads"]["stance"]["strength_N"]
    assert found == pytest.approx(strength, rel=1e-3)


def test_the_report_tells_how_the_stiffness_was_mapped(averaged: Path, demo: Path) -> None:
    page = (averaged / "report/report.html").read_text()
    assert "voxel by voxel, averaged over the volume of each cell" in page
    assert "Transversely isotropic along the shaft" in page
    assert "Partial volumes at the surface" not in page
    assert (
        "Partial volumes at the surface" in (demo / "virtual-4547/report/report.html").read_text()
    )


def test_another_mapping_leaves_mesh_and_calibration_as_they_were(
    averaged: Path, demo: Path
) -> None:
    for name in ("mesh/bone.vtu", "calibration/density.nii.gz"):
        assert (averaged / name).read_bytes() == (demo / "virtual-4547" / name).read_bytes()


def test_every_key_of_its_json_files_is_explained(averaged: Path, artefacts: Any) -> None:
    assert artefacts.unexplained(averaged) == []
