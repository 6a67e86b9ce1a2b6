"""A femur made of a ball and a tube, and a cheap protocol."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from femur_fea.domain import DensityField, ImageGrid, LabelMask
from femur_risk.scanner import BodyBuild, FieldOfView, ScannedBone, ScannerSettings

HEAD = np.array([-85.0, 0.0, 0.0])
CORTEX, SPONGY = 1.1, 0.25


def ball_and_tube(step: float = 1.0, length: float = 100.0) -> ScannedBone:
    """Return a right femur: a ball of 23 mm, and a tube of 16 mm with a wall of 7 mm."""
    axes = [
        np.arange(-130.0, -58.0, step),
        np.arange(-28.0, 29.0, step),
        np.arange(-length, 29.0, step),
    ]
    x, y, z = np.meshgrid(*axes, indexing="ij")
    ball = np.sqrt((x + 85.0) ** 2 + y**2 + z**2)
    tube = np.hypot(x + 105.0, y)
    inside = (ball < 23.0) | ((tube < 16.0) & (z < 0.0))
    wall = (tube > 9.0) & (tube < 16.0) & (z < -25.0)
    rho = np.where(wall, CORTEX, SPONGY)
    affine = np.diag([step, step, step, 1.0])
    affine[:3, 3] = [axis[0] for axis in axes]
    grid = ImageGrid(shape=rho.shape, affine=affine)
    return ScannedBone(
        density=DensityField(grid=grid, rho=rho, kind="CaHA"),
        femur=LabelMask(grid=grid, inside=inside),
        head_centre=HEAD,
        head_radius=23.0,
        side="right",
    )


@pytest.fixture(scope="session")
def bone() -> ScannedBone:
    return ball_and_tube()


@pytest.fixture(scope="session")
def lean() -> BodyBuild:
    """A body without sheets of fat between muscles."""
    return BodyBuild(septa_mm=0.0)


@pytest.fixture(scope="session")
def protocol() -> Callable[..., ScannerSettings]:
    """Settings of a coarse, quick scan without noise; `view` takes changes of the field."""

    def make(view: dict[str, object] | None = None, **changes: object) -> ScannerSettings:
        field = FieldOfView(diameter_mm=400.0, matrix=160, slice_spacing_mm=5.0)
        given = {"slice_thickness_mm": 5.0, "noise": None, **changes}
        return ScannerSettings(view=replace(field, **(view or {})), **given)

    return make
