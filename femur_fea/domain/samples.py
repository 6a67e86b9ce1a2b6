"""How many values of a material there are in a cell."""

from femur_fea.domain.arrays import FloatArray, check_shape
from femur_fea.domain.cell_shape import CELL_SHAPES
from femur_fea.domain.mesh import BoneMesh
from femur_fea.errors import OutOfRangeError, ShapeError

__all__ = ["check_sample_count", "check_samples_of"]

_COUNTS = sorted({1, *(shape.n_samples for shape in CELL_SHAPES.values())})


def check_sample_count(name: str, samples: FloatArray) -> None:
    """Raise unless `samples` has two axes, the second of which fits one of the elements.

    Raises
    ------
    ShapeError
        If there are not two axes.
    OutOfRangeError
        If the number of samples in a cell is that of no element.
    """
    check_shape(name, samples, (None, None))
    if samples.shape[1] not in _COUNTS:
        raise OutOfRangeError(
            found=f"{samples.shape[1]} samples of {name} in each cell",
            expected="1 (constant), 4 (integration points of a tetrahedron) or 8 (of a hex8)",
            remedy="map the density again",
        )


def check_samples_of(mesh: BoneMesh, name: str, samples: FloatArray) -> None:
    """Raise unless `samples` holds 1 value, or one for each integration point, for each cell.

    Raises
    ------
    ShapeError
        If the number of cells or of samples is that of another mesh.
    """
    check_shape(name, samples, (mesh.n_cells, None))
    if samples.shape[1] not in (1, mesh.cell_shape.n_samples):
        raise ShapeError(
            found=f"{samples.shape[1]} samples of {name} in each cell of a {mesh.kind} mesh",
            expected=f"1 or {mesh.cell_shape.n_samples}",
            remedy="map the density to this mesh",
        )
