"""One demonstration for all tests of this folder: it takes half a minute."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

type Femur = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="session")
def femur_fea() -> Femur:
    """Call the command line in a process of its own."""

    def call(*arguments: object, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "femur_risk.cli", *map(str, arguments)],
            capture_output=True,
            text=True,
            check=False,
            cwd=cwd,
            env={**os.environ, "OMP_NUM_THREADS": "1"},
        )

    return call


@pytest.fixture(scope="session")
def demo_output(
    femur_fea: Femur, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, subprocess.CompletedProcess[str]]:
    """Folder and output of a coarse demonstration; leave the folder as it is."""
    out = tmp_path_factory.mktemp("demo")
    done = femur_fea("demo", "--out", out, "--edge-length-mm", "4", "--json")
    assert done.returncode == 0, done.stderr
    return out, done


@pytest.fixture(scope="session")
def demo(demo_output: tuple[Path, subprocess.CompletedProcess[str]]) -> Path:
    """Folder of the demonstration: virtual-0-input/ and virtual-0/."""
    return demo_output[0]
