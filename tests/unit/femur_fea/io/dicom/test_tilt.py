"""A tilted gantry."""

from typing import Any

import numpy as np
import pytest

from femur_fea.errors import FemurFEAWarning

N = 7
TILT = np.deg2rad(20.0)
COLUMN = np.array([0.0, np.cos(TILT), np.sin(TILT)])
NORMAL = np.array([0.0, -np.sin(TILT), np.cos(TILT)])
ORIGIN = np.array([-20.0, 7.5, -300.0])
TABLE = np.array([0.0, 0.0, 2.0])


def tilted(scanner: Any, field: Any, **tags: Any) -> list[Any]:
    """Return slices of a tilted gantry through `field`, HU of points (..., 3); the table moves."""
    slices = scanner.series(N, ImageOrientationPatient=[1, 0, 0, *np.round(COLUMN, 9)], **tags)
    for k, data in enumerate(slices):
        place = ORIGIN + k * TABLE
        data.ImagePositionPatient = list(np.round(place, 6))
        j, i = np.mgrid[:8, :10]
        points = place + i[..., None] * [0.6, 0, 0] + 0.8 * j[..., None] * COLUMN
        data.PixelData = np.rint(field(points) + 1000).astype(np.uint16).tobytes()
    return slices


def ramp(points: np.ndarray) -> np.ndarray:
    """Return CT numbers that are linear in space, from fat to bone."""
    x, y, z = np.moveaxis(points - ORIGIN, -1, 0)
    return -200 + 20 * x + 70 * y + 25 * z


def test_a_tilted_scan_lands_on_an_upright_grid_where_it_was(scanner: Any) -> None:
    scanner.write(tilted(scanner, ramp))
    with pytest.warns(FemurFEAWarning, match="gantry tilted by 20 degrees"):
        ct = scanner.read()
    axes = ct.grid.affine[:3, :3] / ct.grid.spacing
    np.testing.assert_allclose(axes.T @ axes, np.eye(3), atol=1e-9)
    np.testing.assert_allclose(ct.grid.spacing, [0.6, 0.8, 2.0 * np.cos(TILT)], atol=1e-6)
    assert ct.acquisition.gantry_tilt_deg == pytest.approx(20.0, abs=1e-4)
    index = np.argwhere(~ct.outside)
    found = ct.hu[tuple(index.T)]
    # stored and interpolated values are each rounded to whole HU
    np.testing.assert_allclose(found, ramp(ct.grid.to_world(index.astype(float))), atol=1.01)


def test_every_slice_of_a_tilted_scan_stays_in_its_plane(scanner: Any) -> None:
    scanner.write(tilted(scanner, ramp))
    with pytest.warns(FemurFEAWarning, match="tilted"):
        ct = scanner.read()
    assert ct.hu.shape[2] == N
    assert ct.hu.shape[0] == 10
    for k in range(N):
        lies = ct.grid.to_world(np.array([[0.0, 0.0, k]]))[0] @ NORMAL
        assert lies == pytest.approx((ORIGIN + k * TABLE) @ NORMAL, abs=1e-5)
        # a slice of 8 rows that is moved by a fraction keeps at least 7 whole ones
        rows = (~ct.outside[:, :, k]).all(axis=0).sum()
        assert rows in (7, 8)


def test_what_a_tilted_scan_does_not_cover_is_air_and_outside(scanner: Any) -> None:
    scanner.write(tilted(scanner, ramp))
    with pytest.warns(FemurFEAWarning, match="tilted"):
        ct = scanner.read()
    assert ct.outside.any()
    assert np.all(ct.hu[ct.outside] == -1024)
    assert ct.hu[~ct.outside].min() >= -250


def test_padding_of_a_tilted_scan_is_not_mixed_with_tissue(scanner: Any) -> None:
    slices = tilted(scanner, ramp, PixelPaddingValue=7)
    for data in slices:
        values = np.frombuffer(data.PixelData, np.uint16).reshape(8, 10).copy()
        values[:, :3] = 7
        data.PixelData = values.tobytes()
    scanner.write(slices)
    with pytest.warns(FemurFEAWarning, match="tilted"):
        ct = scanner.read()
    assert ct.outside[:3].all()
    assert ct.hu[~ct.outside].min() >= -250


def test_uneven_slices_of_a_tilted_gantry_are_interpolated_in_the_upright_grid(
    scanner: Any,
) -> None:
    slices = tilted(scanner, ramp)
    del slices[3]
    scanner.write(slices)
    with pytest.warns(FemurFEAWarning) as told:
        ct = scanner.read(uneven_slices="interpolate")
    assert len(told) == 2
    index = np.argwhere(~ct.outside)
    found = ct.hu[tuple(index.T)]
    np.testing.assert_allclose(found, ramp(ct.grid.to_world(index.astype(float))), atol=1.51)


def test_a_tilt_within_the_rounding_of_headers_is_none(scanner: Any) -> None:
    slices = scanner.series()
    for k, data in enumerate(slices):
        data.ImagePositionPatient[1] += 0.001 * k
    scanner.write(slices)
    assert scanner.read().outside is None


def test_slices_that_move_sideways_farther_than_a_gantry_tilts_are_refused(scanner: Any) -> None:
    slices = scanner.series(3)
    for k, data in enumerate(slices):
        data.ImagePositionPatient = [1e6 * k, 0.0, 2.0 * k]
    scanner.write(slices)
    assert "tilted by 90 degrees" in scanner.refusal()
