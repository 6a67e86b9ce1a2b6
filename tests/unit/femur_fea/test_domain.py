import numpy as np
import pytest

from femur_fea.domain import (
    CELL_SHAPES,
    BoneMesh,
    ElasticField,
    FemoralFrame,
    ImageGrid,
    check_same_grid,
    check_samples_of,
)
from femur_fea.errors import (
    GridMismatchError,
    MeshQualityError,
    OutOfRangeError,
    ShapeError,
)


def oblique_grid() -> ImageGrid:
    angle = np.radians(20.0)
    turn = np.array(
        [[np.cos(angle), -np.sin(angle), 0], [np.sin(angle), np.cos(angle), 0], [0, 0, 1]]
    )
    affine = np.eye(4)
    affine[:3, :3] = turn @ np.diag([0.8, 0.9, 1.5])
    affine[:3, 3] = [10.0, -20.0, 30.0]
    return ImageGrid(shape=(4, 5, 6), affine=affine)


def test_index_to_world_and_back_is_the_identity() -> None:
    grid = oblique_grid()
    index = np.random.default_rng(0).uniform(0, 5, size=(50, 3))
    assert np.allclose(grid.to_index(grid.to_world(index)), index, atol=1e-12)


def test_an_oblique_grid_keeps_its_spacing_and_voxel_volume() -> None:
    grid = oblique_grid()
    assert np.allclose(grid.spacing, [0.8, 0.9, 1.5])
    assert grid.voxel_volume == pytest.approx(0.8 * 0.9 * 1.5)


def test_grids_of_different_spacing_are_refused_with_both_described() -> None:
    grid = oblique_grid()
    other = ImageGrid(shape=grid.shape, affine=np.diag([1.0, 1.0, 1.0, 1.0]))
    with pytest.raises(GridMismatchError, match=r"0\.8 x 0\.9 x 1\.5 mm.*1 x 1 x 1 mm"):
        check_same_grid("the CT", grid, "the mask", other)


def test_a_value_does_not_let_its_arrays_be_changed(box_mesh) -> None:
    mesh = box_mesh((1, 1, 1), (1.0, 1.0, 1.0))
    with pytest.raises(ValueError, match="read-only"):
        mesh.points[0] = 0.0


def test_the_boundary_of_a_box_is_closed_and_has_its_area(box_mesh) -> None:
    mesh = box_mesh((3, 2, 4), (3.0, 4.0, 5.0))
    assert np.allclose(mesh.facet_area_vectors.sum(axis=0), 0.0, atol=1e-12)
    area = np.linalg.norm(mesh.facet_area_vectors, axis=1).sum()
    assert area == pytest.approx(2 * (3 * 4 + 4 * 5 + 3 * 5))


def test_boundary_triangles_point_out_of_the_body(box_mesh) -> None:
    mesh = box_mesh((2, 2, 2), (2.0, 2.0, 2.0))
    outward = mesh.facet_centroids - mesh.points.mean(axis=0)
    assert (np.einsum("ij,ij->i", outward, mesh.facet_area_vectors) > 0).all()


def test_a_boundary_triangle_is_a_face_of_the_cell_behind_it(box_mesh) -> None:
    mesh = box_mesh((2, 3, 2), (2.0, 2.0, 2.0))
    owner = mesh.cells[mesh.facet_cells]
    assert (mesh.facets[:, :, None] == owner[:, None, :]).any(axis=2).all()


def test_an_inverted_cell_is_refused_and_named() -> None:
    points = np.array([[0.0, 0, 0], [1, 0, 0], [0, 1, 0], [0, 0, 1]])
    with pytest.raises(MeshQualityError, match="the first is cell 0"):
        BoneMesh(points=points, cells=np.array([[0, 2, 1, 3]]), kind="tet4", side="left")


SHEARED = np.array([[2.0, 0.0, 0.0], [0.7, 3.0, 0.0], [-0.4, 0.9, 1.5]])


def brick_points() -> np.ndarray:
    """Return the corners of a sheared brick of 9 mm3 in the order of VTK."""
    return np.array([1.0, -2.0, 3.0]) + CELL_SHAPES["hex8"].corners @ SHEARED


def brick(points: np.ndarray) -> BoneMesh:
    return BoneMesh(points=points, cells=np.arange(8)[None], kind="hex8", side=None)


