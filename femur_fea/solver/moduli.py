"""Stiffness of the material at integration points, and the stress that follows from strain.

Arrays are (k, n_points), in the order of `femur_fea.solver.points`. With k = 2 the material is
isotropic: Lame's first and the shear modulus. With k = 21 it is any linear material: the symmetric
matrix from strain to stress, its rows from the diagonal on, Voigt xx yy zz yz xz xy with
engineering shear. Both are taken by `Kinematics.packed`.
"""

import numpy as np

from femur_fea.domain import ElasticField, FloatArray, IntArray
from femur_fea.solver.points import by_component

__all__ = ["elastic_moduli", "general_moduli", "place", "stress_of"]

_PLACES = {pair: k for k, pair in enumerate((i, j) for i in range(6) for j in range(i, 6))}


def elastic_moduli(elastic: ElasticField, cells: IntArray, n_samples: int) -> FloatArray:
    """Return the moduli at the `n_samples` points of each of `cells`, (2 or 21, n_points), MPa."""
    E = by_component(elastic.E_modulus[cells], n_samples).astype(float)
    if elastic.cortex is not None:
        in_cortex = np.tile(elastic.cortex.cells[cells], n_samples)
        unit = (elastic.unit_stiffness, elastic.cortex.unit_stiffness)
        return np.stack([E * np.where(in_cortex, unit[1][ij], unit[0][ij]) for ij in _PLACES])
    shear = 0.5 * E / (1.0 + elastic.nu)
    lame = E * elastic.nu / ((1.0 + elastic.nu) * (1.0 - 2.0 * elastic.nu))
    return np.stack([lame, shear])


def place(i: int, j: int) -> int:
    """Return in which row of a general material entry (i, j) of its matrix stands."""
    return _PLACES[min(i, j), max(i, j)]


def general_moduli(moduli: FloatArray) -> FloatArray:
    """Return an isotropic material (2, n_points) as a general one, (21, n_points), MPa."""
    lame, shear = moduli
    general = np.zeros((len(_PLACES), moduli.shape[1]))
    for i in range(3):
        for j in range(i, 3):
            general[place(i, j)] = lame
        general[place(i, i)] += 2.0 * shear
        general[place(i + 3, i + 3)] = shear
    return general


def stress_of(moduli: FloatArray, strain: FloatArray) -> FloatArray:
    """Return the stress (6, n_points), MPa, of a strain (6, n_points) in a material of any kind."""
    if len(moduli) == 2:
        lame, shear = moduli
        stress = strain * shear
        stress[:3] *= 2.0
        stress[:3] += lame * strain[:3].sum(axis=0)
        return np.asarray(stress)
    stress = np.zeros_like(strain)
    for (i, j), row in _PLACES.items():
        stress[i] += moduli[row] * strain[j]
        if j > i:
            stress[j] += moduli[row] * strain[i]
    return stress
