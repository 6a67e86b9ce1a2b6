"""The picture of a calibration line."""

from pathlib import Path

import numpy as np
import pytest

from calibration import (
    Calibration,
    Reference,
    TissueSample,
    average_line,
    fit_line,
    fixed_line,
    multi_tissue,
)
from femur_fea.domain import CTVolume, ImageGrid
from viz import draw_calibration


def drawn(calibration: Calibration, path: Path) -> np.ndarray:
    from matplotlib.image import imread

    draw_calibration(calibration.to_dict(), path)
    return imread(path)


def fitted(error: float) -> Calibration:
    rods = [
        Reference(name=name, rho=rho, rho_se=0.004, hu=rho / 0.0008 + error, hu_se=2.0)
        for name, rho in zip("ABC", (0.1, 0.4, 0.8), strict=True)
    ]
    curve = fit_line(
        rods,
        kind="CaHA",
        method="phantom",
        label="phantom",
        provenance="user",
        error_provenance="user",
        source="a test",
    )
    return Calibration(curve=curve)


def by_tissues() -> Calibration:
    numbers = {"air": -1000.0, "fat": -100.0, "muscle": 50.0, "cortical bone": 1700.0}
    samples = [
        TissueSample(tissue=name, hu=hu, hu_se=5.0, error_from="slabs", n_voxels=1000)
        for name, hu in numbers.items()
    ]
    grid = ImageGrid(shape=(1, 1, 1), affine=np.eye(4))
    return multi_tissue(CTVolume(grid=grid, hu=np.zeros((1, 1, 1))), "CaHA", samples)


@pytest.mark.parametrize(
    "calibration",
    [
        by_tissues(),
        fitted(0.0),
        Calibration(curve=average_line(120.0)),
        Calibration(curve=fixed_line(0.0008, 0.0, "CaHA")),
    ],
)
def test_every_calibration_is_drawn_in_the_colours_of_its_parts(
    calibration: Calibration, tmp_path: Path
) -> None:
    picture = drawn(calibration, tmp_path / "curve.png")
    red, green, blue = (picture[..., n] for n in range(3))
    assert np.mean((blue > red + 0.25) & (blue > green)) > 5e-4  # the line
    orange = np.mean((red > blue + 0.5) & (red > green + 0.2))
    assert (orange > 1e-4) == (calibration.curve.fit is not None)  # the references


def test_another_line_is_another_picture(tmp_path: Path) -> None:
    one, other = drawn(fitted(0.0), tmp_path / "a.png"), drawn(fitted(40.0), tmp_path / "b.png")
    assert np.any(one != other)


@pytest.mark.parametrize(
    ("calibration", "panels"),
    [(fitted(5.0), 2), (Calibration(curve=fixed_line(0.0008, 0.0, "CaHA")), 1)],
)
def test_a_line_without_references_has_no_panel_of_residuals(
    calibration: Calibration, panels: int, tmp_path: Path
) -> None:
    black = drawn(calibration, tmp_path / "curve.png")[..., :3].max(axis=-1) < 0.2
    across = np.flatnonzero(black.mean(axis=1) > 0.7)  # upper and lower edge of every panel
    assert np.count_nonzero(np.diff(across, prepend=-10) > 1) == 2 * panels
