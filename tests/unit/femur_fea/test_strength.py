from dataclasses import replace

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from femur_fea.domain import BoneMesh, FEResult, LoadCase, SolverStatistics
from femur_fea.errors import LoadError, ShapeError
from femur_fea.strength import (
    FAILURE_CRITERIA,
    evaluate_strength,
    facet_strain,
    patch_average,
    principal_strains,
    region_of,
    von_mises,
)

CRITERION = FAILURE_CRITERIA["schileo_2014"]
STATISTICS = SolverStatistics(
    method="multigrid",
    ranks=1,
    n_dofs=1,
    iterations=1,
    energy_error=0.0,
    relative_residual=0.0,
    seconds=0.0,
    setup_seconds=0.0,
)


def uniform(mesh: BoneMesh, strain: list[float], work: float = 1.0) -> FEResult:
    """Return a result of the same strain everywhere."""
    return FEResult(
        load="test",
        u=np.zeros((mesh.n_points, 3)),
        strain=np.broadcast_to(np.asarray(strain), (mesh.n_cells, 4, 6)).copy(),
        stress=np.zeros((mesh.n_cells, 6)),
        force=1000.0,
        external_work=work,
        driven_force=np.zeros(3),
        reaction_force=np.zeros(3),
        reaction_moment=np.zeros(3),
        statistics=STATISTICS,
    )


def load_case(mesh: BoneMesh, *, excluded: np.ndarray | None = None) -> LoadCase:
    traction = np.zeros((mesh.n_points, 3))
    traction[0] = 1.0
    return LoadCase.on_fixed_points(
        name="test",
        traction=traction,
        fixed=np.ones(mesh.n_points, dtype=bool),
        magnitude=1000.0,
        excluded=np.zeros(mesh.n_points, dtype=bool) if excluded is None else excluded,
    )


def whole(mesh: BoneMesh) -> np.ndarray:
    return np.ones(mesh.n_cells, dtype=bool)


def test_principal_strains_do_not_depend_on_the_axes() -> None:
    turn = Rotation.from_euler("xyz", [20, 50, 70], degrees=True).as_matrix()
    tensor = turn @ np.diag([0.003, -0.001, -0.007]) @ turn.T
    voigt = np.array(
        [[tensor[0, 0], tensor[1, 1], tensor[2, 2],
          2 * tensor[1, 2], 2 * tensor[0, 2], 2 * tensor[0, 1]]]
    )  # fmt: skip
    assert np.allclose(principal_strains(voigt), [[0.003, -0.001, -0.007]], atol=1e-15)


def test_pure_shear_has_half_the_engineering_shear_as_principal_strain() -> None:
    principal = principal_strains(np.array([[0, 0, 0, 0, 0, 0.002]]))
    assert np.allclose(principal, [[0.001, 0.0, -0.001]], atol=1e-18)


def test_strain_without_six_components_is_refused() -> None:
    with pytest.raises(ShapeError, match=r"shape \(any, 6\)"):
        principal_strains(np.zeros((4, 3)))


@pytest.mark.parametrize(
    ("strain", "limit", "mode"),
    [(0.001, 0.0073, "tension"), (-0.001, 0.0104, "compression")],
)
def test_a_bar_fails_at_the_load_that_brings_its_strain_to_the_limit(
    ball_on_stick, strain, limit, mode
) -> None:
    mesh, frame = ball_on_stick
    result = uniform(mesh, [strain, 0, 0, 0, 0, 0], work=500.0)
    strength = evaluate_strength(mesh, frame, result, load_case(mesh), CRITERION, bone=whole(mesh))
    assert strength.failure_load_N == pytest.approx(1000.0 * limit / abs(strain), rel=1e-12)
    assert strength.weakest_site.mode == mode
    # work 500 N mm of 1000 N is a displacement of 0.5 mm
    assert strength.stiffness_N_per_mm == pytest.approx(2000.0)


def test_failure_is_not_looked_for_near_loads_and_supports(ball_on_stick) -> None:
    mesh, frame = ball_on_stick
    result = uniform(mesh, [0.001, 0, 0, 0, 0, 0])
    excluded = frame.to_frame(mesh.points)[:, 2] < -60.0
    strength = evaluate_strength(
        mesh, frame, result, load_case(mesh, excluded=excluded), CRITERION, bone=whole(mesh)
    )
    distal = frame.to_frame(mesh.facet_centroids)[:, 2] < -64.0
    assert np.isnan(strength.risk_factor[distal]).all()
    assert np.isfinite(strength.risk_factor[~excluded[mesh.facets].any(axis=1)]).all()


def test_the_strain_of_tumour_at_the_surface_is_no_failure_of_bone(ball_on_stick) -> None:
    mesh, frame = ball_on_stick
    result = uniform(mesh, [0.001, 0, 0, 0, 0, 0])
    in_lesion = np.linalg.norm(mesh.centroids - [-25.0, 0.0, -15.0], axis=1) < 8.0
    strain = result.strain.copy()
    strain[in_lesion] *= 100.0
    torn = replace(result, strain=strain)
    strength = evaluate_strength(mesh, frame, torn, load_case(mesh), CRITERION, bone=~in_lesion)
    # neither judged nor averaged into its neighbours: the bar's own strength
    assert strength.failure_load_N == pytest.approx(7300.0, rel=1e-12)
    assert np.isnan(strength.risk_factor[in_lesion[mesh.facet_cells]]).all()


