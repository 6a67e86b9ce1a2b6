"""Fixtures that every test may use, and the record of what the verification tests compare."""

import json
import os
import platform
import shutil
import signal
import subprocess
import time
from pathlib import Path

import pytest

LIBRARIES = ("gmsh", "numpy", "scikit-fem", "scipy")
AGREEMENT = "agreement"  # the name under which a test reports a comparison


@pytest.fixture(scope="session", autouse=True)
def _heeded_signals() -> None:
    """Heed what a launcher such as nohup has programs ignore: children would inherit that."""
    for number in (signal.SIGHUP, signal.SIGINT):
        if signal.getsignal(number) is signal.SIG_IGN:
            default = signal.default_int_handler if number == signal.SIGINT else signal.SIG_DFL
            signal.signal(number, default)


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Folder of real CT and surfaces that lies beside the project."""
    folder = Path(__file__).resolve().parents[2] / "shared" / "data"
    if not folder.is_dir():
        pytest.skip("real data is not beside the project")
    return folder


def pytest_addoption(parser):
    parser.addoption(
        "--validation-record",
        type=Path,
        metavar="FILE",
        help="write what the verification tests compared to FILE, for docs/validation.py",
    )


def pytest_configure(config):
    path = config.getoption("--validation-record")
    gathers = not hasattr(config, "workerinput")  # of several processes, the one that reports
    if path is not None and gathers:
        config.pluginmanager.register(ValidationRecord(path))


class ValidationRecord:
    """Gathers every comparison of the fixture `agree`; writes them when the tests have ended."""

    def __init__(self, path: Path):
        self.path = path
        self.rows = []
        self.skipped = []

    def pytest_runtest_logreport(self, report):
        if report.skipped:
            self.skipped.append(report.nodeid)
        elif report.when == "call":
            self.rows += [row for name, row in report.user_properties if name == AGREEMENT]

    def pytest_sessionfinish(self):
        content = {
            "machine": machine(),
            "versions": versions(),
            "skipped": self.skipped,
            "rows": self.rows,
        }
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self.path.write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")


def machine() -> dict[str, object]:
    """Return what round-off and time may depend on."""
    return {
        "system": f"{platform.system()} {platform.machine()}",
        "cores": os.cpu_count(),
        "date": time.strftime("%Y-%m-%d"),
    }


def versions() -> dict[str, str]:
    """Return the versions of all that takes part in the comparisons."""
    from femur_fea import __version__
    from femur_risk.pipeline.versions import DOLFINX, versions_of

    found = {"python": platform.python_version(), "femur-fea": __version__}
    found |= versions_of((*DOLFINX, *LIBRARIES))
    ccx = shutil.which("ccx")
    if ccx is not None:
        answer = subprocess.run([ccx, "-v"], capture_output=True, text=True, check=False)
        found["calculix"] = answer.stdout.strip().removeprefix("This is Version ")
    return found
