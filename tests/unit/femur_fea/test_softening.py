"""Yield stress that falls: the law, its scaling to cells, the return and its derivative."""

import numpy as np
import pytest
from scipy.optimize import brentq

from femur_fea.domain import BoneMesh, ElasticField, Softening, YieldField
from femur_fea.errors import FemurFEAWarning, OutOfRangeError, ShapeError
from femur_fea.materials import SOFTENING_LAWS
from femur_fea.solver.plasticity import PlasticMaterial, elastic_stress, equivalent, mises_stress
from femur_fea.solver.softening import PointSoftening, check_steepness, soften
from femur_fea.solver.stress_update import update_stress
from femur_fea.strength.softening import cell_size, cell_softening, warn_of_oblong_bricks

LAW = SOFTENING_LAWS["keyak_2005"]
N = 3000
STRENGTH = 60.0


@pytest.fixture
def points():
    """Points of every kind of softening, none of which snaps back."""
    rng = np.random.default_rng(4)
    E = np.linspace(2000.0, 18000.0, N)
    material = PlasticMaterial(
        shear=E / 2.6,
        bulk=E / 1.2,
        tension=np.full(N, STRENGTH),
        compression=np.full(N, STRENGTH),
    )
    softening = PointSoftening(
        plateau=rng.uniform(0.0, 0.02, N),
        slope=E * rng.uniform(0.0, 0.99, N),
        residual=rng.uniform(1.0, STRENGTH, N),
    )
    return material, softening


@pytest.fixture
def strains():
    rng = np.random.default_rng(3)
    return 10.0 ** rng.uniform(-3.0, -1.0, N) * rng.normal(size=(6, N))


@pytest.fixture
def flow():
    """Equivalent plastic strain before the step: none, on the plateau, beyond it."""
    return np.random.default_rng(7).uniform(0.0, 0.04, N) * (np.arange(N) % 3 > 0)


def _yield_stress(softening, flow):
    """Return the yield stress point by point, as the law is told in words."""
    values = []
    for a0, fall, residual, a in zip(
        softening.plateau, softening.slope, softening.residual, flow, strict=True
    ):
        value = STRENGTH if a <= a0 else STRENGTH - fall * (a - a0)
        values.append(max(value, residual))
    return np.array(values)


def _end_by_search(material, softening, trial, flow, index):
    """Return the flow at which the radial return meets the falling yield stress, by bisection."""
    pick = {name: getattr(softening, name)[index : index + 1] for name in PointSoftening.__slots__}
    one = PointSoftening(**pick)
    three_shear = 3.0 * material.shear[index]

    def above(step):
        return (
            trial[index]
            - three_shear * step
            - _yield_stress(one, flow[index : index + 1] + step)[0]
        )

    if above(0.0) <= 0.0:
        return flow[index]
    return flow[index] + brentq(above, 0.0, trial[index] / three_shear, xtol=1e-15, rtol=1e-14)


def test_the_closed_form_meets_the_yield_stress_where_a_search_does(points, strains, flow):
    material, softening = points
    trial = mises_stress(elastic_stress(material, strains))
    found = soften(
        softening, strength=material.tension, shear=material.shear, trial=trial, flow=flow
    )
    kinds = set()
    for i in range(0, N, 10):
        end = _end_by_search(material, softening, trial, flow, i)
        expected = _yield_stress(
            PointSoftening(
                **{name: getattr(softening, name)[i : i + 1] for name in PointSoftening.__slots__}
            ),
            np.array([end]),
        )[0]
        assert found.stress[i] == pytest.approx(expected, rel=1e-8)  # the search ends at 1e-14 x 3G
        kinds.add((end > flow[i], expected == STRENGTH, expected == softening.residual[i]))
    assert len(kinds) >= 5  # elastic, plateau, falling and residual all occur


