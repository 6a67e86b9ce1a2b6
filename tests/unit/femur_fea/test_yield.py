"""The yield surface, the return to it and its derivative."""

import numpy as np
import pytest

from femur_fea.domain import ElasticField, YieldField
from femur_fea.errors import OutOfRangeError, ShapeError
from femur_fea.solver.plasticity import (
    PlasticMaterial,
    elastic_stress,
    first_yield_factor,
    plastic_material,
    return_stress,
)

TENSION, COMPRESSION = 61.0, 85.0
N = 4000


def _material(n, tension=TENSION, compression=COMPRESSION):
    E = np.linspace(2000.0, 18000.0, n)
    return PlasticMaterial(
        shear=E / 2.6,
        bulk=E / 1.2,
        tension=np.full(n, tension),
        compression=np.full(n, compression),
    )


def _yield_function(material, stress):
    """Return 3 J2 + (c - t) I1 - c t over c t."""
    deviator = stress.copy()
    deviator[:3] -= stress[:3].mean(axis=0)
    three_J2 = 1.5 * (deviator[:3] ** 2).sum(axis=0) + 3.0 * (deviator[3:] ** 2).sum(axis=0)
    t, c = material.tension, material.compression
    return (three_J2 + (c - t) * stress[:3].sum(axis=0) - c * t) / (c * t)