def test_a_triangle_with_one_excluded_corner_is_not_judged(ball_on_stick) -> None:
    mesh, frame = ball_on_stick
    excluded = np.zeros(mesh.n_points, dtype=bool)
    corner = int(mesh.facets[0, 0])
    excluded[corner] = True
    result = uniform(mesh, [0.001, 0, 0, 0, 0, 0])
    case = load_case(mesh, excluded=excluded)
    risk = evaluate_strength(mesh, frame, result, case, CRITERION, bone=whole(mesh)).risk_factor
    assert np.array_equal(np.isnan(risk), (mesh.facets == corner).any(axis=1))


def test_a_bone_that_is_all_load_and_support_is_refused(ball_on_stick) -> None:
    mesh, frame = ball_on_stick
    everywhere = load_case(mesh, excluded=np.ones(mesh.n_points, dtype=bool))
    with pytest.raises(LoadError, match="covers the whole bone"):
        evaluate_strength(
            mesh,
            frame,
            uniform(mesh, [0.001, 0, 0, 0, 0, 0]),
            everywhere,
            CRITERION,
            bone=whole(mesh),
        )


def test_strain_that_is_linear_in_space_is_exact_at_the_triangles_centroids(box_mesh) -> None:
    mesh = box_mesh((2, 2, 2), (4.0, 4.0, 4.0))
    strain = np.zeros((mesh.n_cells, 4, 6))
    strain[..., 0] = mesh.points[mesh.cells] @ [1.0, 2.0, 3.0]
    expected = mesh.facet_centroids @ [1.0, 2.0, 3.0]
    assert np.allclose(facet_strain(mesh, strain)[:, 0], expected, rtol=1e-12)


def test_a_patch_does_not_average_through_a_thin_wall(box_mesh) -> None:
    plate = box_mesh((10, 10, 1), (20.0, 20.0, 1.0))
    top = plate.facet_area_vectors[:, 2] > 0.1
    bottom = plate.facet_area_vectors[:, 2] < -0.1
    values = np.where(top, 1.0, np.where(bottom, -1.0, 0.0))[:, None]
    averaged = patch_average(plate, values, 3.0, np.ones(len(values), dtype=bool))[:, 0]
    assert np.allclose(averaged[top], 1.0)
    assert np.allclose(averaged[bottom], -1.0)


def test_large_triangles_weigh_more_in_a_patch_than_small_ones(box_mesh) -> None:
    mesh = box_mesh((2, 1, 1), (2.0, 3.0, 1.0))
    stretched = BoneMesh(
        points=np.where(mesh.points == [1.0, 1e9, 1e9], 0.2, mesh.points),
        cells=mesh.cells,
        kind="tet10",
        side="right",
    )
    top = stretched.facet_area_vectors[:, 2] > 0.0
    narrow = top & (stretched.facet_centroids[:, 0] < 0.2)
    averaged = patch_average(stretched, narrow.astype(float)[:, None], 10.0, top)
    # 0.2 mm of 2 mm carry the value 1; the number of triangles is the same on both strips
    assert np.allclose(averaged[top], 0.1)


def test_a_single_hot_triangle_is_spread_over_the_patch(box_mesh) -> None:
    mesh = box_mesh((10, 10, 10), (20.0, 20.0, 20.0))
    values = np.zeros((len(mesh.facets), 1))
    hot = int(np.argmin(np.linalg.norm(mesh.facet_centroids - [10.0, 10.0, 20.0], axis=1)))
    values[hot] = 1.0
    area = np.linalg.norm(mesh.facet_area_vectors, axis=1)
    near = np.linalg.norm(mesh.facet_centroids - mesh.facet_centroids[hot], axis=1) <= 3.0
    assert patch_average(mesh, values, 3.0, np.ones(len(values), dtype=bool))[
        hot, 0
    ] == pytest.approx(area[hot] / area[near].sum())


@pytest.mark.parametrize(
    ("point", "region"),
    [
        ([0.0, 0.0, 19.0], "head"),
        ([-8.0, 0.0, -8.0], "head"),
        ([-25.0, 0.0, -15.0], "neck"),
        ([-50.0, 0.0, -25.0], "intertrochanteric"),
        ([-50.0, 0.0, -90.0], "subtrochanteric"),
        ([-50.0, 0.0, -140.0], "shaft"),
    ],
)
def test_points_are_named_by_the_region_they_lie_in(ball_on_stick, point, region) -> None:
    _, frame = ball_on_stick
    assert region_of(frame, np.asarray(point)) == region


def test_von_mises_of_uniaxial_stress_is_its_magnitude() -> None:
    assert von_mises(np.array([[0.0, -37.0, 0.0, 0.0, 0.0, 0.0]])) == pytest.approx([37.0])


def test_von_mises_of_pure_shear_is_root_three_times_it() -> None:
    shear = np.zeros((3, 6))
    shear[[0, 1, 2], [3, 4, 5]] = 10.0
    assert von_mises(shear) == pytest.approx(np.full(3, 10.0 * np.sqrt(3.0)))


def test_von_mises_ignores_pressure() -> None:
    assert von_mises(np.array([[-80.0, -80.0, -80.0, 0.0, 0.0, 0.0]])) == pytest.approx([0.0])


def test_von_mises_refuses_other_than_six_components() -> None:
    with pytest.raises(ShapeError):
        von_mises(np.zeros((4, 3)))