def test_the_returned_stress_lies_on_the_softened_surface(points, strains, flow):
    material, softening = points
    update = update_stress(material, softening, strains, flow)
    y = update.yielding
    after = flow.copy()
    after[y] += equivalent(update.plastic_increment)
    left = _yield_stress(softening, after)
    stress = mises_stress(update.stress)
    # round-off of the trial stress, up to 1e3 times the strength
    np.testing.assert_allclose(stress[y], left[y], rtol=1e-9)
    assert np.all(stress <= left * (1.0 + 1e-9))
    assert 0 < y.size < N


def test_a_point_that_has_softened_yields_again_at_what_is_left(points):
    material, softening = points
    far = np.full(N, 1e6)
    strain = 1e-9 * np.ones((6, 1)) * np.array([1.0, -0.5, -0.5, 0.0, 0.0, 0.0])[:, None]
    unit = mises_stress(elastic_stress(material, np.repeat(strain, N, axis=1)))
    at_residual = np.repeat(strain, N, axis=1) * softening.residual / unit
    assert update_stress(material, softening, 0.999 * at_residual, far).yielding.size == 0
    assert update_stress(material, softening, 1.001 * at_residual, far).yielding.size == N


def test_without_a_fall_the_material_is_perfectly_plastic(points, strains, flow):
    material, softening = points
    level = PointSoftening(
        plateau=softening.plateau, slope=np.zeros(N), residual=softening.residual
    )
    found = update_stress(material, level, strains, flow)
    expected = update_stress(material, None, strains, flow)
    np.testing.assert_array_equal(found.stress, expected.stress)
    np.testing.assert_allclose(found.normal, expected.normal, rtol=1e-12)


def _tangent(update, material, step):
    """Return what the consistent tangent makes of a strain (6, n)."""
    product = elastic_stress(material, step)
    y = update.yielding
    deviator = step[:, y].copy()
    deviator[:3] -= deviator[:3].mean(axis=0)
    deviator[3:] *= 0.5
    along = (update.normal * step[:, y]).sum(axis=0)
    product[:, y] -= update.softening * deviator + update.normal * along
    return product


def test_the_tangent_is_the_derivative_of_the_softened_stress(points, strains, flow):
    material, softening = points
    step = 1e-6 * np.abs(strains).max(axis=0) * np.random.default_rng(5).normal(size=(6, N))
    ends = [update_stress(material, softening, strains + s * step, flow) for s in (1.0, -1.0)]
    difference = (ends[0].stress - ends[1].stress) / 2.0
    found = update_stress(material, softening, strains, flow)
    size = np.abs(elastic_stress(material, step)).max(axis=0)
    error = np.abs(difference - _tangent(found, material, step)).max(axis=0) / size
    # the few points with a corner of the law within the step aside; 3 G / (3 G - H) is up to 8
    assert np.quantile(error, 0.99) < 1e-5
    assert (found.stable_share < 0.99).sum() > N // 20


def test_the_stabilised_tangent_is_positive_where_the_consistent_one_is_negative(
    points, strains, flow
):
    material, softening = points
    update = update_stress(material, softening, strains, flow)
    y = update.yielding
    along_flow = np.zeros((6, N))
    along_flow[:, y] = update.plastic_increment
    elastic = (along_flow * elastic_stress(material, along_flow)).sum(axis=0)[y]
    stiffness, stable = (
        (along_flow * _tangent(version, material, along_flow)).sum(axis=0)[y] / elastic
        for version in (update, update.stabilised())
    )
    falls = update.stable_share < 0.99
    assert np.all(stiffness[falls] < 0.0)
    # a hundredth of the stiffness along the flow is left
    assert np.all(stable > 0.0)


def test_the_energy_of_the_fall_does_not_depend_on_the_size_of_the_cell_that_falls():
    rho = np.full((3, 4), 0.6)
    size = np.array([1.0, 3.0, 5.0])
    cells = cell_softening(LAW, rho, size, smallest=1e-3)
    start = 102.0 * 0.6**1.8
    energy = 0.5 * (start - cells.residual) ** 2 / cells.slope * size[:, None]
    np.testing.assert_allclose(energy, energy[0, 0], rtol=1e-12)
    # of a specimen: 15 mm of it, fall 991.7 MPa, residual 17.1 MPa
    residual = 43.1 * 0.6**1.81
    by_hand = 0.5 * (start - residual) ** 2 / (2080.0 * 0.6**1.45)
    assert energy[0, 0] == pytest.approx(15.0 * by_hand, rel=1e-12)


