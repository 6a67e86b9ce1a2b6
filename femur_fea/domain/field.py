"""Material fields on a mesh."""

from dataclasses import dataclass

import numpy as np

from femur_fea.domain.arrays import FloatArray, check_finite, check_shape, read_only
from femur_fea.domain.samples import check_sample_count
from femur_fea.domain.transverse import TransverseCortex
from femur_fea.errors import NoStiffnessError, OutOfRangeError

__all__ = ["ElasticField"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ElasticField:
    """Elasticity on the cells of a mesh, isotropic but for the cortex where it has a direction.

    Attributes
    ----------
    E_modulus : (n_cells, n_samples), MPa
        Young's modulus; one sample means constant on the cell, four (tetrahedra) or eight (hex8)
        mean the integration points of `femur_fea.domain.integration_points`, in that order. In
        the cortex it is that along the axis.
    nu : float
        Poisson's ratio of isotropic cells.
    cortex : TransverseCortex or None
        Which cells are transversely isotropic; None where none is.
    """

    E_modulus: FloatArray
    nu: float
    cortex: TransverseCortex | None = None

    def __post_init__(self) -> None:
        check_sample_count("E_modulus", self.E_modulus)
        check_finite("E_modulus", self.E_modulus)
        lowest = float(self.E_modulus.min())
        if lowest <= 0.0:
            count = int(np.count_nonzero(self.E_modulus <= 0.0))
            everywhere = " everywhere" if count == self.E_modulus.size else ""
            raise NoStiffnessError(
                found=f"Young's modulus of {lowest:.3g} MPa, {count} samples not positive"
                f"{everywhere}",
                expected="a positive modulus everywhere",
                remedy="apply a modulus floor when mapping, or check the calibration",
            )
        if not -1.0 < self.nu < 0.5:
            raise OutOfRangeError(
                found=f"Poisson's ratio {self.nu:.3g}",
                expected="a value between -1 and 0.5",
                remedy="use the ratio that belongs to the material law",
            )
        if self.cortex is not None:
            check_shape("cells of the cortex", self.cortex.cells, (len(self.E_modulus),))
        object.__setattr__(self, "E_modulus", read_only(self.E_modulus))

    @property
    def unit_stiffness(self) -> FloatArray:
        """Stress per strain of isotropic cells over their modulus, (6, 6), engineering shear."""
        first = self.nu / ((1.0 + self.nu) * (1.0 - 2.0 * self.nu))
        shear = 0.5 / (1.0 + self.nu)
        stiffness = np.diag(np.repeat([2.0 * shear, shear], 3))
        stiffness[:3, :3] += first
        return stiffness
