"""A thigh with an oblique bone, scanned without fault, and faults of known size put into it."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pytest
from scipy import ndimage

from femur_fea.domain import Acquisition, CTVolume, ImageGrid, LabelMask

SPACING = np.array([0.9, 0.9, 1.5])
SHAPE = (150, 140, 40)
NOISE_HU = 12.0
WIDTH = 55.0  # mm


@dataclass(frozen=True, kw_only=True)
class Thigh:
    """A scan and the mask of its bone."""

    ct: CTVolume
    femur: LabelMask


def true_thigh(
    motion: np.ndarray | None = None, width: float = WIDTH
) -> tuple[np.ndarray, np.ndarray]:
    """Return CT numbers without noise, and the bone."""
    index = np.stack(np.indices(SHAPE), axis=-1) * SPACING
    shift = np.zeros((SHAPE[2], 2)) if motion is None else motion
    x = index[..., 0] - 67.0 - shift[None, None, :, 0]
    y = index[..., 1] - 63.0 - shift[None, None, :, 1]
    z = index[..., 2] - 30.0
    thigh = np.hypot(x / width, y / 50.0)
    hu = np.full(SHAPE, -1000.0)
    hu[thigh < 1.0] = -100.0
    hu[thigh < 0.85] = 50.0
    # fascia between muscles, and vessels along the thigh
    hu[(np.abs(y - 0.4 * x - 15.0) < 1.0) & (thigh < 0.85)] = -60.0
    hu[np.hypot(x + 25.0, y + 10.0 - 0.1 * z) < 4.0] = 60.0
    # an oblique bone that widens upward
    away = np.hypot(x - 0.15 * z, y + 0.1 * z) - (14.0 + 0.12 * z)
    hu[away < 0.0] = 1300.0
    hu[away < -4.0] = 100.0
    return hu, away < 0.0


def scanned(
    hu: np.ndarray,
    bone: np.ndarray,
    seed: int,
    *,
    noise_HU: float = NOISE_HU,
    grain_voxels: float = 0.6,
    spacing: np.ndarray = SPACING,
    **facts: object,
) -> Thigh:
    """The scan of true CT numbers: blurred, with noise of a soft kernel."""
    seen = ndimage.gaussian_filter(hu, 0.65 / spacing)
    noise = np.random.default_rng(seed).standard_normal(hu.shape)
    noise = ndimage.gaussian_filter(noise, (grain_voxels, grain_voxels, 0.0))
    seen = seen + noise * (noise_HU / noise.std())
    grid = ImageGrid(shape=hu.shape, affine=np.diag([*spacing, 1.0]))
    ct = CTVolume(grid=grid, hu=np.rint(seen).astype(np.int16), acquisition=Acquisition(**facts))
    return Thigh(ct=ct, femur=LabelMask(grid=grid, inside=bone))


@pytest.fixture(scope="session")
def thigh() -> Callable[..., Thigh]:
    """A scan of a seed: without fault, or with changes of patient, image and scanner.

    `motion` (nk, 2), mm, shifts slices; `width`, mm, is half that of the thigh; `added`, HU, is put
    on the true CT numbers; all else goes to `scanned`.
    """
    whole = true_thigh()

    def make(
        seed: int = 0,
        *,
        motion: np.ndarray | None = None,
        width: float | None = None,
        added: np.ndarray | float = 0.0,
        **changes: object,
    ) -> Thigh:
        changed = motion is not None or width is not None
        hu, bone = true_thigh(motion, width or WIDTH) if changed else whole
        return scanned(hu + added, bone, seed, **changes)

    return make
