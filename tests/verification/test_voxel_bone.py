"""Voxels of several materials, of any bone, driven by a displacement."""

import numpy as np
import pytest

from femur_fea.domain import ElasticField, ImageGrid, LabelImage, LoadCase
from femur_fea.errors import SingularSystemError
from femur_fea.mapping import elasticity_by_label
from femur_fea.solver import solve_linear
from meshing import keep_largest_part, mesh_voxels

THEME = "closed forms"
SPACING = np.array([0.8, 0.9, 1.5])
WAY = -0.01
CORTEX, MARROW, CEMENT = 1, 2, 5
MODULI = {CORTEX: 15000.0, MARROW: 300.0, CEMENT: 2500.0}
TIGHT = 1e-11


def _image(labels):
    """Return labels on a grid of left-handed axes, as files may have them."""
    affine = np.eye(4)
    affine[:3, :3] = np.diag(SPACING * [-1.0, 1.0, 1.0])
    affine[:3, 3] = [40.0, -80.0, 700.0]
    return LabelImage(grid=ImageGrid(shape=labels.shape, affine=affine), labels=labels)


def _pressed(mesh):
    """Return a case that moves the top towards a bottom at rest, both without friction."""
    z = mesh.points[:, 2]
    bottom, top = np.isclose(z, z.min()), np.isclose(z, z.max())
    held = np.zeros((mesh.n_points, 3), dtype=bool)
    held[bottom | top, 2] = True
    held[bottom] = True
    displacement = np.zeros((mesh.n_points, 3))
    displacement[top, 2] = WAY
    return LoadCase(
        name="press",
        traction=np.zeros((mesh.n_points, 3)),
        held=held,
        displacement=displacement,
        magnitude=0.0,
        excluded=bottom | top,
    )


def _force_on_layers(labels, *, parallel):
    """Return the force on columns of one section without Poisson's effect."""
    modulus = np.vectorize(MODULI.get, otypes=[float])(labels)
    if parallel:
        height = labels.shape[2] * SPACING[2]
        return float(modulus[:, :, 0].sum()) * SPACING[0] * SPACING[1] * WAY / height
    compliance = (SPACING[2] / modulus[0, 0]).sum()
    return labels.shape[0] * SPACING[0] * labels.shape[1] * SPACING[1] * WAY / compliance


@pytest.mark.parametrize("parallel", [True, False])
def test_layers_of_three_materials_share_the_load_as_springs_do(agree, parallel):
    labels = np.empty((5, 4, 6), dtype=int)
    layers = [CORTEX, MARROW, MARROW, CEMENT]
    if parallel:
        labels[:] = np.array([*layers, CORTEX])[:, None, None]
    else:
        labels[:] = np.array([*layers, CORTEX, CEMENT])[None, None]
    image = _image(labels)
    mesh = mesh_voxels(image.mask_of(MODULI), side=None)
    elastic = elasticity_by_label(image, mesh, MODULI, nu=0.0)
    result = solve_linear(mesh, elastic, [_pressed(mesh)], tolerance=TIGHT)[0]
    force = _force_on_layers(labels, parallel=parallel)
    for quantity, found, expected in (
        ("force on voxels", result.driven_force[2], force),
        ("reaction of voxels", result.reaction_force[2], -force),
    ):
        agree(
            f"{quantity} of three materials in {'parallel' if parallel else 'series'}",
            found=found,
            expected=expected,
            unit="N",
            rtol=1e-8,
            origin="an energy error of 1e-11; the exact field is linear in each layer",
            source="springs, without Poisson's effect",
        )


def _hollow():
    """Return a block with a cavity, so that 18 of 30 columns of voxels reach from end to end."""
    labels = np.full((5, 6, 6), CORTEX)
    labels[1:4, 1:5, 1:5] = 0
    return labels


def test_a_hollow_bone_resists_more_than_its_walls_and_less_than_a_full_block():
    image = _image(_hollow())
    mesh = mesh_voxels(image.mask_of([CORTEX]), side=None)
    elastic = elasticity_by_label(image, mesh, MODULI, nu=0.0)
    result = solve_linear(mesh, elastic, [_pressed(mesh)], tolerance=TIGHT)[0]
    area, height = SPACING[0] * SPACING[1], 6 * SPACING[2]
    per_voxel = MODULI[CORTEX] * area * WAY / height
    # stiffness grows with material: between that of the 18 columns alone and that of all 30
    assert 30 * per_voxel < result.driven_force[2] < 18 * per_voxel < 0.0


def test_a_piece_that_nothing_holds_is_refused_and_can_be_left_out():
    labels = _hollow()
    labels[2, 2, 2] = MARROW
    image = _image(labels)
    mask = image.mask_of([CORTEX, MARROW])
    mesh = mesh_voxels(mask, side=None)
    elastic = elasticity_by_label(image, mesh, MODULI, nu=0.3)
    with pytest.raises(SingularSystemError, match="1 of 2 separate bodies"):
        solve_linear(mesh, elastic, [_pressed(mesh)])
    with pytest.warns(UserWarning, match="1 voxels"):
        kept = mesh_voxels(keep_largest_part(mask), side=None)
    elastic = elasticity_by_label(image, kept, MODULI, nu=0.3)
    assert solve_linear(kept, elastic, [_pressed(kept)])[0].driven_force[2] < 0.0


def test_voxels_that_hang_on_by_an_edge_are_a_hinge():
    labels = np.zeros((2, 3, 2), dtype=int)
    labels[0, :, 0] = CORTEX
    labels[1, :, 1] = CORTEX
    mesh = mesh_voxels(_image(labels).mask_of([CORTEX]), side=None)
    elastic = ElasticField(E_modulus=np.full((mesh.n_cells, 1), 1000.0), nu=0.3)
    z = mesh.points[:, 2]
    load = LoadCase.on_fixed_points(
        name="push",
        traction=np.where(np.isclose(z, z.max())[:, None], [0.0, 0.0, -1.0], 0.0),
        fixed=np.isclose(z, z.min()),
        magnitude=1.0,
        excluded=np.zeros(mesh.n_points, dtype=bool),
    )
    with pytest.raises(SingularSystemError, match="1 rigid motions free"):
        solve_linear(mesh, elastic, [load])
