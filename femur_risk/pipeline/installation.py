"""Whether the packages that are imported are our own."""

import importlib.util
from pathlib import Path

from femur_fea.errors import MissingDependencyError

__all__ = ["PACKAGES", "check_packages", "foreign_packages"]

PACKAGES = ("femur_fea", "calibration", "meshing", "surrogate", "viz", "femur_risk")


def foreign_packages() -> tuple[str, ...]:
    """Return the names of our packages that another file or folder of that name hides."""
    home = _origin("femur_fea")
    return tuple(name for name in PACKAGES if home is None or _origin(name) != home)


def check_packages() -> None:
    """Raise unless every package lies beside `femur_fea`.

    Raises
    ------
    MissingDependencyError
        With the names of those that do not, such as a user's own viz.py.
    """
    foreign = foreign_packages()
    if foreign:
        raise MissingDependencyError(
            found=f"{', '.join(foreign)} imported from another place than femur_fea",
            expected="all packages of femur-fea beside each other",
            remedy="rename or leave the folder that holds a module of that name, and use the "
            "command femur-fea rather than python -m",
        )


def _origin(name: str) -> Path | None:
    """Return the folder that holds package `name`; None for a plain module or nothing."""
    spec = importlib.util.find_spec(name)
    if spec is None or not spec.submodule_search_locations:
        return None
    return Path(next(iter(spec.submodule_search_locations))).resolve().parent
