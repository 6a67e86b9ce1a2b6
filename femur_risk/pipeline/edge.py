"""Families of directions whose weakest one may lie beyond those that were tried."""

import warnings

from femur_fea.errors import FemurFEAWarning
from femur_fea.loads import LoadFamily, find_load

__all__ = ["warn_of_edge"]


def warn_of_edge(name: str, weakest: str, *, bone: str) -> None:
    """Warn if the weakest direction of a family lies at its edge: a weaker one may lie beyond.

    Parameters
    ----------
    name : str
        Name of a load or of a family of loads.
    weakest : str
        Name of the direction in which the bone is weakest.
    bone : str
        Which bone it is.
    """
    family = find_load(name)
    if isinstance(family, LoadFamily) and weakest in family.edge:
        warnings.warn(
            f"the direction of {name!r} in which the {bone} is weakest, {weakest}, lies at the "
            "edge of those that were tried: it may be weaker in one beyond",
            FemurFEAWarning,
            stacklevel=2,
        )
