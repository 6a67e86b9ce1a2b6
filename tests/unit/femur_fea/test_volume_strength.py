"""Strength by volume, first yield and the strain fold ratio, on strains known beforehand."""

from dataclasses import replace

import numpy as np
import pytest

from femur_fea.domain import FEResult, LoadCase, SolverStatistics
from femur_fea.errors import LoadError, OutOfRangeError
from femur_fea.strength import (
    FAILURE_CRITERIA,
    STRAIN_FOLD_THRESHOLD,
    VOLUME_CRITERIA,
    VolumeLimit,
    effective_strain,
    evaluate_strength,
    evaluate_volume,
    strain_fold,
)

NU = 0.3
PISTOIA = VOLUME_CRITERIA["pistoia_2002"]
SURFACE = FAILURE_CRITERIA["schileo_2014"]
UNIAXIAL = np.array([-NU, -NU, 1.0, 0.0, 0.0, 0.0])


def case(mesh, *, excluded=None, quantity="force"):
    traction = np.zeros((mesh.n_points, 3))
    traction[0] = 1.0
    none = np.zeros(mesh.n_points, dtype=bool)
    return LoadCase.on_fixed_points(
        name="test",
        traction=traction,
        fixed=~none,
        magnitude=1000.0,
        excluded=none if excluded is None else excluded,
        quantity=quantity,
    )


def result(mesh, axial):
    """Return a uniaxial state of strain `axial` (n_cells, 4) at the corners of each cell."""
    return FEResult(
        load="test",
        u=np.zeros((mesh.n_points, 3)),
        strain=axial[:, :, None] * UNIAXIAL,
        stress=np.zeros((mesh.n_cells, 6)),
        force=1000.0,
        external_work=500.0,
        driven_force=np.zeros(3),
        reaction_force=np.zeros(3),
        reaction_moment=np.zeros(3),
        statistics=SolverStatistics(
            method="multigrid",
            ranks=1,
            n_dofs=1,
            iterations=1,
            energy_error=0.0,
            relative_residual=0.0,
            seconds=0.0,
            setup_seconds=0.0,
        ),
    )


@pytest.fixture
def bar(box_mesh):
    """Return a bar of 20 equal slices along z and the height of the corners of its cells."""
    mesh = box_mesh((2, 2, 20), (2.0, 2.0, 20.0))
    return mesh, mesh.points[mesh.cells][:, :, 2]


def test_the_effective_strain_of_a_uniaxial_state_is_its_axial_strain() -> None:
    strain = np.outer([0.004, -0.004], UNIAXIAL)
    np.testing.assert_allclose(effective_strain(strain, nu=NU), 0.004, rtol=1e-14)


def test_the_effective_strain_of_pure_shear_follows_from_its_energy() -> None:
    # 2 U = G gamma^2 with G = E / (2 (1 + nu))
    shear = effective_strain(np.array([[0, 0, 0, 0.01, 0, 0]]), nu=NU)
    assert shear[0] == pytest.approx(0.01 / np.sqrt(2.0 * (1.0 + NU)), rel=1e-14)


def test_strength_by_volume_is_the_load_at_which_the_share_passes_the_limit(bar) -> None:
    mesh, _ = bar
    # a tenth of the slices, from the top, bears more than the rest
    high = mesh.centroids[:, 2] > 18.0
    axial = np.where(high, 0.010, 0.005)[:, None] * np.ones(4)
    strains = {0.02: 0.010, 0.0999: 0.010, 0.1001: 0.005, 0.5: 0.005}
    for share, reached in strains.items():
        found = evaluate_volume(
            mesh,
            result(mesh, axial),
            case(mesh),
            replace(PISTOIA, volume_share=share),
            bone=np.ones(mesh.n_cells, dtype=bool),
            nu=NU,
        )
        assert found.failure_load == pytest.approx(1000.0 * 0.007 / reached, rel=1e-12)
        assert (found.criterion, found.quantity) == ("pistoia_2002", "force")


