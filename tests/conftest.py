"""Fixtures that every test may use, and the record of what the verification tests compare."""

import signal
from pathlib import Path

import pytest

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
        from benchmarks.machine import write_results

        write_results(self.path, {"skipped": self.skipped, "rows": self.rows})