def test_the_plateau_is_a_strain_of_the_material_whatever_the_cell():
    cells = cell_softening(LAW, np.full((2, 1), 0.6), np.array([1.0, 5.0]), smallest=1e-3)
    np.testing.assert_allclose(cells.plateau, 0.01635, rtol=1e-12)  # 0.00189 + 0.0241 x 0.6


def test_a_residual_below_the_floor_is_raised():
    cells = cell_softening(LAW, np.zeros((1, 4)), np.array([3.0]), smallest=1e-3)
    np.testing.assert_array_equal(cells.residual, 1e-3)


def test_the_size_of_a_cell_is_the_edge_of_the_regular_one():
    height = np.sqrt(2.0 / 3.0)
    corners = np.array(
        [[0, 0, 0], [1, 0, 0], [0.5, np.sqrt(0.75), 0], [0.5, np.sqrt(0.75) / 3.0, height]]
    )
    regular = BoneMesh(
        points=3.0 * corners, cells=np.arange(4).reshape(1, 4), kind="tet10", side="left"
    )
    np.testing.assert_allclose(cell_size(regular), 3.0)


def _voxel(*edges):
    """Return one brick."""
    corners = np.array([[0, 0, 0], [1, 0, 0], [1, 1, 0], [0, 1, 0]])
    points = np.concatenate([corners, corners + np.array([0, 0, 1])]) * np.array(edges)
    return BoneMesh(points=points, cells=np.arange(8).reshape(1, 8), kind="hex8", side="left")


def test_bricks_that_are_no_cubes_are_warned_of_with_what_their_fall_takes():
    with pytest.warns(FemurFEAWarning, match=r"edges of 0\.62 to 2\.64 times"):
        warn_of_oblong_bricks(_voxel(0.7, 0.7, 3.0))
    warn_of_oblong_bricks(_voxel(0.7, 0.7, 0.7))


def test_the_size_of_a_brick_is_the_edge_of_the_cube_of_its_volume():
    np.testing.assert_allclose(cell_size(_voxel(0.7, 0.7, 0.7)), 0.7)
    np.testing.assert_allclose(cell_size(_voxel(1.0, 2.0, 4.0)), 2.0)


def _field(**changes):
    values = {"plateau": 0.01, "slope": 100.0, "residual": 10.0} | changes
    return Softening(**{name: np.full((2, 1), value) for name, value in values.items()})


def test_softening_that_would_make_a_cell_snap_back_is_refused():
    elastic = ElasticField(E_modulus=np.full((2, 4), 1000.0), nu=0.3)
    check_steepness(_field(slope=999.0), elastic)
    with pytest.raises(OutOfRangeError, match=r"1\.50 times as steeply.*in 2 of 2 cells"):
        check_steepness(_field(slope=1500.0), elastic)


@pytest.mark.parametrize("wrong", [{"plateau": -0.01}, {"slope": -1.0}, {"residual": 0.0}])
def test_softening_with_a_wrong_sign_is_refused(wrong):
    with pytest.raises(OutOfRangeError, match=next(iter(wrong))):
        _field(**wrong)


def test_softening_of_another_shape_is_refused():
    with pytest.raises(ShapeError):
        YieldField(tension=np.ones((3, 1)), compression=np.ones((3, 1)), softening=_field())


def test_softening_takes_equal_strength_in_tension_and_compression():
    with pytest.raises(OutOfRangeError, match="differ in tension and compression"):
        YieldField(
            tension=np.full((2, 1), 20.0), compression=np.full((2, 1), 30.0), softening=_field()
        )


def test_a_residual_above_the_yield_stress_is_refused():
    with pytest.raises(OutOfRangeError, match="above the yield stress"):
        YieldField(
            tension=np.full((2, 1), 5.0), compression=np.full((2, 1), 5.0), softening=_field()
        )
