"""The command line, called in this process."""

import sys
from collections.abc import Callable
from dataclasses import dataclass

import pytest

from femur_risk.cli import main


@dataclass(frozen=True)
class Answer:
    """What a command said."""

    code: int
    out: str
    err: str

    @property
    def explains(self) -> bool:
        """Whether there is one message with what was found, expected and to be done."""
        starts = [line.split()[0] for line in self.err.splitlines()]
        return starts == ["error", "found", "expected", "do"]


@pytest.fixture
def call(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> Callable[..., Answer]:
    def run(*arguments: object) -> Answer:
        monkeypatch.setattr(sys, "argv", ["femur-fea", *map(str, arguments)])
        with pytest.raises(SystemExit) as stopped:
            main()
        out, err = capfd.readouterr()
        return Answer(code=int(stopped.value.code or 0), out=out, err=err)

    return run
