"""Poisson's ratios with which elements that know displacements alone become too stiff.

As Poisson's ratio goes to 0.5 a material keeps its volume, and cells that must do so at every
integration point can hardly deform. Bone, with 0.3 to 0.4, is far from it.
"""

import warnings

from femur_fea.domain import BoneMesh, ElasticField
from femur_fea.errors import FemurFEAWarning, IncompressibleError

__all__ = ["check_compressible"]

# modelling choices, by the bent bar of docs/theory.md
_LARGEST = 0.49
_LARGEST_OF_LINEAR_CELLS = 0.4


def check_compressible(mesh: BoneMesh, elastic: ElasticField) -> None:
    """Raise or warn where Poisson's ratio makes cells lock.

    A cortex with a direction is taken for the isotropic material that resists dilatation alike.

    Raises
    ------
    IncompressibleError
        If no element follows the material.
    """
    _check_ratio(mesh, elastic.nu, f"Poisson's ratio {elastic.nu:g}")
    if elastic.cortex is not None:
        nu = elastic.cortex.ratios.nu_alike
        _check_ratio(mesh, nu, f"a cortex as near to incompressible as Poisson's ratio {nu:.3g}")


def _check_ratio(mesh: BoneMesh, nu: float, found: str) -> None:
    if nu > _LARGEST:
        raise IncompressibleError(
            found=found,
            expected=f"at most {_LARGEST:g}: elements that know displacements alone lock in a "
            "material that keeps its volume",
            remedy="use the ratios of bone, 0.3 to 0.4, or another program for rubber-like "
            "material",
        )
    if mesh.kind != "tet10" and nu > _LARGEST_OF_LINEAR_CELLS:
        warnings.warn(
            f"{found} with {mesh.kind}, which locks: against 0.3 a bent bar came out 1.5 times as "
            "stiff with tet4 at 0.45 and 3.5 times at 0.49, 1.1 and 1.4 times with hex8; use tet10",
            FemurFEAWarning,
            stacklevel=4,
        )
