import numpy as np
import pytest

from femur_fea.domain import DensityField, ImageGrid, LabelMask, integration_points
from femur_fea.errors import (
    DensityKindError,
    GridMismatchError,
    NoStiffnessError,
    SegmentationError,
)
from femur_fea.mapping import MODULUS_FLOOR_MPA, extend_outward, heal, map_elasticity
from femur_fea.materials import MATERIAL_LAWS

LAW = MATERIAL_LAWS["morgan_2003_femoral_neck"]


def block(n: int = 40, spacing: float = 1.0) -> ImageGrid:
    return ImageGrid(shape=(n, n, n), affine=np.diag([spacing, spacing, spacing, 1.0]))


def world(grid: ImageGrid) -> np.ndarray:
    return np.moveaxis(np.indices(grid.shape), 0, -1) @ grid.affine[:3, :3].T + grid.affine[:3, 3]


def test_a_density_that_is_linear_in_space_is_mapped_without_error(box_mesh) -> None:
    grid = block()
    rho = 0.3 + 0.01 * world(grid)[..., 0]
    density = DensityField(grid=grid, rho=rho, kind="apparent")
    femur = LabelMask(grid=grid, inside=np.ones(grid.shape, dtype=bool))
    mesh = box_mesh((3, 3, 3), (30.0, 30.0, 30.0))
    mapped = map_elasticity(density, femur, mesh, LAW, nu=0.3)
    expected = LAW.value(0.3 + 0.01 * integration_points(mesh)[..., 0])
    assert np.allclose(mapped.elastic.E_modulus, expected, rtol=1e-10)


def test_a_bone_that_is_nowhere_stiffer_than_the_floor_is_refused(box_mesh) -> None:
    grid = block()
    density = DensityField(grid=grid, rho=np.zeros(grid.shape), kind="apparent")
    femur = LabelMask(grid=grid, inside=np.ones(grid.shape, dtype=bool))
    mesh = box_mesh((3, 3, 3), (30.0, 30.0, 30.0))
    with pytest.raises(NoStiffnessError, match=r"on the floor of 0\.1 MPa everywhere"):
        map_elasticity(density, femur, mesh, LAW, nu=0.3)


def test_soft_tissue_beside_the_bone_does_not_soften_its_surface(box_mesh) -> None:
    grid = block()
    inside = np.zeros(grid.shape, dtype=bool)
    inside[10:30, 10:30, 10:30] = True
    rho = np.where(inside, 0.6, 0.05)
    density = DensityField(grid=grid, rho=rho, kind="apparent")
    # cells so flat that points lie between the outermost voxel of bone and the tissue beside it
    mesh = box_mesh((40, 2, 2), (20.0, 20.0, 20.0))
    moved = type(mesh)(points=mesh.points + 9.5, cells=mesh.cells, kind="tet10", side="right")
    assert integration_points(moved)[..., 0].min() < 9.75
    mapped = map_elasticity(density, LabelMask(grid=grid, inside=inside), moved, LAW, nu=0.3)
    assert np.allclose(mapped.elastic.E_modulus, LAW.value(np.array([0.6])), rtol=1e-12)


def test_densities_inside_the_bone_are_not_changed_by_the_extension() -> None:
    grid = block(12)
    rng = np.random.default_rng(1)
    inside = np.zeros(grid.shape, dtype=bool)
    inside[3:8, 3:8, 3:8] = True
    density = DensityField(grid=grid, rho=rng.uniform(size=grid.shape), kind="CaHA")
    extended = extend_outward(density, LabelMask(grid=grid, inside=inside))
    assert np.array_equal(extended.rho[inside], density.rho[inside])
    # outside, averages of the bone: never beyond its extremes
    assert extended.rho.min() >= density.rho[inside].min()
    assert extended.rho.max() <= density.rho[inside].max()


def test_the_extension_does_not_depend_on_the_storage_order() -> None:
    grid = block(12)
    rng = np.random.default_rng(2)
    inside = rng.uniform(size=grid.shape) < 0.2
    density = DensityField(grid=grid, rho=rng.uniform(size=grid.shape), kind="CaHA")
    extended = extend_outward(density, LabelMask(grid=grid, inside=inside)).rho
    flipped = extend_outward(
        DensityField(grid=grid, rho=np.flip(density.rho, (0, 2)), kind="CaHA"),
        LabelMask(grid=grid, inside=np.flip(inside, (0, 2))),
    ).rho
    assert np.allclose(np.flip(flipped, (0, 2)), extended, rtol=1e-12)


def test_the_order_in_which_an_array_lies_in_memory_does_not_matter() -> None:
    grid = ImageGrid(shape=(12, 9, 7), affine=np.diag([0.8, 1.0, 1.5, 1.0]))
    rho = np.random.default_rng(4).uniform(0.1, 1.2, grid.shape)
    inside = np.zeros(grid.shape, dtype=bool)
    inside[3:9, 3:6, 2:5] = True
    rows, columns = (
        extend_outward(
            DensityField(grid=grid, rho=order(rho), kind="CaHA"),
            LabelMask(grid=grid, inside=order(inside)),
        ).rho
        for order in (np.ascontiguousarray, np.asfortranarray)
    )
    np.testing.assert_array_equal(rows, columns)


