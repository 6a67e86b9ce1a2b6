"""Strain from displacement, and nodal forces from stress, quickly and many times.

Points are in the order of `femur_fea.solver.points`.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from femur_fea.domain import FloatArray, IntArray
from femur_fea.mapping import reference_points
from femur_fea.solver.element import reference_gradients, shape_derivatives
from femur_fea.solver.space import DisplacementSpace

__all__ = ["Kinematics", "kinematics"]

_BLOCK = 2048  # cells whose working arrays fit in the cache of a core
_SHEAR = ((3, 1, 2), (4, 0, 2), (5, 0, 1))
_ROW = ((0, 5, 4), (5, 1, 3), (4, 3, 2))  # Voigt index of the stress tensor's rows


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Kinematics:
    """The geometry of the integration points of one displacement space.

    Attributes
    ----------
    nodes : (n_functions, n_cells)
        Nodes of each cell.
    n_nodes : int
        Number of nodes.
    derivatives : (3 n_samples, n_functions), dimensionless
        Derivatives of the shape functions by the reference coordinates at a cell's points.
    gradients : (3, 3, n_cells), 1/mm
        Element [k, j] is the derivative of reference coordinate k along axis j.
    weight : (n_cells,), mm3
        Volume that each integration point of a cell stands for.
    """

    nodes: IntArray
    n_nodes: int
    derivatives: FloatArray
    gradients: FloatArray
    weight: FloatArray

    @property
    def n_samples(self) -> int:
        """Integration points of a cell."""
        return len(self.derivatives) // 3

    def strain(self, u: FloatArray) -> FloatArray:
        """Return the strain (6, n_points) of nodal displacements (n_nodes, 3), mm."""
        components = np.ascontiguousarray(u.T)
        strain = np.empty((6, self.n_samples, len(self.weight)))
        for block in self._blocks():
            gradients = self.gradients[:, :, block]
            by_reference = self.derivatives @ components[:, self.nodes[:, block]]
            slopes = by_reference.reshape(3, self.n_samples, 3, -1)
            for i in range(3):
                strain[i, :, block] = _contract(slopes[i], gradients[:, i])
            for row, i, j in _SHEAR:
                strain[row, :, block] = _contract(slopes[i], gradients[:, j])
                strain[row, :, block] += _contract(slopes[j], gradients[:, i])
        return strain.reshape(6, -1)

    def force(self, stress: FloatArray) -> FloatArray:
        """Return the nodal forces (n_nodes, 3), N, that balance a stress (6, n_points), MPa."""
        values = stress.reshape(6, self.n_samples, -1)
        of_cell = np.empty((3, *self.nodes.shape))
        for block in self._blocks():
            gradients = self.gradients[:, :, block] * self.weight[block]
            for i, row in enumerate(_ROW):
                flux = np.stack(
                    [_traction(values[:, :, block], row, gradients[k]) for k in range(3)], axis=1
                )
                of_cell[i][:, block] = self.derivatives.T @ flux.reshape(len(self.derivatives), -1)
        nodes = self.nodes.ravel()
        forces = [
            np.bincount(nodes, weights=of_cell[i].ravel(), minlength=self.n_nodes) for i in range(3)
        ]
        return np.stack(forces, axis=1)

    def integral(self, values: FloatArray) -> float:
        """Return the integral over the bone of values (n_points,) at the integration points."""
        return float(values.reshape(self.n_samples, -1).sum(axis=0) @ self.weight)

    def _blocks(self) -> Iterator[slice]:
        for start in range(0, len(self.weight), _BLOCK):
            yield slice(start, start + _BLOCK)


def kinematics(space: DisplacementSpace) -> Kinematics:
    """Return the geometry of the integration points of `space`."""
    kind = space.mesh.kind
    derivatives = shape_derivatives(kind, reference_points(kind)).transpose(0, 2, 1)
    gradients = reference_gradients(space.mesh)
    return Kinematics(
        nodes=np.ascontiguousarray(space.cell_dofs.T),
        n_nodes=space.n_nodes,
        derivatives=np.ascontiguousarray(derivatives.reshape(-1, derivatives.shape[2])),
        gradients=np.ascontiguousarray(gradients.transpose(1, 2, 0)),
        weight=space.mesh.cell_volumes / len(derivatives),
    )


def _contract(slopes: FloatArray, gradients: FloatArray) -> FloatArray:
    """Return the sum over k of slopes (n_samples, k, n) times gradients (k, n)."""
    return np.asarray(
        slopes[:, 0] * gradients[0] + slopes[:, 1] * gradients[1] + slopes[:, 2] * gradients[2]
    )


def _traction(values: FloatArray, row: tuple[int, int, int], gradient: FloatArray) -> FloatArray:
    """Return one component of stress (6, n_samples, n) times gradient (3, n)."""
    x, y, z = row
    return np.asarray(values[x] * gradient[0] + values[y] * gradient[1] + values[z] * gradient[2])
