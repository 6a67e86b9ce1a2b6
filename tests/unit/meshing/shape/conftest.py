"""The shipped model, femora of it, and what is seen of them."""

from collections.abc import Callable

import numpy as np
import pytest

from femur_fea.domain import FloatArray, TriangleSurface
from meshing.shape import LocalField, ShapeModel, load_shape_model, local_field
from meshing.shape.landmarks import find_axes


@pytest.fixture(scope="session")
def model() -> ShapeModel:
    return load_shape_model()


@pytest.fixture(scope="session")
def field(model: ShapeModel) -> LocalField:
    return local_field(model)


@pytest.fixture(scope="session")
def known_shape(model: ShapeModel) -> FloatArray:
    """Coefficients of a femur that is clearly not the mean one."""
    coefficients = np.zeros(model.n_modes)
    coefficients[:6] = [1.0, -1.0, 0.8, 1.2, -0.7, 1.0]
    return coefficients


@pytest.fixture(scope="session")
def cut_open() -> Callable[[TriangleSurface, float], TriangleSurface]:
    """Return a function that keeps the triangles above a height and leaves the border open."""

    def cut(surface: TriangleSurface, height: float) -> TriangleSurface:
        above = (surface.points[surface.triangles][:, :, 2] > height).all(axis=1)
        used, compact = np.unique(surface.triangles[above], return_inverse=True)
        return TriangleSurface(points=surface.points[used], triangles=compact.reshape(-1, 3))

    return cut


@pytest.fixture(scope="session")
def head_of(model: ShapeModel) -> Callable[[FloatArray], FloatArray]:
    """Return a function that gives the head's centre of points in correspondence."""

    def centre(points: FloatArray) -> FloatArray:
        return find_axes(points, model.landmarks, rings=np.arange(5)).head_centre

    return centre