@pytest.fixture
def strains():
    rng = np.random.default_rng(3)
    size = 10.0 ** rng.uniform(-4.0, 0.0, N)
    strain = size * rng.normal(size=(6, N))
    strain[:3, : N // 4] += 2.0 * size[: N // 4]  # towards the apex
    return strain


@pytest.mark.parametrize("compression", [TENSION, COMPRESSION, 10.0 * TENSION])
def test_no_stress_lies_outside_the_yield_surface(strains, compression):
    material = _material(N, compression=compression)
    result = return_stress(material, strains)
    value = _yield_function(material, result.stress)
    assert value.max() < 1e-9  # round-off times the elastic trial stress over strength
    np.testing.assert_allclose(value[result.yielding], 0.0, atol=1e-9)
    assert 0 < result.yielding.size < N


def test_equal_strengths_give_the_radial_return_of_von_mises(strains):
    material = _material(N, compression=TENSION)
    trial = elastic_stress(material, strains)
    result = return_stress(material, strains)
    mean = trial[:3].mean(axis=0)
    deviator = trial - np.array([1, 1, 1, 0, 0, 0])[:, None] * mean
    mises = np.sqrt(1.5 * (deviator[:3] ** 2).sum(axis=0) + 3.0 * (deviator[3:] ** 2).sum(axis=0))
    expected = deviator * np.minimum(1.0, TENSION / mises)
    expected[:3] += mean
    np.testing.assert_allclose(result.stress, expected, atol=1e-9 * np.abs(trial).max())


def test_plastic_strain_and_stress_add_up_to_the_trial_strain(strains):
    material = _material(N)
    result = return_stress(material, strains)
    elastic = strains.copy()
    elastic[:, result.yielding] -= result.plastic_increment
    size = np.abs(elastic_stress(material, strains)).max(axis=0)
    found = elastic_stress(material, elastic)
    assert (np.abs(found - result.stress) / size).max() < 1e-12


def test_plastic_flow_dissipates(strains):
    result = return_stress(_material(N), strains)
    work = (result.stress[:, result.yielding] * result.plastic_increment).sum(axis=0)
    assert work.min() > 0.0


@pytest.mark.parametrize(("sign", "limit"), [(1.0, TENSION), (-1.0, COMPRESSION)])
def test_uniaxial_stress_yields_at_the_strength_of_its_sign(sign, limit):
    material = _material(1)
    nu = 0.3
    strain = sign * 1e-3 * np.array([1.0, -nu, -nu, 0.0, 0.0, 0.0])[:, None]
    factor = first_yield_factor(material, strain)
    stress = factor * elastic_stress(material, strain)
    np.testing.assert_allclose(stress[:, 0], [sign * limit, 0, 0, 0, 0, 0], atol=1e-9 * limit)
    assert return_stress(material, 0.999 * factor * strain).yielding.size == 0
    assert return_stress(material, 1.001 * factor * strain).yielding.size == 1


def test_equal_compression_from_all_sides_never_yields():
    strain = -10.0 * np.array([1.0, 1.0, 1.0, 0.0, 0.0, 0.0])[:, None]
    assert return_stress(_material(1), strain).yielding.size == 0


def test_equal_tension_from_all_sides_stops_at_the_apex():
    strain = np.array([1.0, 1.0, 1.0, 0.0, 0.0, 0.0])[:, None]
    stress = return_stress(_material(1), strain).stress[:, 0]
    apex = TENSION * COMPRESSION / (3.0 * (COMPRESSION - TENSION))
    np.testing.assert_allclose(stress, apex * np.array([1, 1, 1, 0, 0, 0]), rtol=1e-12, atol=1e-9)


@pytest.mark.parametrize("compression", [TENSION, COMPRESSION])
def test_the_tangent_is_the_derivative_of_the_returned_stress(strains, compression):
    material = _material(N, compression=compression)
    direction = np.random.default_rng(5).normal(size=(6, N))
    size = np.abs(strains).max(axis=0)
    # a millionth of the strain balances truncation, its square, against round-off over it
    step = 1e-6 * size * direction
    ends = [return_stress(material, strains + s * step) for s in (1.0, -1.0)]
    difference = (ends[0].stress - ends[1].stress) / 2.0
    found = return_stress(material, strains)
    tangent = elastic_stress(material, step)
    y = found.yielding
    deviator = step[:, y].copy()
    deviator[:3] -= deviator[:3].mean(axis=0)
    deviator[3:] *= 0.5
    along = (found.normal * step[:, y]).sum(axis=0)
    tangent[:, y] -= found.softening * deviator + found.normal * along
    # where the step crosses the yield surface the stress has a corner
    smooth = np.isin(np.arange(N), ends[0].yielding) == np.isin(np.arange(N), ends[1].yielding)
    error = np.abs(difference - tangent).max(axis=0) / np.abs(elastic_stress(material, step)).max(
        axis=0
    )
    assert error[smooth].max() < 1e-6


def test_the_tangent_is_never_stiffer_than_elastic_nor_negative(strains):
    material = _material(N)
    result = return_stress(material, strains)
    y = result.yielding
    direction = np.random.default_rng(6).normal(size=(6, y.size))
    part = PlasticMaterial(
        **{name: getattr(material, name)[y] for name in PlasticMaterial.__slots__}
    )
    elastic = (direction * elastic_stress(part, direction)).sum(axis=0)
    deviator = direction.copy()
    deviator[:3] -= deviator[:3].mean(axis=0)
    norm = (deviator[:3] ** 2).sum(axis=0) + 0.5 * (deviator[3:] ** 2).sum(axis=0)
    lost = result.softening * norm + (result.normal * direction).sum(axis=0) ** 2
    assert lost.min() >= 0.0
    assert np.all(lost <= elastic * (1.0 + 1e-12))


@pytest.mark.parametrize("n_samples", [4, 8])
def test_one_sample_in_a_cell_stands_for_all_its_points(n_samples):
    one = YieldField(tension=np.array([[5.0], [6.0]]), compression=np.array([[7.0], [8.0]]))
    elastic = ElasticField(E_modulus=np.full((2, n_samples), 1000.0), nu=0.3)
    material = plastic_material(elastic, one, np.arange(2), n_samples)
    np.testing.assert_array_equal(material.tension, np.tile([5.0, 6.0], n_samples))
    np.testing.assert_array_equal(material.compression, np.tile([7.0, 8.0], n_samples))


def test_a_yield_stress_of_zero_is_refused():
    with pytest.raises(OutOfRangeError, match="not positive"):
        YieldField(tension=np.array([[1.0], [0.0]]), compression=np.ones((2, 1)))


def test_strengths_of_different_shape_are_refused():
    with pytest.raises(ShapeError):
        YieldField(tension=np.ones((2, 4)), compression=np.ones((2, 1)))
