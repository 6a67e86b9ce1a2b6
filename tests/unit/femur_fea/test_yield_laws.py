"""From density and modulus to yield stresses, and from a failed bone to its strength."""

from dataclasses import replace

import numpy as np
import pytest

from femur_fea.domain import (
    BoneMesh,
    DensityField,
    ElasticField,
    FemoralFrame,
    ImageGrid,
    LabelMask,
    LoadCase,
    LoadDisplacementCurve,
    NonlinearResult,
)
from femur_fea.errors import DensityKindError, LoadError
from femur_fea.materials import SOFTENING_LAWS, STRENGTH_LAWS
from femur_fea.strength.peak import evaluate_peak
from femur_fea.strength.yield_law import (
    STRENGTH_FLOOR_MPA,
    YIELD_STRAINS,
    map_strength,
    strength_by_site,
)

SITES = {
    "neck": YIELD_STRAINS["morgan_2001_femoral_neck"],
    "trochanter": YIELD_STRAINS["morgan_2001_greater_trochanter"],
}


def _row(n, pitch=10.0, size=1.0):
    """Return `n` separate tetrahedra along z from 0 downwards."""
    corners = size * np.array([[0, 0, 0], [1, 0, 0], [0, 1, 0], [0, 0, 1]], dtype=float)
    points = np.concatenate([corners - [0, 0, pitch * k] for k in range(n)])
    cells = np.arange(4 * n).reshape(n, 4)
    return BoneMesh(points=points, cells=cells, kind="tet10", side="right")


@pytest.fixture
def frame():
    """A femur whose head centre is the origin and whose shaft lies 40 mm lateral (-x in LPS)."""
    neck_axis = np.array([1.0, 0.0, 1.0]) / np.sqrt(2.0)
    return FemoralFrame(
        origin=np.zeros(3),
        axes=np.array([[-1.0, 0.0, 0.0], [0.0, -1.0, 0.0], [0.0, 0.0, 1.0]]),
        side="right",
        head_radius=24.0,
        neck_axis=neck_axis,
        shaft_point=np.array([-40.0, 0.0, -40.0]),
        neck_shaft_angle=2.2,
        shaft_length=100.0,
        shaft_reference="shaft",
    )


def _density(rho, kind="ash"):
    grid = ImageGrid(shape=(5, 5, 5), affine=np.diag([1.0, 1.0, 1.0, 1.0]))
    femur = LabelMask(grid=grid, inside=np.ones((5, 5, 5), dtype=bool))
    return DensityField(grid=grid, rho=np.full((5, 5, 5), rho), kind=kind), femur


def test_strength_follows_the_density_law_in_tension_and_compression():
    density, femur = _density(0.5)
    mapped = map_strength(density, femur, _row(1), STRENGTH_LAWS["keyak_2001"])
    np.testing.assert_allclose(mapped.strength.tension, 102.0 * 0.5**1.8)
    np.testing.assert_array_equal(mapped.strength.tension, mapped.strength.compression)
    assert mapped.floor_fraction == 0.0


def test_bone_without_mineral_is_raised_to_the_floor_and_counted():
    density, femur = _density(0.0)
    mapped = map_strength(density, femur, _row(1), STRENGTH_LAWS["keyak_2001"])
    np.testing.assert_array_equal(mapped.strength.tension, STRENGTH_FLOOR_MPA)
    assert mapped.floor_fraction == pytest.approx(1.0)


def test_strength_from_another_kind_of_density_is_refused():
    density, femur = _density(0.5, "apparent")
    with pytest.raises(DensityKindError):
        map_strength(density, femur, _row(1), STRENGTH_LAWS["keyak_2001"])


def test_the_yield_stress_of_a_large_cell_falls_more_steeply_after_the_same_plateau():
    density, femur = _density(0.5)
    small, large = (
        map_strength(
            density,
            femur,
            _row(1, size=size),
            STRENGTH_LAWS["keyak_2001"],
            softening=SOFTENING_LAWS["keyak_2005"],
        ).strength
        for size in (0.5, 1.0)
    )
    np.testing.assert_allclose(small.tension, large.tension, rtol=1e-12)  # round-off of sampling
    np.testing.assert_allclose(small.softening.plateau, large.softening.plateau)
    np.testing.assert_allclose(small.softening.slope, 0.5 * large.softening.slope)
    np.testing.assert_allclose(small.softening.residual, 43.1 * 0.5**1.81)


