"""One demonstration for all tests of this folder: it takes half a minute."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

type Place = tuple[str, ...]  # keys from the outermost; a list of tables ends in []
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
    """Folder of the demonstration: virtual-4547-input/ and virtual-4547/."""
    return demo_output[0]


@dataclass(frozen=True)
class Artefacts:
    """What docs/artefacts.md explains: keys by file; a name in <> stands for any."""

    keys: dict[Place, list[Place]]

    def unexplained(self, folder: Path) -> list[str]:
        """Return every key in the JSON files of a run that is not explained."""
        return [
            f"{path.relative_to(folder)}: {'.'.join(place)}"
            for path in sorted(folder.rglob("*.json"))
            for place, value in nodes(json.loads(path.read_text(encoding="utf-8")))
            if value in (None, [], {}) or not isinstance(value, dict | list)
            if not self._explains(path.relative_to(folder).parts, place, value)
        ]

    def _explains(self, file: Place, place: Place, value: object) -> bool:
        known = next((keys for name, keys in self.keys.items() if matches(name, file)), [])
        items = (*place[:-1], f"{place[-1]}[]")
        return any(
            matches(key, place) or (value == [] and matches(key[: len(items)], items))
            for key in known
        )

    def absent(self, file: str, content: object) -> list[str]:
        """Return every explained key of a file that is not there, unless what holds it is empty."""
        found = dict(nodes(content))
        empty = [place for place, value in found.items() if value in (None, [], {})]
        return [
            ".".join(key)
            for key in self.keys[tuple(file.split("/"))]
            if not any(matches(key, place) for place in found)
            if not any(matches(key[: len(place)], place) for place in empty)
        ]


def matches(key: Place, place: Place) -> bool:
    """Whether an explained key or file speaks of a place."""
    return len(key) == len(place) and all(
        name == part or (name[0] == "<" and name[-1] == ">")
        for name, part in zip(key, place, strict=True)
    )


def nodes(value: object, place: Place = ()) -> Iterator[tuple[Place, object]]:
    """Yield every place in a JSON value, with what is there."""
    if place:
        yield place, value
    if isinstance(value, dict):
        for key, item in value.items():
            yield from nodes(item, (*place, key))
    elif isinstance(value, list) and value and isinstance(value[0], dict):
        for item in value:
            yield from nodes(item, (*place[:-1], f"{place[-1]}[]"))


@pytest.fixture(scope="session")
def artefacts() -> Artefacts:
    """Return what docs/artefacts.md explains."""
    page = Path(__file__).resolve().parents[2] / "docs/artefacts.md"
    keys: dict[Place, list[Place]] = {}
    for line in page.read_text(encoding="utf-8").splitlines():
        if line.startswith("## "):
            rows = keys.setdefault(tuple(line.removeprefix("## ").split("/")), [])
        elif found := re.match(r"\| `([^`]+)` \|", line):
            rows.append(tuple(found[1].split(".")))
    return Artefacts(keys)
