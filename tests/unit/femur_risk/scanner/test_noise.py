"""Noise of filtered back-projection."""

import numpy as np
import pytest

from femur_fea.errors import OutOfRangeError
from femur_risk.scanner import KERNELS, Noise
from femur_risk.scanner.noise import noise_slices

PIXEL = 0.8


def noise(kernel: str = "standard", *, thickness: float = 1.0, slices: int = 12) -> np.ndarray:
    return noise_slices(
        Noise(deviation_HU=20.0),
        matrix=128,
        pixel=PIXEL,
        sigma=KERNELS[kernel].sigma,
        z=np.arange(float(slices)),
        thickness=thickness,
        rng=np.random.default_rng(1),
    )


@pytest.mark.parametrize("kernel", sorted(KERNELS))
@pytest.mark.parametrize("thickness", [1.0, 3.0])
def test_noise_has_the_level_that_is_asked_for(kernel: str, thickness: float) -> None:
    found = noise(kernel, thickness=thickness)
    # 1e5 voxels or more of independent noise, a tenth of them where neighbours share it
    assert found.std() == pytest.approx(20.0, rel=0.03)
    assert abs(found.mean()) < 0.1


def test_neighbours_share_more_noise_by_a_softer_kernel() -> None:
    shared = []
    for kernel in ("sharp", "standard", "soft"):
        found = noise(kernel)
        shared.append(float(np.corrcoef(found[1:].ravel(), found[:-1].ravel())[0, 1]))
    assert shared == sorted(shared)
    assert shared[2] - shared[0] > 0.2


def test_noise_has_little_power_at_low_frequencies() -> None:
    power = np.abs(np.fft.fft2(noise("soft"), axes=(0, 1))) ** 2
    frequency = np.hypot(*np.meshgrid(*2 * [np.fft.fftfreq(128, PIXEL)], indexing="ij"))
    low, middle = (frequency > 0.0) & (frequency < 0.04), (frequency > 0.1) & (frequency < 0.2)
    # the ramp: 0.03 against 0.15 per mm, less what the kernel takes from the latter
    assert power[low].mean() < 0.5 * power[middle].mean()


def test_overlapping_slices_share_noise_by_their_overlap() -> None:
    found = noise(thickness=2.0, slices=40)
    shared = np.mean(found[:, :, 5:-5] * found[:, :, 6:-4]) / 20.0**2
    # slices of 2 mm every mm weigh their samples 1/4, 1/2, 1/4: (1/8 + 1/8) / (1/16 + 1/4 + 1/16)
    assert shared == pytest.approx(2.0 / 3.0, abs=0.03)


def test_slices_side_by_side_share_none() -> None:
    found = noise()
    assert abs(np.mean(found[:, :, 1:] * found[:, :, :-1])) / 20.0**2 < 0.02


def test_impossible_noise_is_refused() -> None:
    with pytest.raises(OutOfRangeError, match="-1 HU"):
        Noise(deviation_HU=-1.0)