def test_softening_from_another_kind_of_density_is_refused():
    density, femur = _density(0.5)
    softening = replace(SOFTENING_LAWS["keyak_2005"], density_kind="apparent")
    with pytest.raises(DensityKindError, match="softening"):
        map_strength(density, femur, _row(1), STRENGTH_LAWS["keyak_2001"], softening=softening)


def test_what_softening_leaves_of_bone_without_mineral_is_raised_to_the_floor():
    density, femur = _density(0.0)
    mapped = map_strength(
        density,
        femur,
        _row(1),
        STRENGTH_LAWS["keyak_2001"],
        softening=SOFTENING_LAWS["keyak_2005"],
    )
    np.testing.assert_array_equal(mapped.strength.softening.residual, STRENGTH_FLOOR_MPA)
    assert mapped.floor_fraction == pytest.approx(1.0)


def test_neck_is_stronger_in_compression_than_trochanter_and_equal_in_tension(frame):
    mesh = _row(10)
    elastic = ElasticField(E_modulus=np.full((10, 4), 1000.0), nu=0.3)
    field = strength_by_site(mesh, elastic, frame, **SITES)
    np.testing.assert_allclose(field.tension, 6.1)
    np.testing.assert_allclose(field.compression[0], 8.5)  # in the head
    beside = BoneMesh(
        points=mesh.points - [25.0, 0.0, 25.0], cells=mesh.cells, kind="tet10", side="right"
    )
    in_neck = strength_by_site(beside, elastic, frame, **SITES)
    np.testing.assert_allclose(in_neck.compression[0], 8.5)
    np.testing.assert_allclose(field.compression[-1], 7.0)  # 50 mm below the trochanter


def _failed(mesh, flow, *, last_force=1500.001):
    strain = np.zeros((mesh.n_cells, 4, 6))
    strain[:, :, 2] = np.asarray(flow)[:, None]
    strain[:, :, :2] = -0.5 * strain[:, :, 2:3]
    return NonlinearResult(
        load="stance",
        curve=LoadDisplacementCurve(
            displacement=np.array([0.0, 1.0, 3.0, 4.0]),
            force=np.array([0.0, 1000.0, 1500.0, last_force]),
            newton_iterations=np.array([0, 0, 4, 4]),
            krylov_iterations=np.array([0, 20, 60, 80]),
            end="plateau",
        ),
        first_yield_force=1000.0,
        displacement=4.0,
        force=last_force,
        u=np.zeros((mesh.n_points, 3)),
        stress=np.zeros_like(strain),
        plastic_strain=strain,
        yielded_fraction=0.5,
        dissipated_energy=1.0,
        stored_energy=1.0,
        imbalance=1e-6,
        n_dofs=3 * mesh.n_points,
        ranks=1,
        seconds=1.0,
    )


def _whole(mesh):
    return np.ones(mesh.n_cells, dtype=bool)


def _load(mesh, excluded_cells=()):
    excluded = np.zeros(mesh.n_points, dtype=bool)
    excluded[mesh.cells[list(excluded_cells)]] = True
    return LoadCase.on_fixed_points(
        name="stance",
        traction=np.ones((mesh.n_points, 3)),
        fixed=np.arange(mesh.n_points) < 3,
        magnitude=1000.0,
        excluded=excluded,
    )


def test_strength_is_the_plateau_and_the_site_that_of_the_largest_plastic_strain(frame):
    mesh = _row(10)
    flow = [0.0, 0.02, 0.0, 0.0, 0.0, 0.0, 0.0, -0.05, 0.0, 0.0]
    result = _failed(mesh, flow)
    strength = evaluate_peak(mesh, frame, result, _load(mesh), bone=_whole(mesh))
    assert strength.failure_load_N == result.curve.strength.force
    assert strength.criterion == "plateau force"
    assert strength.stiffness_N_per_mm == pytest.approx(1000.0)
    assert strength.weakest_site.mode == "compression"
    np.testing.assert_allclose(strength.weakest_site.point, mesh.centroids[7])
    assert strength.excluded_share == 0.0


