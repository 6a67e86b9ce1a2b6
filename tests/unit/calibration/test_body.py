"""Air that was measured, and air that only stands where nothing was."""

import numpy as np

from calibration.body import surrounding_air, thinned
from femur_fea.domain import CTVolume, ImageGrid

SHAPE = (30, 30, 12)
GRID = ImageGrid(shape=SHAPE, affine=np.diag([3.0, 3.0, 3.0, 1.0]))


def test_voxels_marked_as_not_measured_are_not_air() -> None:
    rng = np.random.default_rng(0)
    i, j, _ = np.indices(SHAPE)
    hu = rng.normal(-1000.0, 10.0, SHAPE)  # padding that looks like measured air
    hu[(i - 15) ** 2 + (j - 15) ** 2 < 36] = 50.0
    outside = (i - 15) ** 2 + (j - 15) ** 2 > 14**2
    whole = surrounding_air(thinned(CTVolume(grid=GRID, hu=hu)))
    seen = surrounding_air(thinned(CTVolume(grid=GRID, hu=hu, outside=outside)))
    assert (whole & outside).any()
    assert not (seen & outside).any()
