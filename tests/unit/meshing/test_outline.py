"""Facts about the smooth surface on which the anatomy is looked for."""

from collections.abc import Callable

import numpy as np
import pytest

from femur_fea.domain import FloatArray, ImageGrid, LabelMask, TriangleSurface
from femur_fea.errors import EmptyMaskError, NotWatertightError
from meshing import extract_surface, mesh_mask, smooth_outline
from meshing.anatomy import find_frame
from meshing.handmade import VirtualPatient

Draw = Callable[..., LabelMask]
CENTRE = np.array([30.2, 29.7, 30.1])


def ball(x: FloatArray, radius: float = 20.0) -> FloatArray:
    return np.linalg.norm(x - CENTRE, axis=1) < radius


def test_the_outline_of_a_ball_is_a_closed_sphere(draw: Draw) -> None:
    surface = smooth_outline(draw(ball), side="right")
    assert surface.is_closed
    radii = np.linalg.norm(surface.points - CENTRE, axis=1)
    assert radii.mean() == pytest.approx(20.0, abs=0.1)
    assert np.ptp(radii) < 1.0


def test_cavities_and_stray_pieces_have_no_part_in_it(draw: Draw) -> None:
    def ragged(x: FloatArray) -> FloatArray:
        stray = np.linalg.norm(x - 5.0, axis=1) < 4.0
        return (ball(x) & ~ball(x, 6.0)) | stray

    found, plain = (smooth_outline(draw(shape), side="right") for shape in (ragged, ball))
    np.testing.assert_allclose(found.points, plain.points, atol=1e-9)


def test_the_outline_of_a_left_bone_is_the_mirror_image_of_a_right_one(draw: Draw) -> None:
    right = smooth_outline(draw(ball), side="right")
    flipped = draw(lambda x: ball(x * [-1.0, 1.0, 1.0] + [60.0, 0.0, 0.0]), mirrored=True)
    left = smooth_outline(flipped, side="left")
    np.testing.assert_allclose(left.points * [-1, 1, 1] + [60, 0, 0], right.points, atol=1e-9)
    assert left.volume > 0.0


def test_an_empty_mask_has_no_outline(draw: Draw) -> None:
    with pytest.raises(EmptyMaskError):
        smooth_outline(draw(lambda x: np.zeros(len(x), dtype=bool)), side="right")


def test_a_speck_that_smoothing_dissolves_has_no_outline() -> None:
    inside = np.zeros((5, 5, 5), dtype=bool)
    inside[2, 2, 2] = True
    speck = LabelMask(grid=ImageGrid(shape=(5, 5, 5), affine=np.eye(4)), inside=inside)
    with pytest.raises(EmptyMaskError, match="smoothing leaves nothing"):
        smooth_outline(speck, side="right")


def test_the_frame_on_the_outline_is_that_on_the_surface_of_a_mesh(
    patient: VirtualPatient, femur_surface: TriangleSurface
) -> None:
    on_mesh = find_frame(femur_surface, patient.side)
    found = find_frame(smooth_outline(patient.femur, side=patient.side), patient.side)
    # flat triangles of 3 mm lose 0.05 mm of a head's radius
    assert np.linalg.norm(found.origin - on_mesh.origin) < 0.1
    assert found.head_radius == pytest.approx(on_mesh.head_radius, abs=0.1)
    np.testing.assert_allclose(found.axes, on_mesh.axes, atol=1e-3)


def bridged(patient: VirtualPatient) -> LabelMask:
    """Return the virtual femur with a rod, a few voxels thick, from head to trochanter."""
    grid, frame = (
        patient.femur.grid,
        find_frame(smooth_outline(patient.femur, side="right"), "right"),
    )
    start, end = frame.to_world(np.array([[0.0, 0.0, 15.0], [55.0, 0.0, 0.0]]))
    world = grid.to_world(np.indices(grid.shape).reshape(3, -1).T.astype(float))
    share = np.clip((world - start) @ (end - start) / ((end - start) @ (end - start)), 0.0, 1.0)
    rod = np.linalg.norm(world - start - share[:, None] * (end - start), axis=1) <= 1.5
    return LabelMask(grid=grid, inside=patient.femur.inside | rod.reshape(grid.shape))


def test_a_thin_bridge_spoils_a_smooth_mesh_but_neither_frame_nor_cubes(
    patient: VirtualPatient,
) -> None:
    mask = bridged(patient)
    with pytest.raises(NotWatertightError):
        extract_surface(mask, edge_length=5.0)
    frame = find_frame(smooth_outline(mask, side=patient.side), patient.side)
    plain = find_frame(smooth_outline(patient.femur, side=patient.side), patient.side)
    assert np.linalg.norm(frame.origin - plain.origin) < 0.1
    mesh = mesh_mask(mask, edge_length=5.0, kind="hex8", side=patient.side)
    assert mesh.cell_volumes.sum() == pytest.approx(mask.volume, rel=0.03)
