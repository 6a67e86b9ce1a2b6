"""Line integrals of a patient, apart for soft tissue, bone and metal, and what makes them wrong."""

from dataclasses import dataclass
from typing import Protocol

import numpy as np

from femur_fea.domain import FloatArray
from femur_risk.scanner.projection import Projector

__all__ = ["RayFault", "Rays", "rays_of"]

_BONE_HU = 150.0  # what is denser attenuates by mineral
_METAL_HU = 3500.0  # no bone has so much


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Rays:
    """Line integrals of attenuation, (n_views, n_cells, n), dimensionless.

    Attributes
    ----------
    soft : array
        Of all tissue, bone counted as water.
    bone : array
        Of what bone has above water.
    metal : array
        Of what metal has above water.
    places : (n_cells,), mm
        Distance of the rays of a view from the middle.
    """

    soft: FloatArray
    bone: FloatArray
    metal: FloatArray
    places: FloatArray


class RayFault(Protocol):
    """Something that makes line integrals wrong."""

    def error(self, rays: Rays, rng: np.random.Generator) -> FloatArray:
        """Return by how much, (n_views, n_cells, n)."""


def rays_of(hu: FloatArray, projector: Projector, water: float) -> Rays:
    """Return the line integrals of slices of CT numbers, (matrix, matrix, n), HU.

    `water` is the attenuation of water, 1/mm.
    """
    dense = np.maximum(hu, 0.0)
    is_metal = hu > _METAL_HU
    is_bone = (hu > _BONE_HU) & ~is_metal
    parts = (
        1000.0 + np.where(is_bone | is_metal, np.float32(0.0), hu),
        np.where(is_bone, dense, np.float32(0.0)),
        np.where(is_metal, dense, np.float32(0.0)),
    )
    soft, bone, metal = (
        projector.project((0.001 * water * part).astype(np.float32)) for part in parts
    )
    return Rays(soft=soft, bone=bone, metal=metal, places=projector.places)
