"""Scans made from first principles: a patient on a table, with a phantom below."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import pytest
from scipy.ndimage import gaussian_filter

from femur_fea.domain import Acquisition, CTVolume, ImageGrid, IntArray

AIR, FAT, MUSCLE, MARROW, CORTEX = -1000.0, -100.0, 55.0, -60.0, 1300.0


@dataclass(frozen=True, kw_only=True)
class Scene:
    """What is scanned, and how.

    Attributes
    ----------
    rods : CT number of every rod, HU, before the scanner's offset
    radius, pitch : of the rods, mm
    centre : of the phantom from the axis of the table, mm, left and back
    tilt : of the phantom against the table, left and back per length
    base : CT number of the phantom's body, HU
    noise : standard deviation of voxels after reconstruction, HU
    offset : added to every CT number, HU
    length : along the table, mm
    rods_end : fraction of the length at which the phantom ends
    patient : whether somebody lies on it
    """

    rods: Sequence[float]
    radius: float = 9.0
    pitch: float = 32.0
    centre: tuple[float, float] = (0.0, 118.0)
    tilt: tuple[float, float] = (0.0, 0.0)
    base: float = 20.0
    noise: float = 20.0
    blur: float = 0.8
    offset: float = 0.0
    length: float = 120.0
    rods_end: float = 1.0
    spacing: tuple[float, float, float] = (1.2, 1.2, 3.0)
    patient: bool = True
    seed: int = 0


def scanned(scene: Scene) -> tuple[CTVolume, IntArray]:
    """Return the scan, and the number of the rod in which each voxel lies."""
    rng = np.random.default_rng(scene.seed)
    shape = (
        round(400.0 / scene.spacing[0]),
        round(320.0 / scene.spacing[1]),
        round(scene.length / scene.spacing[2]),
    )
    affine = np.diag([*scene.spacing, 1.0])
    affine[:3, 3] = (-200.0, -160.0, -300.0)
    x = (-200.0 + scene.spacing[0] * np.arange(shape[0]))[:, None, None]
    y = (-160.0 + scene.spacing[1] * np.arange(shape[1]))[None, :, None]
    z = (scene.spacing[2] * np.arange(shape[2]))[None, None, :]
    hu = np.full(shape, AIR, dtype=np.float32)
    if scene.patient:
        _lay_down_a_patient(hu, x, y, z)
    hu[_table(x, y) * np.ones_like(z, dtype=bool)] = -150.0
    labels = _lay_down_a_phantom(hu, scene, x, y, z)
    return _reconstructed(hu, scene, affine, rng), labels


def _lay_down_a_patient(hu: np.ndarray, x: np.ndarray, y: np.ndarray, z: np.ndarray) -> None:
    for side in (-1.0, 1.0):
        wide = 1.0 + 0.1 * z / 100.0  # thighs taper, as limbs do
        across = x - side * 85.0
        hu[((across / (78.0 * wide)) ** 2 + ((y - 20.0) / (82.0 * wide)) ** 2) < 1.0] = FAT
        hu[((across / (66.0 * wide)) ** 2 + ((y - 20.0) / (70.0 * wide)) ** 2) < 1.0] = MUSCLE
        bone = np.hypot(across - side * 4.0 - 0.08 * z, y - 12.0 - 0.05 * z)
        hu[bone < 15.0] = CORTEX
        hu[bone < 8.0] = MARROW
        artery = np.hypot(across + side * 25.0 + 0.2 * z, y + 15.0)
        hu[artery < 4.5] = 45.0
    wire = np.hypot(x - 40.0, y + 75.0) < 1.5  # of clothing
    hu[wire & (z > 40.0)] = 2000.0


def _table(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    depth = y - 138.0 - 1.5e-4 * (200.0**2 - x**2) * -1.0
    return (np.abs(depth) < 2.0) & (np.abs(x) < 190.0)


def _lay_down_a_phantom(
    hu: np.ndarray, scene: Scene, x: np.ndarray, y: np.ndarray, z: np.ndarray
) -> IntArray:
    middle = z - scene.length / 2.0
    across = x - scene.centre[0] - scene.tilt[0] * middle
    down = y - scene.centre[1] - scene.tilt[1] * middle
    there = z <= scene.rods_end * scene.length
    half = scene.pitch * len(scene.rods) / 2.0
    hu[(np.abs(across) < half) & (np.abs(down) < scene.radius + 4.0) & there] = scene.base
    labels = np.zeros(hu.shape, dtype=np.int16)
    for n, value in enumerate(scene.rods):
        at = scene.pitch * (n - (len(scene.rods) - 1) / 2.0)
        rod = (np.hypot(across - at, down) < scene.radius) & there
        hu[rod] = value
        labels[rod] = n + 1
    return labels


def _reconstructed(
    hu: np.ndarray, scene: Scene, affine: np.ndarray, rng: np.random.Generator
) -> CTVolume:
    """Return the scene blurred, with noise that neighbours share, in whole numbers."""
    width = [scene.blur / step for step in scene.spacing]
    blurred = gaussian_filter(hu, width, mode="nearest")
    noise = gaussian_filter(rng.standard_normal(hu.shape, dtype=np.float32), width, mode="wrap")
    blurred += scene.noise / float(noise.std()) * noise + scene.offset
    return CTVolume(
        grid=ImageGrid(shape=hu.shape, affine=affine),
        hu=np.rint(np.clip(blurred, -1024, 3071)).astype(np.int16),
        acquisition=Acquisition(tube_voltage_kV=120.0, contrast_agent=False),
    )


@pytest.fixture
def scene() -> Callable[..., Scene]:
    """Return the maker of scenes."""
    return Scene


@pytest.fixture
def scan_of() -> Callable[[Scene], tuple[CTVolume, IntArray]]:
    """Return the scanner."""
    return scanned
