"""A run as figures and as files for other programs."""

import json
import struct
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import pyvista as pv

from femur_fea.errors import ConfigError
from femur_risk.exports import export_lesion, export_run
from femur_risk.gallery import draw_gallery
from femur_risk.opened import ViewedRun, read_solution
from viz import ImagePlane, SliceImages, draw_slice

STRESS = {"load": "stance", "field": "stress", "healed": False}
VOLUME = 30.0 * 20.0 * 120.0  # mm3


def test_the_surface_for_other_programs_is_closed_faces_outwards_and_lies_in_the_scan(
    bar: ViewedRun, tmp_path: Path
) -> None:
    export_run(bar, tmp_path / "bone.stl", **STRESS)
    surface = pv.read(tmp_path / "bone.stl")
    assert surface.volume == pytest.approx(VOLUME, rel=1e-6)
    np.testing.assert_allclose(
        np.reshape(surface.bounds, (3, 2)).T,
        [bar.mesh.points.min(axis=0), bar.mesh.points.max(axis=0)],
        atol=1e-4,
    )
    outward = surface.compute_normals(
        cell_normals=True, consistent_normals=False, auto_orient_normals=False
    )
    off = outward.cell_centers().points - bar.mesh.points.mean(axis=0)
    assert np.einsum("ij,ij->i", outward.cell_data["Normals"], off).min() > 0.0


def test_the_lesion_alone_is_closed_faces_outwards_and_lies_in_the_scan(
    bar: ViewedRun, tmp_path: Path
) -> None:
    export_lesion(bar, tmp_path / "lesion.stl")
    surface = pv.read(tmp_path / "lesion.stl")
    lesion = bar.lesion
    assert lesion is not None
    assert surface.n_open_edges == 0
    voxels = lesion.grid.to_world(np.argwhere(lesion.inside).astype(float))
    of_voxels = len(voxels) * float(np.prod(lesion.grid.spacing))
    # smoothed where the mask has steps
    assert surface.volume == pytest.approx(of_voxels, rel=0.3)
    np.testing.assert_allclose(surface.center_of_mass(), voxels.mean(axis=0), atol=0.5)
    with pytest.raises(ConfigError, match=r"suffix of --out = 'glb'"):
        export_lesion(bar, tmp_path / "lesion.glb")


def test_every_polygon_of_a_vtp_carries_the_fields_of_its_cell(
    bar: ViewedRun, tmp_path: Path
) -> None:
    export_run(bar, tmp_path / "bone.vtp", **STRESS)
    surface = pv.read(tmp_path / "bone.vtp")
    stored = read_solution(bar, "stance", healed=False).fields["stress"]
    np.testing.assert_allclose(surface.cell_data["stress_MPa"], stored[surface.cell_data["cell"]])


def test_a_glb_holds_the_bone_in_metres_with_y_up_in_its_colours(
    bar: ViewedRun, tmp_path: Path
) -> None:
    export_run(bar, tmp_path / "bone.glb", **STRESS)
    data = (tmp_path / "bone.glb").read_bytes()
    magic, version, length, header, _ = struct.unpack_from("<4sIII4s", data)
    assert (magic, version, length) == (b"glTF", 2, len(data))
    document = json.loads(data[20 : 20 + header])
    assert [mesh["name"] for mesh in document["meshes"]] == ["bone", "lesion", "site"]
    place = document["accessors"][document["meshes"][0]["primitives"][0]["attributes"]["POSITION"]]
    np.testing.assert_allclose(place["min"], [-0.015, -0.12, -0.01], atol=1e-6)
    np.testing.assert_allclose(place["max"], [0.015, 0.0, 0.01], atol=1e-6)
    colour = document["bufferViews"][1]
    start = 28 + header + colour["byteOffset"]
    rgba = np.frombuffer(data[start : start + colour["byteLength"]], np.uint8).reshape(-1, 4)
    assert len(np.unique(rgba, axis=0)) > 10


def test_a_turntable_turns_once(bar: ViewedRun, tmp_path: Path) -> None:
    from PIL import Image, ImageSequence

    export_run(bar, tmp_path / "bone.gif", **STRESS)
    with Image.open(tmp_path / "bone.gif") as gif:
        frames = [
            np.asarray(each.convert("L"), dtype=float) for each in ImageSequence.Iterator(gif)
        ]
    assert len(frames) == 24
    # broad from the front, narrow from the side
    wide, narrow = ((frames[k][100:500] < 200).any(axis=0).sum() for k in (0, 6))
    assert narrow / wide == pytest.approx(20.0 / 30.0, abs=0.1)


@pytest.mark.parametrize(
    ("file", "change"),
    [("a.exe", {}), ("a.stl", {"load": "../x"}), ("a.glb", {"field": "beauty"})],
)
def test_what_cannot_be_exported_is_refused(
    bar: ViewedRun, tmp_path: Path, file: str, change: dict[str, str]
) -> None:
    with pytest.raises(ConfigError):
        export_run(bar, tmp_path / file, **{**STRESS, **change})
    assert not (tmp_path / file).exists()


def test_all_figures_of_a_run_stand_on_the_contact_sheet(bar: ViewedRun, tmp_path: Path) -> None:
    said: list[str] = []
    pictures = draw_gallery(bar, tmp_path, drawn=said.append)
    assert [path.name for path in pictures] == said
    assert {"density.png", "stance_slices.png", "stance_deformed.png", "contact.png"} <= set(said)


def test_a_slice_shows_the_lesion_where_it_lies(bar: ViewedRun) -> None:
    low, high = bar.box
    plane = ImagePlane.around(1, 0.0, low, high, pixel=0.5)
    assert bar.lesion is not None
    grid, inside = bar.lesion.grid, bar.lesion.inside
    images = SliceImages(
        frame=bar.frame,
        grid=grid,
        values=np.where(inside, 0.0, 900.0),
        window=(0.0, 900.0),
        femur=np.zeros(grid.shape, dtype=bool),
        lesion=None,
    )
    picture = draw_slice(plane, images, None)
    row, column = np.nonzero(picture[:, :, 0] < 0.5)
    seen = plane.point_at(column.mean() + 0.5, row.mean() + 0.5)
    np.testing.assert_allclose(seen, [8.0, 0.0, -60.0], atol=0.5)
    np.testing.assert_allclose(plane.pixel_of(seen), [column.mean() + 0.5, row.mean() + 0.5])


@pytest.mark.parametrize("words", [(), ("--lesion",)])
def test_the_command_says_which_file_it_wrote(
    bar_folder: Path, words: tuple[str, ...], tmp_path: Path
) -> None:
    out = tmp_path / "bone.stl"
    command = [sys.executable, "-m", "femur_risk.cli", "export", str(bar_folder)]
    done = subprocess.run(
        [*command, "--out", str(out), *words], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == ["wrote", str(out)]
    assert out.stat().st_size > 84  # more than the head of an STL file
