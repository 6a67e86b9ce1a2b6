"""A femur with and without lesions."""

import numpy as np
import pytest

from femur_fea.domain import CTVolume, DensityField
from meshing.bone import BoneGeometry, fill_bone, mean_quality, mix_edge
from meshing.handmade import handmade_geometry

SLOPE = 0.00079  # g/cm3 CaHA per HU


@pytest.fixture(scope="session")
def femur() -> BoneGeometry:
    return handmade_geometry(spacing=1.0)


@pytest.fixture(scope="session")
def left_femur() -> BoneGeometry:
    return handmade_geometry(spacing=1.0, side="left")


@pytest.fixture(scope="session")
def bone(femur: BoneGeometry) -> DensityField:
    return mix_edge(fill_bone(femur, mean_quality(65.0, "female")), femur, surroundings=0.04)


@pytest.fixture(scope="session")
def ct(bone: DensityField) -> CTVolume:
    """A CT of that bone in muscle, with white noise of 20 HU in whole numbers."""
    noise = np.random.default_rng(5).normal(0.0, 20.0, bone.grid.shape)
    return CTVolume(grid=bone.grid, hu=np.rint(bone.rho / SLOPE + noise).astype(np.int16))