@pytest.mark.parametrize("beyond", [2.0, 0.1])
def test_the_fraction_outside_the_measured_range_is_reported(box_mesh, beyond: float) -> None:
    grid = block()
    rho = np.where(world(grid)[..., 0] < 15.0, 0.5, beyond)
    density = DensityField(grid=grid, rho=rho, kind="apparent")
    femur = LabelMask(grid=grid, inside=np.ones(grid.shape, dtype=bool))
    mapped = map_elasticity(density, femur, box_mesh((6, 6, 6), (30.0, 30.0, 30.0)), LAW, nu=0.3)
    # half of the block is denser than 0.75 g/cm3, or lighter than 0.26; the integration points
    # sample the border between the halves in steps of half a cell, a twelfth of the block
    assert mapped.extrapolated_fraction == pytest.approx(0.5, abs=1 / 12)


def test_fractions_are_of_volume_and_not_of_the_number_of_cells(box_mesh) -> None:
    grid = block()
    rho = np.where(world(grid)[..., 0] <= 5.0, 2.0, 0.5)
    density = DensityField(grid=grid, rho=rho, kind="apparent")
    femur = LabelMask(grid=grid, inside=np.ones(grid.shape, dtype=bool))
    even = box_mesh((2, 1, 1), (30.0, 30.0, 30.0))
    points = np.where(even.points == [15.0, 1e9, 1e9], 5.5, even.points)
    uneven = type(even)(points=points, cells=even.cells, kind="tet10", side="right")
    mapped = map_elasticity(density, femur, uneven, LAW, nu=0.3)
    # half of the cells, but about a sixth of the volume, are dense
    assert mapped.extrapolated_fraction < 0.2


def test_a_modulus_below_the_floor_is_raised_to_it_and_its_volume_reported(box_mesh) -> None:
    grid = block()
    rho = np.where(world(grid)[..., 0] < 15.0, 1e-6, 0.5)
    density = DensityField(grid=grid, rho=rho, kind="apparent")
    femur = LabelMask(grid=grid, inside=np.ones(grid.shape, dtype=bool))
    mapped = map_elasticity(density, femur, box_mesh((6, 2, 2), (30.0, 30.0, 30.0)), LAW, nu=0.3)
    assert mapped.elastic.E_modulus.min() == MODULUS_FLOOR_MPA
    # half of the block, sampled in steps of half a cell
    assert mapped.floor_fraction == pytest.approx(0.5, abs=1 / 12)


def test_cells_near_the_lesion_are_not_bone_and_light_cells_are_told(box_mesh) -> None:
    grid = block()
    where = world(grid)[..., 0]
    density = DensityField(grid=grid, rho=np.where(where < 10.0, 0.1, 0.5), kind="apparent")
    everywhere = LabelMask(grid=grid, inside=np.ones(grid.shape, dtype=bool))
    lesion = LabelMask(grid=grid, inside=where > 20.0)
    mesh = box_mesh((6, 6, 6), (30.0, 30.0, 30.0))
    mapped = map_elasticity(density, everywhere, mesh, LAW, nu=0.3, lesion=lesion)
    span = mesh.points[mesh.cells][..., 0]
    assert mapped.bone[span.max(axis=1) <= 15.0].all()
    # the lesion begins at 21 mm, its rim at 19 mm
    assert not mapped.bone[span.min(axis=1) >= 20.0].any()
    assert integration_points(mesh)[mapped.bone][..., 0].max() < 19.0
    # Morgan's law begins at 0.26 g/cm3
    assert mapped.light[span.max(axis=1) <= 10.0].all()
    assert not mapped.light[span.min(axis=1) >= 10.0].any()


def test_a_cell_is_light_if_one_of_its_points_is(box_mesh) -> None:
    grid = block()
    rho = np.where(world(grid)[..., 0] < 15.0, 0.1, 0.5)
    density = DensityField(grid=grid, rho=rho, kind="apparent")
    femur = LabelMask(grid=grid, inside=np.ones(grid.shape, dtype=bool))
    mesh = box_mesh((1, 1, 1), (30.0, 30.0, 30.0))
    mapped = map_elasticity(density, femur, mesh, LAW, nu=0.3)
    # all six cells span both halves
    assert (integration_points(mesh)[..., 0].max(axis=1) > 17.0).all()
    assert mapped.light.all()


def test_poisson_s_ratio_is_the_one_that_is_given(box_mesh) -> None:
    grid = block(5)
    density = DensityField(grid=grid, rho=np.full(grid.shape, 0.5), kind="apparent")
    femur = LabelMask(grid=grid, inside=np.ones(grid.shape, dtype=bool))
    mapped = map_elasticity(density, femur, box_mesh((1, 1, 1), (3.0, 3.0, 3.0)), LAW, nu=0.41)
    assert mapped.elastic.nu == 0.41


