"""The finite-element library, imported in the order that it needs."""

import importlib
import importlib.util

import numpy as np

from femur_fea.errors import MissingDependencyError
from femur_fea.signals import kept_signals

__all__ = ["require_dolfinx"]


def require_dolfinx() -> None:
    """Import DOLFINx, through the wheel `dolfinx-solver-real` where that is what is installed.

    The wheel's own module loads MPI before any compiled library, so it comes first. A conda
    installation has no such module and needs none.

    Raises
    ------
    MissingDependencyError
        If DOLFINx is absent, or was built without PETSc or for complex numbers.
    """
    if importlib.util.find_spec("dolfinx_solver") is not None:
        importlib.import_module("dolfinx_solver")
    if importlib.util.find_spec("dolfinx") is None:
        raise MissingDependencyError(
            found="no DOLFINx in this environment",
            expected="DOLFINx 0.11 with PETSc",
            remedy="install dolfinx-solver-real with pip, or fenics-dolfinx with conda",
        )
    with kept_signals():
        dolfinx = importlib.import_module("dolfinx")
    scalar = getattr(dolfinx, "default_scalar_type", None)
    if not dolfinx.has_petsc4py or scalar is not np.float64:
        raise MissingDependencyError(
            found=f"DOLFINx {dolfinx.__version__} with scalars {scalar} and petsc4py "
            f"{'present' if dolfinx.has_petsc4py else 'absent'}",
            expected="double-precision real numbers and petsc4py",
            remedy="install dolfinx-solver-real in place of the complex build",
        )