@pytest.mark.parametrize(
    ("strain", "magnitude"),
    [
        ([-0.005, -0.005, 0.01, 0.0, 0.0, 0.0], 0.01),  # uniaxial
        ([0.0, 0.0, 0.0, 0.01, 0.0, 0.0], 0.01 / np.sqrt(3.0)),  # engineering shear
    ],
)
def test_the_equivalent_plastic_strain_is_von_mises(strain, magnitude):
    mesh = _row(1)
    result = replace(_failed(mesh, [0.0]), plastic_strain=np.broadcast_to(strain, (1, 4, 6)))
    np.testing.assert_allclose(result.plastic_magnitude, magnitude, rtol=1e-12)


def test_a_region_that_flows_is_the_site_rather_than_one_small_cell_that_flows_more(frame):
    mesh = _row(10, pitch=1.0)
    # cells 2 mm apart count for each other, those 4 mm apart do not
    flow = [0.03, 0.0, 0.0, 0.0, 0.0, 0.0, 0.02, 0.02, 0.02, 0.02]
    strength = evaluate_peak(mesh, frame, _failed(mesh, flow), _load(mesh), bone=_whole(mesh))
    assert strength.weakest_site.point[2] == pytest.approx(mesh.centroids[9, 2])


def test_large_cells_weigh_more_in_the_site_and_in_the_shares(frame):
    mesh = _row(2, pitch=2.0)
    points = mesh.points.copy()
    points[4:] = points[4] + 2.0 * (points[4:] - points[4])  # the second cell: eight times as large
    mesh = BoneMesh(points=points, cells=mesh.cells, kind="tet10", side="right")
    bone = np.array([True, False])
    result = _failed(mesh, [0.01, 0.01])
    strength = evaluate_peak(mesh, frame, result, _load(mesh), bone=bone)
    assert strength.tumour_share == pytest.approx(8.0 / 9.0)


def test_strength_is_the_largest_force_of_a_curve_that_goes_past_its_peak(frame):
    mesh = _row(2)
    fallen = _failed(mesh, [0.01, 0.0], last_force=1200.0)
    result = replace(fallen, curve=replace(fallen.curve, end="past the peak"))
    strength = evaluate_peak(mesh, frame, result, _load(mesh), bone=_whole(mesh))
    assert strength.criterion == "peak force"
    assert strength.failure_load_N == 1500.0


def test_crushing_under_the_load_is_no_site_of_failure_but_is_reported(frame):
    mesh = _row(10)
    flow = [0.06, 0.02, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0]
    strength = evaluate_peak(mesh, frame, _failed(mesh, flow), _load(mesh, [0]), bone=_whole(mesh))
    np.testing.assert_allclose(strength.weakest_site.point, mesh.centroids[1])
    assert strength.weakest_site.mode == "tension"
    assert strength.excluded_share == pytest.approx(0.75)


def test_tumour_that_flows_is_no_site_of_failure_but_is_reported(frame):
    mesh = _row(10)
    flow = [0.0, 0.02, 0.0, 0.0, 0.0, 0.0, 0.0, 0.06, 0.0, 0.0]
    bone = np.arange(10) < 6
    strength = evaluate_peak(mesh, frame, _failed(mesh, flow), _load(mesh), bone=bone)
    np.testing.assert_allclose(strength.weakest_site.point, mesh.centroids[1])
    assert strength.tumour_share == pytest.approx(0.75)


def test_the_end_of_a_curve_that_still_rises_is_not_called_a_plateau(frame):
    mesh = _row(2)
    strength = evaluate_peak(
        mesh, frame, _failed(mesh, [0.01, 0.0], last_force=1600.0), _load(mesh), bone=_whole(mesh)
    )
    assert strength.criterion == "force at the largest displacement"
    assert strength.failure_load_N == 1600.0


def test_a_bone_that_yields_only_under_the_load_has_no_site(frame):
    mesh = _row(2)
    with pytest.raises(LoadError):
        evaluate_peak(mesh, frame, _failed(mesh, [0.01, 0.0]), _load(mesh, [0]), bone=_whole(mesh))
