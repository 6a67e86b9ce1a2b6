"""Elasticity of a mesh by the labels of an image."""

from collections.abc import Mapping

import numpy as np

from femur_fea.domain import (
    BoneMesh,
    ElasticField,
    FloatArray,
    IntArray,
    LabelImage,
    integration_points,
)
from femur_fea.errors import GridMismatchError, OutOfRangeError

__all__ = ["elasticity_by_label"]


def elasticity_by_label(
    image: LabelImage, mesh: BoneMesh, E_modulus: Mapping[int, float], *, nu: float
) -> ElasticField:
    """Return an elasticity that has one modulus in all voxels of a label.

    Each integration point takes the modulus of the voxel that it lies in, so that a mesh of the
    image's own voxels has one material in each cell.

    Parameters
    ----------
    image : LabelImage
        The labels.
    mesh : BoneMesh
        Of any kind, inside the image.
    E_modulus : mapping of label to float, MPa
        Young's modulus of every label in the mesh.
    nu : float
        Poisson's ratio of all of them.

    Raises
    ------
    GridMismatchError
        If the mesh reaches outside the image.
    OutOfRangeError
        If a label in the mesh has no modulus, or a modulus is not positive.
    """
    points = integration_points(mesh)
    labels = _label_at(image, points.reshape(-1, 3))
    present, which = np.unique(labels, return_inverse=True)
    missing = [int(label) for label in present if int(label) not in E_modulus]
    if missing:
        count = int(np.isin(labels, missing).sum())
        raise OutOfRangeError(
            found=f"label {missing[0]} without a modulus; {count} integration points lack one",
            expected="a modulus for every label inside the mesh",
            remedy="add the label to E_modulus, or leave its voxels out of the mask",
        )
    values = np.array([E_modulus[int(label)] for label in present], dtype=float)
    return ElasticField(E_modulus=values[which].reshape(points.shape[:2]), nu=nu)


def _label_at(image: LabelImage, points: FloatArray) -> IntArray:
    """Return the label of the voxel in which each point (n, 3), mm, lies, shape (n,)."""
    index = np.rint(image.grid.to_index(points)).astype(np.int64)
    outside = int(((index < 0) | (index >= image.grid.shape)).any(axis=1).sum())
    if outside:
        raise GridMismatchError(
            found=f"{outside} integration points outside the label image",
            expected="a mesh inside the image",
            remedy="check that mesh and image belong together and share the LPS frame",
        )
    return np.asarray(image.labels[tuple(index.T)])
