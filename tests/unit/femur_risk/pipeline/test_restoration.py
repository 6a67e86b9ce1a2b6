"""The configuration decides whether the blur of a cortex is undone, and the result says so."""

import numpy as np
import pytest

from femur_fea.errors import FemurFEAWarning
from femur_fea.restoration import FWHM_PER_SD
from femur_risk.config import MappingConfig
from femur_risk.pipeline.restoration import restore
from meshing.handmade.tube import ScannedTube, scanned_tube

FWHM_MM = 2.0


@pytest.fixture(scope="module")
def tube() -> ScannedTube:
    """A wall of 1.5 mm."""
    return scanned_tube(
        lambda z: np.full(z.shape, 1.5),
        blur=FWHM_MM / FWHM_PER_SD,
        spacing=(0.8, 0.8, 1.0),
        noise=0.01,
        rng=np.random.default_rng(0),
        height=12.0,
    )


def test_a_blur_that_is_kept_leaves_density_and_mask_as_they_are(tube: ScannedTube) -> None:
    seen = restore(MappingConfig(), tube.image, tube.bone, slice_thickness=None)
    assert (seen.density, seen.femur, seen.content) == (tube.image, tube.bone, None)


def test_a_restored_cortex_is_described_and_warned_of(tube: ScannedTube) -> None:
    config = MappingConfig(
        cortical_blur="restored", blur_fwhm_mm=FWHM_MM, cortical_density_g_per_cm3=1.15
    )
    with pytest.warns(FemurFEAWarning, match="point spread 2 mm, compact bone 1.15 g/cm3"):
        seen = restore(config, tube.image, tube.bone, slice_thickness=1.0)
    assert seen.content is not None
    assert seen.content["blur_fwhm_mm"] == pytest.approx(FWHM_MM)
    assert seen.content["thickness_median_mm"] == pytest.approx(1.5, abs=0.05)
    assert seen.content["measured_at_sites"] == 0
    assert seen.density.grid.shape == seen.femur.grid.shape != tube.image.grid.shape


@pytest.mark.parametrize("key", ["blur_fwhm_mm", "cortical_density_g_per_cm3"])
def test_a_number_that_a_kept_blur_would_ignore_is_refused(key: str) -> None:
    with pytest.raises(ValueError, match="which it ignores"):
        MappingConfig(**{key: 1.0})