def test_a_law_refuses_another_kind_of_density(box_mesh) -> None:
    grid = block(5)
    density = DensityField(grid=grid, rho=np.ones(grid.shape), kind="ash")
    femur = LabelMask(grid=grid, inside=np.ones(grid.shape, dtype=bool))
    with pytest.raises(DensityKindError, match="kind 'ash' for the law of Morgan"):
        map_elasticity(density, femur, box_mesh((1, 1, 1), (3.0, 3.0, 3.0)), LAW, nu=0.3)


def test_a_mesh_outside_its_image_is_refused(box_mesh) -> None:
    grid = block(5)
    density = DensityField(grid=grid, rho=np.ones(grid.shape), kind="apparent")
    femur = LabelMask(grid=grid, inside=np.ones(grid.shape, dtype=bool))
    # its last points lie 1.5 voxels beyond the last voxel's centre
    mesh = box_mesh((40, 1, 1), (5.55, 3.0, 3.0))
    with pytest.raises(GridMismatchError, match=r"1\.5 voxels outside the image"):
        map_elasticity(density, femur, mesh, LAW, nu=0.3)


def layered_bone() -> tuple[DensityField, LabelMask, np.ndarray]:
    """Return a cylinder with a cortex 4 mm thick around trabecular bone, and its radius map."""
    grid = block(50)
    radius = np.linalg.norm(world(grid)[..., :2] - 24.5, axis=-1)
    inside = radius <= 20.0
    rho = np.where(radius > 16.0, 1.1, 0.2)
    return (
        DensityField(grid=grid, rho=rho, kind="CaHA"),
        LabelMask(grid=grid, inside=inside),
        radius,
    )


def test_a_lesion_in_layered_bone_is_filled_with_the_layer_it_destroyed() -> None:
    intact, femur, radius = layered_bone()
    centre = np.array([40.0, 24.5, 24.5])
    lesion = (np.linalg.norm(world(intact.grid) - centre, axis=-1) <= 8.0) & femur.inside
    diseased = DensityField(
        grid=intact.grid, rho=np.where(lesion, 0.02, intact.rho), kind=intact.kind
    )
    healed = heal(diseased, femur, LabelMask(grid=intact.grid, inside=lesion))
    assert healed.density.rho[lesion & (radius > 17.5)].mean() == pytest.approx(1.1, rel=0.05)
    assert healed.density.rho[lesion & (radius < 13.0)].mean() == pytest.approx(0.2, rel=0.05)


def test_the_rim_of_the_lesion_is_replaced_with_it() -> None:
    intact, femur, radius = layered_bone()
    distance = np.linalg.norm(world(intact.grid) - [40.0, 24.5, 24.5], axis=-1)
    lesion = (distance <= 8.0) & femur.inside
    # the disease reaches 1.5 mm beyond the mask
    rho = np.where((distance <= 9.5) & femur.inside, 0.02, intact.rho)
    diseased = DensityField(grid=intact.grid, rho=rho, kind=intact.kind)
    healed = heal(diseased, femur, LabelMask(grid=intact.grid, inside=lesion))
    rim = (distance > 8.0) & (distance <= 9.5) & femur.inside & (radius > 17.5)
    assert healed.density.rho[rim].mean() == pytest.approx(1.1, rel=0.05)


def test_a_thin_cortex_is_restored_although_trabecular_bone_lies_nearer() -> None:
    grid = block(50)
    radius = np.linalg.norm(world(grid)[..., :2] - 24.5, axis=-1)
    femur = LabelMask(grid=grid, inside=radius <= 20.0)
    intact = np.where(radius > 18.0, 1.1, 0.2)
    lesion = (np.linalg.norm(world(grid) - [42.0, 24.5, 24.5], axis=-1) <= 10.0) & femur.inside
    diseased = DensityField(grid=grid, rho=np.where(lesion, 0.02, intact), kind="CaHA")
    healed = heal(diseased, femur, LabelMask(grid=grid, inside=lesion))
    cortex = lesion & (radius > 19.0)
    assert healed.density.rho[cortex].mean() == pytest.approx(1.1, rel=0.1)


def test_bone_away_from_the_lesion_is_left_as_it_was() -> None:
    intact, femur, _ = layered_bone()
    lesion = np.zeros(intact.grid.shape, dtype=bool)
    lesion[23:27, 23:27, 23:27] = True
    healed = heal(intact, femur, LabelMask(grid=intact.grid, inside=lesion))
    far = np.linalg.norm(world(intact.grid) - 24.5, axis=-1) > 6.0
    assert np.array_equal(healed.density.rho[far], intact.rho[far])


def test_a_lesion_without_healthy_bone_around_it_is_refused() -> None:
    intact, femur, _ = layered_bone()
    with pytest.raises(SegmentationError, match="0 voxels of healthy bone"):
        heal(intact, femur, femur)
