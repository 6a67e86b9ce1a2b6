"""Loads and strength on a bone whose surface is made of squares."""

import numpy as np
import pytest

from femur_fea.domain import BoneMesh, FemoralFrame, FEResult, SolverStatistics
from femur_fea.loads import LOAD_CASES, REFERENCE_FORCE, REFERENCE_MOMENT
from femur_fea.loads.patch import resultant_point
from femur_fea.strength import (
    FAILURE_CRITERIA,
    evaluate_strength,
    facet_strain,
    patch_average,
    patch_radius_on,
)

CORNERS = np.array([[0, 0, 0], [1, 0, 0], [1, 1, 0], [0, 1, 0]])
BRICK = np.concatenate([CORNERS, CORNERS + np.array([0, 0, 1])])
CRITERION = FAILURE_CRITERIA["schileo_2014"]


def voxels(filled: np.ndarray, edge: float, origin: np.ndarray) -> BoneMesh:
    """Return a cube of `edge` mm for every filled index."""
    corners = (np.argwhere(filled)[:, None] + BRICK).reshape(-1, 3)
    used, cells = np.unique(corners, axis=0, return_inverse=True)
    return BoneMesh(
        points=origin + edge * used, cells=cells.reshape(-1, 8), kind="hex8", side="right"
    )


@pytest.fixture(scope="module")
def blocky(ball_on_stick) -> tuple[BoneMesh, FemoralFrame]:
    """The caricature of a femur in voxels of 4 mm."""
    _, frame = ball_on_stick
    ticks = np.arange(-150.0, 24.0, 4.0)
    x, y, z = np.stack(np.meshgrid(ticks, ticks, ticks, indexing="ij"))
    head = x**2 + y**2 + z**2 <= 20.0**2
    along = np.clip(-(x + z) / 2.0, 0.0, 40.0)
    neck = (x + along) ** 2 + y**2 + (z + along) ** 2 <= 15.0**2
    shaft = (np.hypot(x + 45.0, y) <= 16.0) & (z <= -10.0) & (z >= -140.0)
    return voxels(head | neck | shaft, 4.0, np.full(3, ticks[0] - 2.0)), frame


def resultant(mesh: BoneMesh, traction: np.ndarray, about: np.ndarray) -> tuple[np.ndarray, ...]:
    """Integrate force and moment of a bilinear traction by 2 x 2 points of Gauss."""
    near, far = 0.5 + 0.5 / np.sqrt(3.0), 0.5 - 0.5 / np.sqrt(3.0)
    share = np.linalg.norm(mesh.facet_area_vectors, axis=1)[:, None] / 4.0
    force, moment = np.zeros((2, 3))
    for a in (near, far):
        for b in (near, far):
            corner = np.array([(1 - a) * (1 - b), a * (1 - b), a * b, (1 - a) * b])
            x, t = corner @ mesh.points[mesh.facets], corner @ traction[mesh.facets]
            force = force + (share * t).sum(axis=0)
            moment = moment + (share * np.cross(x - about, t)).sum(axis=0)
    return force, moment


def test_stance_on_stairs_has_exactly_its_force_through_the_head(blocky) -> None:
    mesh, frame = blocky
    load = LOAD_CASES["stance"].apply(mesh, frame, fixed_length=10.0)
    force, moment = resultant(mesh, load.traction, frame.origin)
    expected = np.array([-73.6, 15.0, -248.8])  # %BW of OrthoLoad in LPS of a right hip
    np.testing.assert_allclose(
        force, REFERENCE_FORCE * expected / np.linalg.norm(expected), rtol=1e-12
    )
    # a staircase of 4 mm: the lever arm is a tenth of the head's radius at most
    assert np.linalg.norm(moment) / REFERENCE_FORCE < 0.1 * frame.head_radius


def test_torsion_and_bending_of_stairs_are_the_couples_that_were_asked_for(blocky) -> None:
    short, frame = blocky
    z = short.points[:, 2]
    # a shaft twice as long below the lesser trochanter at -72 mm
    longer = np.where(z < -72.0, -72.0 + 2.0 * (z + 72.0), z)
    points = np.column_stack([short.points[:, :2], longer])
    mesh = BoneMesh(points=points, cells=short.cells, kind="hex8", side="right")
    for name, couple in (("torsion_internal", REFERENCE_MOMENT), ("bending_anterior", 0.0)):
        load = LOAD_CASES[name].apply(mesh, frame, fixed_length=10.0)
        force, moment = resultant(mesh, load.traction, frame.origin)
        np.testing.assert_allclose(force, 0.0, atol=1e-9)
        np.testing.assert_allclose(moment, [0.0, 0.0, couple], atol=1e-9 * REFERENCE_MOMENT)