def test_bone_near_loads_and_tumour_do_not_count_in_the_volume(bar) -> None:
    mesh, _ = bar
    z = mesh.centroids[:, 2]
    axial = np.full((mesh.n_cells, 4), 0.005)
    axial[z > 15.0] = 0.5
    axial[z < 5.0] = 0.5
    found = evaluate_volume(
        mesh,
        result(mesh, axial),
        case(mesh, excluded=mesh.points[:, 2] > 15.0),
        PISTOIA,
        bone=z > 5.0,
        nu=NU,
    )
    assert found.failure_load == pytest.approx(1400.0, rel=1e-12)


def test_a_bone_without_a_cell_to_judge_is_refused(bar) -> None:
    mesh, _ = bar
    with pytest.raises(LoadError, match="covers the whole bone"):
        evaluate_volume(
            mesh,
            result(mesh, np.ones((mesh.n_cells, 4))),
            case(mesh),
            PISTOIA,
            bone=np.zeros(mesh.n_cells, dtype=bool),
            nu=NU,
        )


def test_first_yield_comes_before_failure_where_strain_is_uneven(ball_on_stick) -> None:
    mesh, frame = ball_on_stick
    axial = np.full((mesh.n_cells, 4), 0.001)
    worst = mesh.facet_cells[np.argmax(mesh.facet_centroids[:, 2])]
    axial[worst] = 0.003
    bone = np.ones(mesh.n_cells, dtype=bool)
    found = evaluate_strength(mesh, frame, result(mesh, axial), case(mesh), SURFACE, bone=bone)
    assert found.first_yield_load == pytest.approx(1000.0 * SURFACE.tension / 0.003, rel=1e-12)
    assert found.first_yield_load < found.failure_load < 1000.0 * SURFACE.tension / 0.001


def test_first_yield_is_failure_where_strain_is_even(ball_on_stick) -> None:
    mesh, frame = ball_on_stick
    bone = np.ones(mesh.n_cells, dtype=bool)
    even = result(mesh, np.full((mesh.n_cells, 4), 0.001))
    found = evaluate_strength(mesh, frame, even, case(mesh), SURFACE, bone=bone)
    assert found.first_yield_load == pytest.approx(found.failure_load, rel=1e-12)


def test_a_moment_is_not_read_in_newtons(ball_on_stick) -> None:
    mesh, frame = ball_on_stick
    bone = np.ones(mesh.n_cells, dtype=bool)
    even = result(mesh, np.full((mesh.n_cells, 4), 0.001))
    twisted = case(mesh, quantity="moment")
    found = evaluate_strength(mesh, frame, even, twisted, SURFACE, bone=bone)
    assert found.quantity == "moment"
    assert found.failure_load == pytest.approx(7300.0, rel=1e-12)
    for read in (lambda: found.failure_load_N, lambda: found.stiffness_N_per_mm):
        with pytest.raises(LoadError, match="which is a moment"):
            read()


def test_the_strain_fold_of_equal_twins_is_one() -> None:
    strain = np.random.default_rng(0).uniform([0.0, -0.01], [0.01, 0.0], (50, 2))
    near = np.arange(50) < 20
    fold = strain_fold(strain, strain, near)
    assert (fold.tension, fold.compression, fold.largest) == (1.0, 1.0, 1.0)


def test_the_strain_fold_compares_the_largest_strains_near_the_lesion() -> None:
    twin = np.array([[0.002, -0.001], [0.004, -0.003], [0.009, -0.009]])
    bone = np.array([[0.006, -0.001], [0.001, -0.0045], [0.09, -0.09]])
    fold = strain_fold(bone, twin, np.array([True, True, False]))
    assert fold.tension == pytest.approx(1.5)
    assert fold.compression == pytest.approx(1.5)
    assert fold.largest > STRAIN_FOLD_THRESHOLD.value


def test_places_that_are_not_judged_do_not_enter_the_strain_fold() -> None:
    twin = np.array([[0.002, -0.001], [0.004, -0.003]])
    bone = np.array([[0.002, -0.001], [np.nan, np.nan]])
    assert strain_fold(bone, twin, np.ones(2, dtype=bool)).largest == 1.0
    with pytest.raises(OutOfRangeError, match="no judged surface"):
        strain_fold(bone, twin, np.array([False, True]))


def test_the_volume_criterion_tells_that_it_was_found_for_another_bone() -> None:
    assert isinstance(PISTOIA, VolumeLimit)
    assert "radius" in PISTOIA.source
