"""The window of a scene: VTK's description of it, which is sent to whatever draws it."""

from typing import TYPE_CHECKING, Any

import numpy as np

from femur_fea.domain import FloatArray
from viz.render import quiet_vtk
from viz.scene.scene import Scene, ScenePart
from viz.views import View

if TYPE_CHECKING:
    from vtkmodules.vtkRenderingCore import vtkActor

__all__ = ["SceneWindow"]

_BACKGROUND = (1.0, 1.0, 1.0)
_EYE_DISTANCE = 1000.0  # mm; any distance outside the bone does in a parallel projection
_MARGIN = 1.08


class SceneWindow:
    """A render window that is never rendered here: it holds actors and camera for a client.

    Attributes
    ----------
    vtk : vtkRenderWindow
        The window.
    """

    def __init__(self) -> None:
        # the factory of concrete windows and actors comes with it
        import vtkmodules.vtkRenderingOpenGL2  # noqa: F401 # as said
        from vtkmodules.vtkRenderingCore import vtkRenderer, vtkRenderWindow

        with quiet_vtk():
            self.vtk = vtkRenderWindow()
            self.vtk.SetOffScreenRendering(True)
        self._renderer = vtkRenderer()
        self._renderer.SetBackground(_BACKGROUND)
        self.vtk.AddRenderer(self._renderer)
        self._actors: dict[str, vtkActor] = {}

    def show(self, scene: Scene) -> None:
        """Show these parts and no others; the camera stays."""
        for name, part in scene.items():
            if name not in self._actors:
                self._actors[name] = self._add()
            _dress(self._actors[name], part)
        for name in self._actors.keys() - scene.keys():
            self._actors[name].SetVisibility(False)

    def look(self, view: View, low: FloatArray, high: FloatArray) -> None:
        """Look from a standard view at the box between two corners of the frame, (3,), mm."""
        middle, half = (low + high) / 2.0, (high - low) / 2.0
        camera = self._renderer.GetActiveCamera()
        camera.SetParallelProjection(True)
        camera.SetFocalPoint(*middle)
        camera.SetPosition(*(middle + _EYE_DISTANCE * np.array(view.towards)))
        camera.SetViewUp(*view.upwards)
        camera.SetParallelScale(
            _MARGIN * float(np.abs((half @ view.upwards, half @ view.rightwards)).max())
        )
        self._renderer.ResetCameraClippingRange()

    def _add(self) -> "vtkActor":
        from vtkmodules.vtkRenderingCore import vtkActor, vtkPolyDataMapper

        actor = vtkActor()
        actor.SetMapper(vtkPolyDataMapper())
        mapper = actor.GetMapper()
        mapper.SetScalarModeToUseCellData()
        mapper.SetColorModeToDirectScalars()
        self._renderer.AddActor(actor)
        return actor


def _dress(actor: Any, part: ScenePart) -> None:
    """Give an actor the surface and the looks of a part."""
    from vtkmodules.vtkCommonDataModel import vtkPolyData

    surface = vtkPolyData()
    surface.ShallowCopy(_coloured(part))
    actor.GetMapper().SetInputData(surface)
    actor.GetMapper().SetScalarVisibility(len(part.rgb) > 1)
    look = actor.GetProperty()
    if len(part.rgb) == 1:
        look.SetColor(*part.rgb[0])
    look.SetOpacity(part.opacity)
    look.SetAmbient(0.45 if part.is_lit else 1.0)
    look.SetDiffuse(0.55 if part.is_lit else 0.0)
    look.SetSpecular(0.0)
    actor.SetPickable(part.is_pickable)
    actor.SetVisibility(part.surface.n_cells > 0 and part.opacity > 0.0)


def _coloured(part: ScenePart) -> Any:
    """Return points, normals and polygons, and one colour for each: nothing else is sent."""
    import pyvista as pv

    surface = pv.PolyData()
    surface.copy_structure(part.surface)
    surface.points = surface.points.astype(np.float32)
    if "Normals" in part.surface.point_data:
        surface.point_data.active_normals = part.surface.point_data["Normals"].astype(np.float32)
    if len(part.rgb) > 1:
        surface.cell_data["rgb"] = np.round(255.0 * part.rgb).astype(np.uint8)
        surface.set_active_scalars("rgb", preference="cell")
    return surface