def test_the_plate_of_a_fall_balances_the_head_about_the_hinge_on_stairs(blocky) -> None:
    mesh, frame = blocky
    fall = LOAD_CASES["fall"]
    load = fall.apply(mesh, frame, fixed_length=10.0)
    direction = frame.direction_to_world(fall.direction)
    along = float((frame.origin - frame.shaft_point) @ frame.axes[2]) - fall.hinge_distance
    hinge = frame.shaft_point + along * frame.axes[2]
    _, moment = resultant(mesh, load.traction, hinge)
    across = np.cross(direction, frame.axes[2])
    assert abs(moment @ across) < 1e-9 * REFERENCE_FORCE * fall.hinge_distance


def test_a_traction_at_one_corner_of_a_square_acts_two_thirds_towards_it() -> None:
    mesh = voxels(np.ones((1, 1, 1), dtype=bool), 3.0, np.zeros(3))
    weight = (mesh.points == 3.0).all(axis=1).astype(float)
    # three faces share the corner; on each x y over the square has its centroid at 2/3
    assert resultant_point(mesh, weight) == pytest.approx([(2.0 + 2.0 + 3.0) / 3.0] * 3)


def test_the_strain_of_a_facet_is_that_at_its_centroid() -> None:
    """A trilinear displacement, which hexahedra represent exactly: u = (x y z, y z, 0)."""
    mesh = voxels(np.ones((2, 2, 2), dtype=bool), 1.5, np.array([0.5, 1.0, -0.7]))

    def strain_at(points: np.ndarray) -> np.ndarray:
        x, y, z = np.moveaxis(points, -1, 0)
        zero = np.zeros_like(x)
        return np.stack([y * z, z, zero, y, x * y, x * z], axis=-1)

    on_facets = facet_strain(mesh, strain_at(mesh.points[mesh.cells]))
    np.testing.assert_allclose(on_facets, strain_at(mesh.facet_centroids), atol=1e-12)


def test_patches_on_voxels_measure_at_least_one_and_a_half_edges() -> None:
    mesh = voxels(np.ones((2, 2, 2), dtype=bool), 3.0, np.zeros(3))
    assert patch_radius_on(mesh, 3.0) == pytest.approx(4.5)
    assert patch_radius_on(mesh, 6.0) == 6.0


def test_patches_on_smooth_surfaces_have_the_radius_of_the_criterion(ball_on_stick) -> None:
    assert patch_radius_on(ball_on_stick[0], 3.0) == 3.0


def test_a_facet_just_as_far_as_the_radius_counts_wherever_the_bone_lies() -> None:
    """Nine squares of 1 mm in a row: within 3 mm of the middle one lie seven."""
    plate = np.ones((9, 1, 1), dtype=bool)
    for shift in np.random.default_rng(0).uniform(-300.0, 300.0, (20, 3)):
        mesh = voxels(plate, 1.0, shift)
        top = np.isclose(mesh.facet_area_vectors[:, 2], 1.0)
        values = np.isclose(mesh.facet_centroids[:, 0] - shift[0], 1.5).astype(float)[:, None]
        means = patch_average(mesh, values, 3.0, top)
        middle = top & np.isclose(mesh.facet_centroids[:, 0] - shift[0], 4.5)
        assert means[middle] == pytest.approx(1.0 / 7.0)


def test_a_uniform_strain_on_voxels_fails_at_its_limit(blocky) -> None:
    mesh, frame = blocky
    strain = np.array([0.0, 0.0, -0.002, 0.0, 0.0, 0.0])
    load = LOAD_CASES["stance"].apply(mesh, frame, fixed_length=10.0)
    result = FEResult(
        load="stance",
        u=np.zeros((mesh.n_points, 3)),
        strain=np.broadcast_to(strain, (mesh.n_cells, 8, 6)),
        stress=np.zeros((mesh.n_cells, 6)),
        force=REFERENCE_FORCE,
        external_work=1.0,
        reaction_force=np.zeros(3),
        reaction_moment=np.zeros(3),
        driven_force=np.zeros(3),
        statistics=SolverStatistics(
            n_dofs=1,
            method="multigrid",
            ranks=1,
            iterations=1,
            energy_error=0.0,
            relative_residual=0.0,
            seconds=0.0,
            setup_seconds=0.0,
        ),
    )
    bone = np.ones(mesh.n_cells, dtype=bool)
    found = evaluate_strength(mesh, frame, result, load, CRITERION, bone=bone)
    assert found.failure_load_N == pytest.approx(REFERENCE_FORCE * 0.0104 / 0.002)
    assert found.weakest_site.mode == "compression"