def test_a_sheared_brick_has_the_volume_and_faces_of_a_parallelepiped() -> None:
    mesh = brick(brick_points())
    assert mesh.cell_volumes == pytest.approx([9.0], rel=1e-14)
    assert np.allclose(mesh.facet_area_vectors.sum(axis=0), 0.0, atol=1e-13)
    a, b, c = SHEARED
    areas = np.linalg.norm(mesh.facet_area_vectors, axis=1)
    pairs = np.repeat([np.linalg.norm(np.cross(*two)) for two in ((a, b), (b, c), (c, a))], 2)
    assert np.sort(areas) == pytest.approx(np.sort(pairs), rel=1e-13)
    outward = mesh.facet_centroids - mesh.points.mean(axis=0)
    assert (np.einsum("ij,ij->i", outward, mesh.facet_area_vectors) > 0).all()


def test_the_surface_of_a_brick_is_closed_triangles_round_its_volume() -> None:
    surface = brick(brick_points()).surface
    assert surface.n_triangles == 12
    assert surface.is_closed
    assert surface.volume == pytest.approx(9.0, rel=1e-13)


def test_a_hexahedron_that_is_no_parallelepiped_is_refused() -> None:
    points = brick_points()
    points[6] += [0.05, 0.0, 0.0]
    with pytest.raises(MeshQualityError, match="expected parallelepipeds"):
        brick(points)


def test_a_hexahedron_with_the_corners_of_its_layers_in_rows_is_refused() -> None:
    with pytest.raises(MeshQualityError, match="order of VTK"):
        brick(brick_points()[[0, 1, 3, 2, 4, 5, 7, 6]])


def test_a_hexahedron_inside_out_is_refused() -> None:
    with pytest.raises(MeshQualityError, match="inverted"):
        brick(brick_points()[[4, 5, 6, 7, 0, 1, 2, 3]])


def test_samples_of_another_element_are_refused_where_they_meet_the_mesh() -> None:
    with pytest.raises(ShapeError, match=r"4 samples of E_modulus .* hex8"):
        check_samples_of(brick(brick_points()), "E_modulus", np.ones((1, 4)))


def test_a_number_of_samples_that_no_element_has_is_refused() -> None:
    with pytest.raises(OutOfRangeError, match="5 samples of E_modulus"):
        ElasticField(E_modulus=np.ones((2, 5)), nu=0.3)


def test_a_modulus_that_is_not_positive_is_refused() -> None:
    with pytest.raises(OutOfRangeError, match="1 samples not positive"):
        ElasticField(E_modulus=np.array([[100.0], [0.0]]), nu=0.3)


def test_a_modulus_of_the_wrong_shape_is_refused() -> None:
    with pytest.raises(ShapeError, match="E_modulus of shape"):
        ElasticField(E_modulus=np.ones(3), nu=0.3)


@pytest.mark.parametrize(("side", "lateral"), [("right", -1.0), ("left", 1.0)])
def test_lateral_is_the_patients_own_side_in_lps(side, lateral) -> None:
    frame = FemoralFrame(
        origin=np.zeros(3),
        axes=np.array([[lateral, 0, 0], [0, -1.0, 0], [0, 0, 1.0]]),
        side=side,
        head_radius=24.0,
        neck_axis=np.array([-lateral, 0.0, 1.0]) / np.sqrt(2.0),
        shaft_point=np.array([lateral * 40.0, 0.0, -40.0]),
        neck_shaft_angle=2.2,
        shaft_length=100.0,
        shaft_reference="shaft",
    )
    assert np.allclose(frame.direction_to_world(np.array([1.0, 0, 0])), [lateral, 0, 0])
    assert np.allclose(frame.direction_to_world(np.array([0, 1.0, 0])), [0, -1.0, 0])


def test_axes_of_the_other_side_are_refused() -> None:
    with pytest.raises(OutOfRangeError, match="wrong handedness for a left femur"):
        FemoralFrame(
            origin=np.zeros(3),
            axes=np.array([[-1.0, 0, 0], [0, -1.0, 0], [0, 0, 1.0]]),
            side="left",
            head_radius=24.0,
            neck_axis=np.array([0.0, 0.0, 1.0]),
            shaft_point=np.zeros(3),
            neck_shaft_angle=2.2,
            shaft_length=100.0,
            shaft_reference="shaft",
        )
