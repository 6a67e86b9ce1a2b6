"""A bone of any shape from a label image, pressed between plates: stiffness by voxels.

uv run python examples/any_bone_from_voxels.py
"""

import numpy as np

from femur_fea.domain import BoneMesh, ImageGrid, LabelImage, LoadCase
from femur_fea.mapping import elasticity_by_label
from femur_fea.solver import solve_linear
from meshing import keep_largest_part, mesh_voxels

SHELL, CORE, CEMENT = 1, 2, 3
MODULI = {SHELL: 12000.0, CORE: 250.0, CEMENT: 2500.0}  # MPa
PRESSED = 0.1  # mm


def main() -> None:
    """Print the stiffness of a vertebra-like block with and without cement in its core."""
    for filled in (False, True):
        image = block(filled=filled)
        mesh = mesh_voxels(keep_largest_part(image.mask_of(MODULI)), side=None)
        elastic = elasticity_by_label(image, mesh, MODULI, nu=0.3)
        result = solve_linear(mesh, elastic, [plates(mesh)])[0]
        print(
            f"{'with' if filled else 'without'} cement: {mesh.n_cells} voxels, "
            f"{-result.driven_force[2] / PRESSED:.0f} N/mm"
        )


def block(*, filled: bool) -> LabelImage:
    """Return an elliptic block with a shell 1.6 mm thick; a scan would come from `read_labels`."""
    grid = ImageGrid(shape=(50, 40, 30), affine=np.diag([0.8, 0.8, 1.0, 1.0]))
    index = np.indices(grid.shape).reshape(3, -1).T.astype(float)
    x, y, z = (grid.to_world(index) - grid.to_world(np.array([[24.5, 19.5, 14.5]]))).T
    radius = np.hypot(x / 18.0, y / 14.0)
    labels = np.where(radius < 1.0, CORE, 0)
    labels[(radius < 1.0) & (radius > 0.9)] = SHELL
    if filled:
        labels[(np.linalg.norm([x, y, z], axis=0) < 8.0)] = CEMENT
    return LabelImage(grid=grid, labels=labels.reshape(grid.shape))


def plates(mesh: BoneMesh) -> LoadCase:
    """Return a case whose upper plate moves down and whose lower one is at rest, both rough."""
    z = mesh.points[:, 2]
    bottom, top = np.isclose(z, z.min()), np.isclose(z, z.max())
    way = np.zeros((mesh.n_points, 3))
    way[top, 2] = -PRESSED
    return LoadCase(
        name="plates",
        traction=np.zeros_like(way),
        held=np.repeat((bottom | top)[:, None], 3, axis=1),
        displacement=way,
        magnitude=0.0,
        excluded=bottom | top,
    )


if __name__ == "__main__":
    main()
