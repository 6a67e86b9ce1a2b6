import warnings

import numpy as np
import pytest

from femur_fea.domain import BoneMesh, ImageGrid, LabelMask, LoadCase
from femur_fea.errors import FemurFEAWarning
from femur_risk.pipeline.hidden import hidden_fraction, warn_of_hidden_lesion


def column() -> BoneMesh:
    """Return a stack of tetrahedra along z, 10 mm high."""
    base = np.array([[0.0, 0, 0], [1, 0, 0], [0, 1, 0], [0, 0, 1]])
    points = np.concatenate([base + np.array([0, 0, z]) for z in range(10)])
    cells = np.arange(40).reshape(10, 4)
    return BoneMesh(points=points, cells=cells, kind="tet10", side="left")


def load_on_top(mesh: BoneMesh) -> LoadCase:
    top = mesh.points[:, 2] > 8.0
    return LoadCase.on_fixed_points(
        name="stance",
        traction=np.where(top[:, None], [0.0, 0.0, -1.0], 0.0),
        fixed=mesh.points[:, 2] < 1.0,
        magnitude=1.0,
        excluded=top,
    )


def lesion(low: float, high: float) -> LabelMask:
    grid = ImageGrid(shape=(4, 4, 12), affine=np.eye(4))
    height = np.broadcast_to(np.arange(12.0), grid.shape)
    return LabelMask(grid=grid, inside=(height >= low) & (height <= high))


def test_a_lesion_under_the_load_is_warned_of_with_its_share() -> None:
    mesh = column()
    fraction = hidden_fraction(mesh, [load_on_top(mesh)], lesion(9.0, 11.0))
    assert fraction == 1.0
    with pytest.warns(FemurFEAWarning, match="100 % of the lesion lies under the load"):
        warn_of_hidden_lesion("stance", fraction)


def test_a_lesion_away_from_loads_and_support_is_not_warned_of() -> None:
    mesh = column()
    fraction = hidden_fraction(mesh, [load_on_top(mesh)], lesion(3.0, 6.0))
    assert fraction == 0.0
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        warn_of_hidden_lesion("stance", fraction)


def test_of_a_lesion_half_under_the_load_half_the_points_are_not_judged() -> None:
    mesh = column()
    above = mesh.points[:, 2] > 8.0
    voxels = lesion(6.0, 11.0)
    inside = (mesh.points[:, 2] >= 6.0).sum()
    assert hidden_fraction(mesh, [load_on_top(mesh)], voxels) == above.sum() / inside
