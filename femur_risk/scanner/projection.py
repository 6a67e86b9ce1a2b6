"""Parallel projections of coarse slices and their filtered back-projection.

Artefacts are errors of projections: what a wrong ray does to the image is what filtered
back-projection makes of its error. They are smooth or thin, so a coarse grid is enough.
"""

from dataclasses import dataclass

import numpy as np
from scipy import sparse

from femur_fea.domain import FloatArray

__all__ = ["Projector", "projector"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Projector:
    """Rays through a square of pixels.

    Attributes
    ----------
    matrix : int
        Pixels along each side.
    pixel : float, mm
        Their width, and that of the detector's cells.
    n_views : int
        Directions over half a turn.
    n_cells : int
        Detector cells of a view.
    shares : sparse, (n_views * n_cells, matrix^2)
        Share of a pixel that each cell sees.
    """

    matrix: int
    pixel: float
    n_views: int
    n_cells: int
    shares: sparse.csc_array

    @property
    def places(self) -> FloatArray:
        """Distance of the rays of a view from the middle, (n_cells,), mm."""
        return self.pixel * (np.arange(self.n_cells) - 0.5 * (self.n_cells - 1))

    def project(self, slices: FloatArray) -> FloatArray:
        """Return line integrals of slices (matrix, matrix, n), shape (n_views, n_cells, n)."""
        flat = slices.reshape(self.matrix**2, -1)
        rays = self.shares @ (self.pixel * flat)
        return np.asarray(rays).reshape(self.n_views, self.n_cells, -1)

    def reconstruct(self, rays: FloatArray) -> FloatArray:
        """Return slices from line integrals: filtered by the ramp and projected back."""
        filtered = self._ramp(rays).astype(np.float32)
        flat = self.shares.T @ filtered.reshape(self.n_views * self.n_cells, -1)
        scale = np.float32(np.pi / self.n_views)
        return np.asarray(scale * flat).reshape(self.matrix, self.matrix, -1)

    def _ramp(self, rays: FloatArray) -> FloatArray:
        """Return rays convolved with the ramp (Ramachandran and Lakshminarayanan 1971)."""
        length = 1 << int(np.ceil(np.log2(2 * self.n_cells)))
        lag = np.minimum(np.arange(length), length - np.arange(length))
        odd = lag % 2 == 1
        kernel = np.zeros(length)
        kernel[odd] = -1.0 / (np.pi * lag[odd] * self.pixel) ** 2
        kernel[0] = 0.25 / self.pixel**2
        spectrum = np.fft.rfft(rays, n=length, axis=1) * np.fft.rfft(kernel)[None, :, None]
        return np.asarray(self.pixel * np.fft.irfft(spectrum, n=length, axis=1)[:, : self.n_cells])


def projector(matrix: int, pixel: float, n_views: int) -> Projector:
    """Return the rays through a square of `matrix` pixels of `pixel` mm in `n_views` directions."""
    n_cells = int(np.ceil(np.sqrt(2.0) * matrix)) + 3
    away = np.arange(matrix) - 0.5 * (matrix - 1)
    u, v = (part.ravel() for part in np.meshgrid(away, away, indexing="ij"))
    angles = np.pi * (np.arange(n_views) + 0.5) / n_views
    # pixel by pixel in the order of the rays, so that nothing needs to be sorted
    rows = np.empty((matrix**2, n_views, 2), dtype=np.int32)
    shares = np.empty((matrix**2, n_views, 2), dtype=np.float32)
    for view, angle in enumerate(angles):
        place = u * np.cos(angle) + v * np.sin(angle) + 0.5 * (n_cells - 1)
        cell = place.astype(np.int32)
        upper = (place - cell).astype(np.float32)
        for step, share in ((0, 1.0 - upper), (1, upper)):
            rows[:, view, step] = cell + step + view * n_cells
            shares[:, view, step] = share
    starts = np.arange(0, rows.size + 1, 2 * n_views, dtype=np.int32)
    entries = (shares.ravel(), rows.ravel(), starts)
    return Projector(
        matrix=matrix,
        pixel=pixel,
        n_views=n_views,
        n_cells=n_cells,
        shares=sparse.csc_array(entries, shape=(n_views * n_cells, matrix**2)),
    )
