"""Files that appear whole or not at all."""

import subprocess
import sys
from pathlib import Path

import pytest

from femur_fea.errors import ConfigError
from femur_fea.io import atomic_path


def test_a_file_appears_when_the_block_ends_and_not_before(tmp_path: Path) -> None:
    path = tmp_path / "new" / "ct.nii.gz"
    with atomic_path(path) as temporary:
        assert temporary.parent == path.parent
        assert temporary.name.endswith(".nii.gz")
        temporary.write_text("whole")
        assert not path.exists()
    assert path.read_text() == "whole"
    assert list(path.parent.iterdir()) == [path]


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt, SystemExit])
def test_whatever_ends_the_block_leaves_the_older_file(
    error: type[BaseException], tmp_path: Path
) -> None:
    path = tmp_path / "a.json"
    path.write_text("old")

    def write_half() -> None:
        with atomic_path(path) as temporary:
            temporary.write_text("half")
            raise error

    with pytest.raises(error):
        write_half()
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_file_where_a_folder_should_be_is_told(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("a file")
    with (
        pytest.raises(ConfigError, match=r"^'a\.json' cannot be used"),
        atomic_path(tmp_path / "out" / "a.json"),
    ):
        pass


def test_an_error_of_the_system_about_another_file_keeps_its_kind(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError), atomic_path(tmp_path / "a.json"):
        (tmp_path / "absent").read_text()


WRITERS = {
    "a.nii": "write_image(path, ImageGrid(shape=(50, 50, 50), affine=np.eye(4)), noise)",
    "a.nii.gz": "write_image(path, ImageGrid(shape=(50, 50, 50), affine=np.eye(4)), noise)",
    "a.vtu": "write_mesh(path, mesh, point_data={'noise': noise.ravel()[:40000].reshape(4, -1)})",
    "a.json": "write_json(path, {'noise': noise})",
}
SCRIPT = """
import resource, signal, sys
from pathlib import Path
import numpy as np
from femur_fea.domain import BoneMesh, ImageGrid
from femur_fea.errors import DiskSpaceError
from femur_fea.io import write_image, write_json, write_mesh

path = Path(sys.argv[1])
noise = np.random.default_rng(0).random((50, 50, 50))
mesh = BoneMesh(points=np.vstack([np.zeros(3), np.eye(3)]), cells=np.array([[0, 1, 2, 3]]),
                kind="tet10", side="left")
path.write_text("old")
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (1000, resource.RLIM_INFINITY))
try:
    {call}
except DiskSpaceError as error:
    assert path.name in str(error) and path.parent.name not in str(error), error
    assert path.read_text() == "old"
    assert list(path.parent.iterdir()) == [path]
    sys.exit(42)
"""


@pytest.mark.parametrize("name", list(WRITERS))
def test_a_file_that_the_system_cuts_short_ends_in_a_disk_space_error(
    name: str, tmp_path: Path
) -> None:
    # a limit on the size of files stops a write half-way as a full disk does, on any machine
    script = SCRIPT.format(call=WRITERS[name])
    command = [sys.executable, "-c", script, str(tmp_path / name)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (42, "", "")
