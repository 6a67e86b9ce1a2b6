"""A run of a small bar of bone, in the files that a run leaves, and a viewer of it."""

import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import numpy as np
import pytest

from femur_fea.domain import BoneMesh, FemoralFrame, ImageGrid
from femur_fea.io import write_frame, write_image, write_json, write_mesh
from femur_risk.opened import ViewedRun, open_run

SIZE = np.array([30.0, 20.0, 120.0])  # mm: lateral, anterior, proximal
EDGE = 5.0
CASE_ID = "<b>bar</b>"
HU, LESION_HU = 900.0, 0.0
DENSITY_PER_HU = 1e-3  # g/cm3


def _bar() -> BoneMesh:
    square = np.array([[0, 0, 0], [1, 0, 0], [1, 1, 0], [0, 1, 0]])
    brick = np.concatenate([square, square + np.array([0, 0, 1])])
    voxels = np.argwhere(np.ones((SIZE / EDGE).astype(int), dtype=bool))
    cells = voxels[:, None] + brick
    corners, index = np.unique(cells.reshape(-1, 3), axis=0, return_inverse=True)
    # the proximal end at the origin of the frame
    points = EDGE * corners - SIZE * [0.5, 0.5, 1.0]
    return BoneMesh(points=points, cells=index.reshape(-1, 8), kind="hex8", side="left")


def _frame() -> FemoralFrame:
    """Lateral is +x in LPS for a left femur, anterior -y."""
    return FemoralFrame(
        origin=np.zeros(3),
        axes=np.diag([1.0, -1.0, 1.0]),
        side="left",
        head_radius=20.0,
        neck_axis=np.array([0.0, 0.0, 1.0]),
        shaft_point=np.array([0.0, 0.0, -40.0]),
        neck_shaft_angle=2.2,
        shaft_length=80.0,
        shaft_reference="shaft",
    )


def _write_solution(folder: Path, mesh: BoneMesh, *, stronger: float) -> None:
    """Write fields that rise from the distal to the proximal end, of a twin less steeply."""
    height = (mesh.centroids[:, 2] + SIZE[2]) / SIZE[2]
    stress = np.zeros((mesh.n_cells, 6))
    stress[:, 2] = 40.0 * height / stronger
    strain = np.zeros((mesh.n_cells, 6))
    strain[:, 2] = -0.004 * height / stronger
    strain[:, :2] = -0.3 * strain[:, [2]]
    bent = np.zeros((mesh.n_points, 3))
    bent[:, 0] = 0.2 * ((mesh.points[:, 2] + SIZE[2]) / SIZE[2]) ** 2
    folder.mkdir(parents=True)
    write_mesh(
        folder / "field.vtu",
        mesh,
        point_data={"displacement_mm": bent},
        cell_data={
            "E_modulus_MPa": 1000.0 + 9000.0 * height,
            "strain": strain,
            "stress_MPa": stress,
            "risk_factor": 1.4 * height / stronger,
            "judged": np.ones(mesh.n_cells, dtype=bool),
        },
    )
    result = {
        "load": "stance",
        "quantity": "force",
        "fields_force_N": 1000.0,
        "strength_N": 5000.0 * stronger,
        "weakest_site": {"point_mm": [15.0, 0.0, -10.0], "region": "neck", "mode": "tension"},
    }
    write_json(folder / "result.json", result)


@pytest.fixture(scope="session")
def bar_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder of the run."""
    folder = tmp_path_factory.mktemp("viewed") / "secret-name"
    mesh = _bar()
    for place in ("mesh", "segmentation", "calibration"):
        (folder / place).mkdir(parents=True)
    write_json(folder / "manifest.json", {"case_id": CASE_ID})
    (folder / "run.toml").write_text("[input]\nsimulated = true\n", encoding="utf-8")
    write_mesh(folder / "mesh/bone.vtu", mesh)
    write_frame(folder / "mesh/frame.json", _frame())
    write_json(folder / "mesh/quality.json", {"element": "hex8"})
    affine = np.diag([2.0, 2.0, 2.0, 1.0])
    affine[:3, 3] = -20.0, -14.0, -130.0
    grid = ImageGrid(shape=(20, 14, 70), affine=affine)
    index = np.moveaxis(np.indices(grid.shape), 0, -1).reshape(-1, 3)
    place = grid.to_world(index).reshape(*grid.shape, 3)
    lesion = np.linalg.norm(place - [8.0, 0.0, -60.0], axis=-1) < 7.0
    write_image(folder / "segmentation/lesion.nii.gz", grid, lesion)
    femur = np.all((place[..., :2] > [-15, -10]) & (place[..., :2] < [15, 10]), axis=-1)
    femur &= (place[..., 2] > -120.0) & (place[..., 2] < 0.0)
    write_image(folder / "segmentation/femur.nii.gz", grid, femur)
    hu = np.where(lesion, LESION_HU, HU)
    write_image(folder / "segmentation/ct.nii.gz", grid, hu)
    write_image(folder / "calibration/density.nii.gz", grid, DENSITY_PER_HU * hu)
    _write_solution(folder / "fe/stance", mesh, stronger=1.0)
    _write_solution(folder / "fe/stance@healed", mesh, stronger=1.25)
    return folder


@pytest.fixture(scope="session")
def weak_bar(bar: ViewedRun, tmp_path_factory: pytest.TempPathFactory) -> ViewedRun:
    """The same bone with twice the stress, another time."""
    folder = tmp_path_factory.mktemp("later") / "run"
    shutil.copytree(bar.folder, folder, ignore=shutil.ignore_patterns("fe"))
    _write_solution(folder / "fe/stance", bar.mesh, stronger=0.5)
    return open_run(folder)


@pytest.fixture(scope="session")
def bar(bar_folder: Path) -> ViewedRun:
    """The run."""
    return open_run(bar_folder)


class Served:
    """A viewer at work: its process and where its page is."""

    def __init__(self, *folders: Path) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "femur_risk.cli", "view", *map(str, folders), "--no-browser"],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            env={**os.environ, "OMP_NUM_THREADS": "1"},
        )
        assert self.process.stdout is not None
        self.said = self.process.stdout.readline()
        found = re.fullmatch(r"(http://127\.0\.0\.1:\d+/\?token=\S+)\n", self.said)
        assert found, self.said
        self.address = found[1]
        parts = urlsplit(self.address)
        self.port = parts.port
        self.token = parse_qs(parts.query)["token"][0]

    def end(self) -> tuple[int, str]:
        """Press Ctrl-C; return the exit status and all that was said."""
        self.process.send_signal(signal.SIGINT)
        rest, _ = self.process.communicate(timeout=20)
        return self.process.returncode, self.said + rest


@pytest.fixture(scope="session")
def serve_run() -> type[Served]:
    """Start a viewer of a folder."""
    return Served


@pytest.fixture(scope="session")
def served(bar_folder: Path) -> Iterator[Served]:
    """A viewer of the run."""
    viewer = Served(bar_folder)
    yield viewer
    if viewer.process.poll() is None:
        viewer.end()
