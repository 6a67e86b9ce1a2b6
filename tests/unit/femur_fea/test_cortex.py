"""A cortex that is stiffer along the shaft: which cells, which axis, which constants."""

import dataclasses

import numpy as np
import pytest

from femur_fea.domain import (
    BoneMesh,
    ElasticField,
    FemoralFrame,
    TransverseCortex,
    TransverseRatios,
)
from femur_fea.errors import CortexError, DensityKindError, OutOfRangeError, ShapeError
from femur_fea.mapping import CORTICAL_DENSITY, give_direction
from femur_fea.materials import CORTEX_ANISOTROPY, DEFAULT_ANISOTROPY
from femur_fea.strength.region import region_of

RATIOS = CORTEX_ANISOTROPY[DEFAULT_ANISOTROPY]


def isotropic(mesh: BoneMesh) -> ElasticField:
    return ElasticField(E_modulus=np.full((mesh.n_cells, 4), 17000.0), nu=0.3)


def dense(mesh: BoneMesh, frame: FemoralFrame) -> np.ndarray:
    """Return apparent density: cortex more than 10 mm off the shaft's middle, marrow within."""
    off = np.hypot(*(mesh.centroids[:, :2] - frame.shaft_point[:2]).T)
    return np.repeat(np.where(off > 10.0, 1.8, 0.3)[:, None], 4, axis=1)


def test_dense_bone_below_the_lesser_trochanter_takes_the_axis_of_the_shaft(ball_on_stick) -> None:
    mesh, frame = ball_on_stick
    rho = dense(mesh, frame)
    cortex = give_direction(isotropic(mesh), rho, "apparent", mesh, frame, RATIOS).cortex
    np.testing.assert_allclose(cortex.axis, frame.axes[2])
    assert cortex.cells.any()
    regions = {region_of(frame, point) for point in mesh.centroids[cortex.cells]}
    assert regions == {"subtrochanteric", "shaft"}
    assert (rho[cortex.cells] > 1.0).all()
    below = (mesh.centroids - frame.lesser_trochanter) @ frame.axes[2] < 0.0
    assert not (~cortex.cells & below & (rho[:, 0] > 1.0)).any()


def test_the_modulus_of_the_law_stays_that_along_the_shaft(ball_on_stick) -> None:
    mesh, frame = ball_on_stick
    before = isotropic(mesh)
    after = give_direction(before, dense(mesh, frame), "apparent", mesh, frame, RATIOS)
    np.testing.assert_array_equal(after.E_modulus, before.E_modulus)


def test_ash_and_apparent_density_draw_the_same_line_between_cortical_and_trabecular() -> None:
    # ratio of ash to apparent density 0.60 (Schileo et al. 2008)
    assert CORTICAL_DENSITY["ash"] == pytest.approx(0.60 * CORTICAL_DENSITY["apparent"])


def test_a_density_of_another_kind_tells_no_cortex(ball_on_stick) -> None:
    mesh, frame = ball_on_stick
    with pytest.raises(DensityKindError, match="'K2HPO4'"):
        give_direction(isotropic(mesh), dense(mesh, frame), "K2HPO4", mesh, frame, RATIOS)


def test_a_scan_without_a_shaft_axis_is_refused(ball_on_stick) -> None:
    mesh, frame = ball_on_stick
    short = dataclasses.replace(frame, shaft_reference="scanner")
    with pytest.raises(CortexError, match="too little of the shaft"):
        give_direction(isotropic(mesh), dense(mesh, frame), "apparent", mesh, short, RATIOS)


def test_a_bone_without_cortex_is_refused(ball_on_stick) -> None:
    mesh, frame = ball_on_stick
    light = np.full((mesh.n_cells, 4), 0.4)
    with pytest.raises(CortexError, match="no cell denser than 1 g/cm3"):
        give_direction(isotropic(mesh), light, "apparent", mesh, frame, RATIOS)


@pytest.mark.parametrize("name", sorted(CORTEX_ANISOTROPY))
def test_published_constants_store_energy_in_every_strain(name) -> None:
    cortex = TransverseCortex(
        cells=np.ones(1, dtype=bool), axis=np.array([0.0, 0.6, 0.8]), ratios=CORTEX_ANISOTROPY[name]
    )
    stiffness = cortex.unit_stiffness
    np.testing.assert_allclose(stiffness, stiffness.T, atol=1e-14)
    assert np.linalg.eigvalsh(stiffness).min() > 0.0


def test_constants_that_would_give_energy_away_are_refused() -> None:
    with pytest.raises(OutOfRangeError, match="which of the two Poisson's ratios"):
        dataclasses.replace(RATIOS, nu_axial=0.7)


def test_the_modulus_along_and_across_the_axis_is_that_of_the_constants() -> None:
    axis = np.array([0.48, 0.6, 0.64])
    cortex = TransverseCortex(cells=np.ones(1, dtype=bool), axis=axis, ratios=RATIOS)
    compliance = np.linalg.inv(cortex.unit_stiffness)

    def stretch(direction: np.ndarray) -> float:
        x, y, z = direction
        pull = np.array([x * x, y * y, z * z, y * z, x * z, x * y])
        return float(pull @ compliance @ pull)

    assert 1.0 / stretch(axis) == pytest.approx(1.0)
    for across in cortex.across:
        assert across @ axis == pytest.approx(0.0, abs=1e-15)
        # Reilly and Burstein 1975: 11.5 of 17.0 GPa
        assert 1.0 / stretch(across) == pytest.approx(11.5 / 17.0)


@pytest.mark.parametrize("nu", [0.0, 0.3, 0.49])
def test_isotropic_constants_resist_dilatation_as_their_own_poissons_ratio(nu: float) -> None:
    alike = dataclasses.replace(
        RATIOS, E_transverse=1.0, G_axial=0.5 / (1.0 + nu), nu_axial=nu, nu_transverse=nu
    )
    assert alike.nu_alike == pytest.approx(nu, abs=1e-12)


def test_isotropic_constants_have_the_isotropic_stiffness_along_any_axis() -> None:
    same = TransverseRatios(
        E_transverse=1.0,
        G_axial=0.5 / 1.3,
        nu_axial=0.3,
        nu_transverse=0.3,
        source="isotropic",
        provenance="unverified",
    )
    cortex = TransverseCortex(
        cells=np.ones(1, dtype=bool), axis=np.array([0.48, 0.6, 0.64]), ratios=same
    )
    plain = ElasticField(E_modulus=np.ones((1, 1)), nu=0.3).unit_stiffness
    np.testing.assert_allclose(cortex.unit_stiffness, plain, atol=1e-14)


def test_an_axis_that_is_no_unit_vector_is_refused() -> None:
    with pytest.raises(OutOfRangeError, match="length 2"):
        TransverseCortex(
            cells=np.ones(1, dtype=bool), axis=np.array([0.0, 0.0, 2.0]), ratios=RATIOS
        )


def test_a_cortex_of_another_mesh_is_refused() -> None:
    cortex = TransverseCortex(
        cells=np.ones(3, dtype=bool), axis=np.array([0.0, 0.0, 1.0]), ratios=RATIOS
    )
    with pytest.raises(ShapeError, match="cells of the cortex"):
        ElasticField(E_modulus=np.ones((4, 1)), nu=0.3, cortex=cortex)
