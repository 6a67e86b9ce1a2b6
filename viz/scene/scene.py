"""What a scene consists of."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from femur_fea.domain import FloatArray

if TYPE_CHECKING:
    import pyvista as pv

__all__ = ["Scene", "ScenePart"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ScenePart:
    """A surface with the colour of each of its polygons.

    Attributes
    ----------
    surface : pyvista.PolyData
        Polygons in the femoral frame, mm; may be empty.
    rgb : (n_polygons, 3) or (1, 3)
        Colours between 0 and 1; one row holds for all polygons.
    opacity : float
        From 0, not seen, to 1.
    is_pickable : bool
        Whether a click on it reads the field.
    is_lit : bool
        Drawn with the shading that shows shape.
    """

    surface: "pv.PolyData"
    rgb: FloatArray
    opacity: float = 1.0
    is_pickable: bool = False
    is_lit: bool = True


type Scene = dict[str, ScenePart]
"""Parts by name."""
