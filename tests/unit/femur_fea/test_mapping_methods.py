"""Modulus and strength at points and averaged over cells."""

import numpy as np
import pytest

from femur_fea.domain import BoneMesh, DensityField, ImageGrid, LabelMask
from femur_fea.errors import UnknownNameError
from femur_fea.mapping import MODULUS_FLOOR_MPA, MappingSettings, map_elasticity
from femur_fea.materials import MATERIAL_LAWS, STRENGTH_LAWS
from femur_fea.strength.yield_law import STRENGTH_FLOOR_MPA, map_strength

ASH = MATERIAL_LAWS["keyak_1994"]
METHODS = ["points", "cell_average"]


def image(rho: np.ndarray) -> tuple[DensityField, LabelMask]:
    grid = ImageGrid(shape=rho.shape, affine=np.eye(4))
    everywhere = np.ones(rho.shape, dtype=bool)
    return DensityField(grid=grid, rho=rho, kind="ash"), LabelMask(grid=grid, inside=everywhere)


def halves(low: float, high: float) -> np.ndarray:
    """Return a block of 21 voxels an edge with one density up to i = 10 and another beyond."""
    return np.where(np.arange(21)[:, None, None] <= 10, low, high) * np.ones((21, 21, 21))


def settings(method: str) -> MappingSettings:
    return MappingSettings(method=method, edge_voxels=0)


@pytest.mark.parametrize("method", METHODS)
def test_uniform_bone_has_the_modulus_of_the_law_whatever_the_method(box_mesh, method) -> None:
    density, femur = image(np.full((9, 9, 9), 0.7))
    mesh = box_mesh((2, 2, 2), (8.0, 8.0, 8.0))
    mapped = map_elasticity(density, femur, mesh, ASH, nu=0.3, settings=settings(method))
    np.testing.assert_allclose(mapped.elastic.E_modulus, 14900.0 * 0.7**1.86, rtol=1e-12)
    assert mapped.floor_fraction == 0.0


def test_the_modulus_is_averaged_and_not_the_density(box_mesh) -> None:
    density, femur = image(halves(0.0, 1.0))
    one = box_mesh((1, 1, 1), (20.0, 20.0, 20.0))
    mapped = map_elasticity(density, femur, one, ASH, nu=0.3, settings=settings("cell_average"))
    mean = mapped.elastic.E_modulus[:, 0] @ one.cell_volumes / one.cell_volumes.sum()
    # the modulus is linear from 10 to 11 mm: 9.5 of 20 mm; averaging the density first would
    # give 14900 0.475^1.86, 46 % less; 1 % is the tolerance of the quadrature
    assert mean == pytest.approx(14900.0 * 0.475, rel=0.01)
    assert mapped.elastic.E_modulus.shape == (one.n_cells, 1)
    assert 0.0 < mapped.integration_error <= 0.01


@pytest.mark.parametrize("method", METHODS)
def test_the_volume_below_the_floor_is_reported_whatever_the_method(box_mesh, method) -> None:
    density, femur = image(halves(1e-5, 0.8))
    mesh = box_mesh((10, 2, 2), (20.0, 20.0, 20.0))
    mapped = map_elasticity(density, femur, mesh, ASH, nu=0.3, settings=settings(method))
    assert mapped.elastic.E_modulus.min() == pytest.approx(MODULUS_FLOOR_MPA, rel=1e-12)
    # half of the block less the millimetre in which the density rises, in cells of 2 mm
    assert mapped.floor_fraction == pytest.approx(0.5, abs=0.05)


@pytest.mark.parametrize("method", METHODS)
def test_a_law_with_a_negative_offset_ends_at_the_floor(box_mesh, method) -> None:
    density, femur = image(np.zeros((9, 9, 9)))
    density = DensityField(grid=density.grid, rho=density.rho, kind="K2HPO4")
    law = MATERIAL_LAWS["crawford_2003_vertebra"]
    mesh = box_mesh((2, 2, 2), (8.0, 8.0, 8.0))
    mapped = map_elasticity(density, femur, mesh, law, nu=0.3, settings=settings(method))
    np.testing.assert_allclose(mapped.elastic.E_modulus, MODULUS_FLOOR_MPA)
    assert mapped.floor_fraction == pytest.approx(1.0)


@pytest.mark.parametrize("method", METHODS)
def test_strength_is_mapped_from_the_density_of_the_modulus(box_mesh, method) -> None:
    rho = np.random.default_rng(0).uniform(0.1, 1.2, (21, 21, 21))
    density, femur = image(rho)
    mesh = box_mesh((4, 4, 4), (20.0, 20.0, 20.0))
    # a strength law of the same exponent: the ratio is that of the factors, cell by cell
    like_modulus = type(ASH)(
        a=149.0, b=1.86, density_kind="ash", source="hundredth of Keyak", provenance="unverified"
    )
    chosen = MappingSettings(method=method, edge_voxels=1)
    E = map_elasticity(density, femur, mesh, ASH, nu=0.3, settings=chosen).elastic.E_modulus
    S = map_strength(density, femur, mesh, like_modulus, settings=chosen).strength.tension
    np.testing.assert_allclose(S, E / 100.0, rtol=1e-10)


@pytest.mark.parametrize("method", METHODS)
def test_bone_without_mineral_has_the_strength_of_the_floor(box_mesh, method) -> None:
    density, femur = image(np.zeros((9, 9, 9)))
    mesh = box_mesh((2, 2, 2), (8.0, 8.0, 8.0))
    law = STRENGTH_LAWS["keyak_2001"]
    mapped = map_strength(density, femur, mesh, law, settings=settings(method))
    np.testing.assert_allclose(mapped.strength.tension, STRENGTH_FLOOR_MPA)
    assert mapped.floor_fraction == pytest.approx(1.0)


@pytest.mark.parametrize("method", METHODS)
def test_renumbering_the_cells_moves_their_moduli_with_them(box_mesh, method) -> None:
    density, femur = image(np.random.default_rng(1).uniform(0.1, 1.2, (21, 21, 21)))
    mesh = box_mesh((3, 3, 3), (20.0, 20.0, 20.0))
    order = np.random.default_rng(2).permutation(mesh.n_cells)
    other = BoneMesh(points=mesh.points, cells=mesh.cells[order], kind=mesh.kind, side=mesh.side)
    E, moved = (
        map_elasticity(density, femur, m, ASH, nu=0.3, settings=settings(method)).elastic.E_modulus
        for m in (mesh, other)
    )
    np.testing.assert_allclose(moved, E[order], rtol=1e-12)


def test_an_unknown_method_is_answered_with_the_nearest_name(box_mesh) -> None:
    density, femur = image(np.ones((9, 9, 9)))
    mesh = box_mesh((2, 2, 2), (8.0, 8.0, 8.0))
    with pytest.raises(UnknownNameError, match="did you mean 'cell_average'"):
        map_elasticity(density, femur, mesh, ASH, nu=0.3, settings=settings("cell_averge"))
