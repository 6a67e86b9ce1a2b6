"""Versions of this software and of the libraries that take part."""

import platform
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.metadata import PackageNotFoundError, version

from femur_fea import __version__

__all__ = ["DOLFINX", "installed_versions", "join_versions", "versions_of"]

DOLFINX = ("dolfinx-solver-real", "fenics-dolfinx")  # as pip and as conda call it

_LIBRARIES = (
    *DOLFINX,
    "gmsh",
    "meshio",
    "numpy",
    "pydantic",
    "pydicom",
    "pyvista",
    "scipy",
    "SimpleITK",
    "vtk",
)


def versions_of(names: Iterable[str]) -> dict[str, str]:
    """Return the versions of those distributions that are installed, by name."""
    found = {name: _version_of(name) for name in names}
    return {name: number for name, number in found.items() if number is not None}


def installed_versions() -> dict[str, str]:
    """Return the versions of Python, of this software and of the libraries that take part."""
    return {
        "python": platform.python_version(),
        "femur-fea": __version__,
        **versions_of(_LIBRARIES),
    }


def join_versions(several: Iterable[Mapping[str, str]]) -> dict[str, str]:
    """Return one mapping of several; a library of which there were two names both versions."""
    joined: dict[str, list[str]] = {}
    for versions in several:
        for name, number in versions.items():
            joined.setdefault(name, [])
            if number not in joined[name]:
                joined[name].append(number)
    return {name: ", ".join(numbers) for name, numbers in joined.items()}


@cache  # each look reads and parses a file, and a run asks hundreds of times
def _version_of(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None
