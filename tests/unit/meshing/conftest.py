"""Bones that several tests of meshing look at."""

from collections.abc import Callable

import numpy as np
import pytest

from femur_fea.domain import FloatArray, ImageGrid, LabelMask, TriangleSurface
from meshing import extract_surface
from meshing.handmade import VirtualPatient, handmade_patient


@pytest.fixture(scope="session")
def patient() -> VirtualPatient:
    return handmade_patient()


@pytest.fixture(scope="session")
def femur_surface(patient: VirtualPatient) -> TriangleSurface:
    return extract_surface(patient.femur, edge_length=3.0)


@pytest.fixture(scope="session")
def draw() -> Callable[..., LabelMask]:
    """Return a function that draws a mask: voxels whose centres satisfy a condition."""

    def draw_mask(
        inside: Callable[[FloatArray], FloatArray],
        *,
        size: tuple[float, float, float] = (60.0, 60.0, 60.0),
        spacing: tuple[float, float, float] = (1.0, 1.0, 1.0),
        mirrored: bool = False,
    ) -> LabelMask:
        shape = tuple(round(length / s) for length, s in zip(size, spacing, strict=True))
        affine = np.diag([-spacing[0] if mirrored else spacing[0], *spacing[1:], 1.0])
        affine[0, 3] = size[0] if mirrored else 0.0
        grid = ImageGrid(shape=shape, affine=affine)
        index = np.indices(shape).reshape(3, -1).T.astype(float)
        return LabelMask(grid=grid, inside=inside(grid.to_world(index)).reshape(shape))

    return draw_mask
