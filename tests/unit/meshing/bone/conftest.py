"""The demonstration femur as a shape to fill, and the same femur elsewhere."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from femur_fea.domain import DensityField, FloatArray, ImageGrid
from meshing.bone import BoneGeometry, fill_bone, mean_quality
from meshing.handmade import handmade_geometry


@pytest.fixture(scope="session")
def femur() -> BoneGeometry:
    return handmade_geometry(spacing=1.5)


@pytest.fixture(scope="session")
def left_femur() -> BoneGeometry:
    return handmade_geometry(spacing=1.5, side="left")


@pytest.fixture(scope="session")
def young_man(femur: BoneGeometry) -> DensityField:
    return fill_bone(femur, mean_quality(25.0, "male"))


@pytest.fixture(scope="session")
def old_woman(femur: BoneGeometry) -> DensityField:
    return fill_bone(femur, mean_quality(85.0, "female"))


@pytest.fixture(scope="session")
def moved() -> Callable[[BoneGeometry], BoneGeometry]:
    """Return a function that turns and shifts the patient with the image."""
    turn, shift = _rotation(np.array([0.3, -0.2, 0.9])), np.array([40.0, -75.0, 210.0])
    rigid = np.eye(4)
    rigid[:3, :3], rigid[:3, 3] = turn, shift

    def move(geometry: BoneGeometry) -> BoneGeometry:
        frame = geometry.frame
        return BoneGeometry(
            grid=ImageGrid(shape=geometry.grid.shape, affine=rigid @ geometry.grid.affine),
            distance=geometry.distance,
            frame=replace(
                frame,
                origin=turn @ frame.origin + shift,
                shaft_point=turn @ frame.shaft_point + shift,
                neck_axis=turn @ frame.neck_axis,
                axes=frame.axes @ turn.T,
            ),
        )

    return move


def _rotation(vector: FloatArray) -> FloatArray:
    """Rodrigues' formula."""
    angle = float(np.linalg.norm(vector))
    x, y, z = vector / angle
    cross = np.array([[0.0, -z, y], [z, 0.0, -x], [-y, x, 0.0]])
    return np.eye(3) + np.sin(angle) * cross + (1.0 - np.cos(angle)) * cross @ cross
