"""A bone meshed with voxels: because it is asked for, and because nothing else works."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from femur_fea.domain import FemoralFrame, LabelMask
from femur_fea.io import read_frame, read_json, write_image
from meshing.handmade import VirtualPatient, handmade_patient

SETTINGS = """
[calibration]
method = "fixed"
slope_g_per_cm3_per_HU = {slope!r}
intercept_g_per_cm3 = {intercept!r}
phantom_density = "CaHA"
relative_uncertainty = 0.0
"""


@pytest.fixture(scope="module")
def patient() -> VirtualPatient:
    """A sturdy femur, whose strength depends on the mesh little."""
    return handmade_patient()


@pytest.fixture(scope="module")
def images(patient: VirtualPatient, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("images")
    write_image(folder / "ct.nii.gz", patient.ct.grid, patient.ct.hu)
    write_image(folder / "femur.nii.gz", patient.femur.grid, patient.femur.inside)
    write_image(folder / "lesion.nii.gz", patient.lesion.grid, patient.lesion.inside)
    return folder


@pytest.fixture(scope="module")
def solve(
    femur_fea: Any, patient: VirtualPatient, images: Path, tmp_path_factory: pytest.TempPathFactory
) -> Any:
    """Solve the femur with a mask and options; return the folder of the case."""
    out = tmp_path_factory.mktemp("voxels")
    line = SETTINGS.format(slope=patient.hu_slope, intercept=patient.hu_intercept)
    (out / "run.toml").write_text(line)

    def call(
        command: str, case: str, *options: object, femur: Path = images / "femur.nii.gz"
    ) -> Path:
        done = femur_fea(
            command,
            *("--ct", images / "ct.nii.gz", "--femur", femur, "--side", patient.side),
            *("--mass-kg", patient.mass_kg, "--config", out / "run.toml"),
            *("--out", out, "--case-id", case, *options),
        )
        assert done.returncode == 0, done.stderr
        return out / case

    return call


@pytest.fixture(scope="module")
def smooth(solve: Any, images: Path) -> Path:
    options = ("--edge-length-mm", "4", "--lesion", images / "lesion.nii.gz")
    return solve("solve", "smooth", *options)


@pytest.fixture(scope="module")
def cubes(solve: Any, images: Path) -> Path:
    options = ("--element", "hex8", "--export", "xdmf,ccx,febio")
    return solve("solve", "cubes", "--lesion", images / "lesion.nii.gz", *options)


@pytest.fixture(scope="module")
def bridged(
    solve: Any, smooth: Path, patient: VirtualPatient, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    path = tmp_path_factory.mktemp("mask") / "femur.nii.gz"
    mask = _bridged(patient.femur, read_frame(smooth / "mesh/frame.json"))
    write_image(path, mask.grid, mask.inside)
    return solve("run", "bridged", "--edge-length-mm", "4", "--loads", "stance", femur=path)


def _bridged(femur: LabelMask, frame: FemoralFrame) -> LabelMask:
    """Return a femur with a rod, three voxels thick, from its head to its trochanter."""
    start, end = frame.to_world(np.array([[0.0, 0.0, 15.0], [55.0, 0.0, 0.0]]))
    index = np.indices(femur.grid.shape).reshape(3, -1).T.astype(float)
    world = femur.grid.to_world(index)
    share = np.clip((world - start) @ (end - start) / ((end - start) @ (end - start)), 0.0, 1.0)
    rod = np.linalg.norm(world - start - share[:, None] * (end - start), axis=1) <= 1.5
    return LabelMask(grid=femur.grid, inside=femur.inside | rod.reshape(femur.grid.shape))


@pytest.mark.parametrize("load", ["stance", "fall"])
def test_strength_on_cubes_is_near_that_on_a_smooth_mesh(
    cubes: Path, smooth: Path, load: str
) -> None:
    found, expected = (read_json(case / "strength.json")["loads"][load] for case in (cubes, smooth))
    # scatter of cubes with their place on this femur (docs/theory.md)
    assert found["strength_N"] == pytest.approx(expected["strength_N"], rel=0.1)
    # what both meshes share falls out of the loss
    loss = expected["strength_loss_fraction"]
    assert found["strength_loss_fraction"] == pytest.approx(loss, abs=0.03)
    assert found["weakest_site"]["region"] == expected["weakest_site"]["region"]


def test_the_frame_does_not_feel_the_stairs(cubes: Path, smooth: Path) -> None:
    found, expected = (read_frame(case / "mesh/frame.json") for case in (cubes, smooth))
    assert np.linalg.norm(found.origin - expected.origin) < 0.1
    np.testing.assert_allclose(found.axes, expected.axes, atol=2e-3)


def test_the_mesh_is_said_to_be_of_cubes(cubes: Path) -> None:
    quality = read_json(cubes / "mesh/quality.json")
    assert (quality["element"], quality["fallback"]) == ("hex8", None)
    assert quality["volume_ratio"] == pytest.approx(1.0, abs=0.01)
    warned = read_json(cubes / "manifest.json")["warnings"]
    assert any(text.startswith("cubes (hex8)") for text in warned)
    assert not any("could be made" in text for text in warned)


def test_its_fields_and_models_are_exported(cubes: Path) -> None:
    folder = cubes / "fe/stance"
    assert {"field.vtu", "field.xdmf", "field.bin", "model.inp", "model.feb"} <= {
        path.name for path in folder.iterdir()
    }
    assert "TYPE=C3D8" in (folder / "model.inp").read_text()
    assert '<Elements type="hex8"' in (folder / "model.feb").read_text()


def test_a_bone_whose_surface_cannot_be_meshed_is_meshed_with_cubes(bridged: Path) -> None:
    quality = read_json(bridged / "mesh/quality.json")
    assert (quality["element"], quality["element_asked_for"]) == ("hex8", "tet10")
    assert quality["fallback"].startswith("NotWatertightError: ")
    assert read_json(bridged / "strength.json")["loads"]["stance"]["strength_N"] > 0.0


def test_manifest_and_report_say_that_it_was(bridged: Path) -> None:
    warnings = read_json(bridged / "manifest.json")["warnings"]
    assert any(text.startswith("no tet10 mesh could be made") for text in warnings)
    report = (bridged / "report/report.html").read_text()
    assert "Voxels in place of a smooth mesh" in report
    assert "hex8 cells of 4 mm" in report
