"""Bone that is stiffer along one direction than across it."""

from dataclasses import dataclass

import numpy as np

from femur_fea.domain.arrays import BoolArray, FloatArray, check_shape, read_only
from femur_fea.domain.provenance import Provenance
from femur_fea.errors import OutOfRangeError

__all__ = ["TransverseCortex", "TransverseRatios"]

_PAIRS = np.array([[0, 0], [1, 1], [2, 2], [1, 2], [0, 2], [0, 1]])
_VOIGT = np.array([[0, 5, 4], [5, 1, 3], [4, 3, 2]])


@dataclass(frozen=True, slots=True, kw_only=True)
class TransverseRatios:
    """Elastic constants of a transversely isotropic material, over its axial modulus.

    Attributes
    ----------
    E_transverse : float, dimensionless
        Young's modulus across the axis over that along it.
    G_axial : float, dimensionless
        Shear modulus of a plane that holds the axis, over Young's modulus along the axis.
    nu_axial : float, dimensionless
        Transverse contraction over axial strain, under stress along the axis.
    nu_transverse : float, dimensionless
        Poisson's ratio within the plane across the axis.
    source : str
        Citation.
    provenance : {"published", "unverified"}
        Whether the numbers were checked against a published text.
    """

    E_transverse: float
    G_axial: float
    nu_axial: float
    nu_transverse: float
    source: str
    provenance: Provenance

    def __post_init__(self) -> None:
        # conditions for a positive energy of every strain: Lekhnitskii 1963
        volume = 1.0 - self.nu_transverse - 2.0 * self.nu_axial**2 * self.E_transverse
        if min(self.E_transverse, self.G_axial, volume, 1.0 + self.nu_transverse) <= 0.0:
            raise OutOfRangeError(
                found=f"elastic ratios E_transverse {self.E_transverse:.3g}, G_axial "
                f"{self.G_axial:.3g}, nu_axial {self.nu_axial:.3g}, nu_transverse "
                f"{self.nu_transverse:.3g}",
                expected="ratios with which every strain stores energy: positive moduli and "
                "1 - nu_transverse - 2 nu_axial^2 E_transverse > 0",
                remedy="check which of the two Poisson's ratios the source means",
            )

    @property
    def nu_alike(self) -> float:
        """Poisson's ratio of the isotropic material that resists dilatation alike, dimensionless.

        The smallest principal value of the compliance under normal stresses is that of nearly
        equal ones, which goes to zero in a material that keeps its volume. Over the next one it is
        (1 - 2 nu) / (1 + nu) in an isotropic material.
        """
        least, second, _ = np.linalg.eigvalsh(self.compliance[:3, :3])
        return float((second - least) / (2.0 * second + least))

    @property
    def compliance(self) -> FloatArray:
        """Strain per stress for an axial modulus of 1 along z, (6, 6), engineering shear."""
        across, along = 1.0 / self.E_transverse, -self.nu_axial
        within = -self.nu_transverse * across
        normal = np.array([[across, within, along], [within, across, along], [along, along, 1.0]])
        compliance = np.zeros((6, 6))
        compliance[:3, :3] = normal
        compliance[3:, 3:] = np.diag(
            [1.0 / self.G_axial, 1.0 / self.G_axial, 2.0 * (across - within)]
        )
        return compliance


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class TransverseCortex:
    """The part of a bone that is transversely isotropic, and its axis.

    Attributes
    ----------
    cells : (n_cells,), bool
        Which cells are; all others are isotropic.
    axis : (3,)
        Unit vector along which they are stiffest, LPS.
    ratios : TransverseRatios
        Their elastic constants over the axial modulus.
    """

    cells: BoolArray
    axis: FloatArray
    ratios: TransverseRatios

    def __post_init__(self) -> None:
        check_shape("cells", self.cells, (None,))
        check_shape("axis", self.axis, (3,))
        if abs(float(np.linalg.norm(self.axis)) - 1.0) > 1e-9:
            raise OutOfRangeError(
                found=f"an axis of length {float(np.linalg.norm(self.axis)):.6g}",
                expected="a unit vector",
                remedy="divide it by its length",
            )
        object.__setattr__(self, "cells", read_only(np.asarray(self.cells, dtype=bool)))
        object.__setattr__(self, "axis", read_only(np.asarray(self.axis, dtype=float)))

    @property
    def across(self) -> FloatArray:
        """Two unit vectors across the axis that with it form a right-handed triad, (2, 3)."""
        least = np.eye(3)[int(np.abs(self.axis).argmin())]
        first = np.cross(self.axis, least)
        first /= np.linalg.norm(first)
        return np.stack([first, np.cross(self.axis, first)])

    @property
    def unit_stiffness(self) -> FloatArray:
        """Stress per strain for an axial modulus of 1, (6, 6), LPS, engineering shear."""
        local = np.linalg.inv(self.ratios.compliance)[_VOIGT[:, :, None, None], _VOIGT]
        turn = np.vstack([self.across, self.axis]).T
        world = np.einsum("ia,jb,kc,ld,abcd->ijkl", turn, turn, turn, turn, local, optimize=True)
        i, j = _PAIRS.T
        return np.asarray(world[i[:, None], j[:, None], i, j])
