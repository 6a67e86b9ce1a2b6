"""Rendering without a display."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import numpy as np

from femur_fea.domain import BoolArray, FloatArray
from viz.bodies import Body
from viz.picture import Window
from viz.views import View

if TYPE_CHECKING:
    import pyvista as pv

__all__ = ["is_visible", "quiet_vtk", "render", "silhouette"]

# between the eye and the bone, mm: any distance outside it does in a parallel projection
_EYE_DISTANCE = 2000.0
# how far off the surface a ray starts, so that it does not meet the triangle it starts on, mm
_CLEARANCE = 0.5


@contextmanager
def quiet_vtk() -> Iterator[None]:
    """Keep VTK's warnings off the terminal, errors not.

    Without a display VTK tries an X server first, warns that there is none and goes on with EGL
    or OSMesa; that warning would look like a failure.
    """
    from vtkmodules.vtkCommonCore import vtkLogger

    before = vtkLogger.GetCurrentVerbosityCutoff()
    vtkLogger.SetStderrVerbosity(vtkLogger.VERBOSITY_ERROR)
    try:
        yield
    finally:
        vtkLogger.SetStderrVerbosity(before)


def render(bodies: Iterable[Body], view: View, window: Window) -> FloatArray:
    """Return a picture of `bodies`, shape (height, width, 4), RGBA between 0 and 1."""
    import pyvista as pv

    with quiet_vtk():
        plotter = pv.Plotter(off_screen=True, window_size=list(window.size), lighting="none")
        try:
            plotter.add_light(pv.Light(light_type="headlight", intensity=1.0))
            plotter.enable_anti_aliasing("ssaa")
            for body in bodies:
                _add(plotter, body)
            _look(plotter, view, window)
            image = plotter.screenshot(return_img=True, transparent_background=True)
        finally:
            plotter.close()
    return np.asarray(image, dtype=float) / 255.0


def silhouette(surface: "pv.PolyData", view: View, window: Window) -> BoolArray:
    """Return the pixels that a surface covers, shape (height, width)."""
    from PIL import Image, ImageDraw

    # drawn flat: a fifth of the time that a rendering takes, and half a pixel wider at most
    image = Image.new("1", window.size)
    draw = ImageDraw.Draw(image)
    offset = view.project(np.asarray(surface.points, dtype=float)) - np.array(window.middle)
    pixels = np.array(window.size) / 2.0 - 0.5 + window.scale * offset * (1.0, -1.0)
    for corners in pixels[surface.triangulate().regular_faces]:
        draw.polygon(corners.ravel().tolist(), fill=1)
    return np.asarray(image)


def is_visible(surface: "pv.PolyData", point: FloatArray, view: View) -> bool:
    """Return whether nothing lies between a point of the surface, shape (3,), and the eye."""
    towards = np.array(view.towards)
    hits, _ = surface.ray_trace(point + _CLEARANCE * towards, point + _EYE_DISTANCE * towards)
    return len(hits) == 0


def _add(plotter: "pv.Plotter", body: Body) -> None:
    surface = body.surface.copy(deep=False)
    surface.cell_data["rgb"] = np.round(255.0 * body.rgb).astype(np.uint8)
    plotter.add_mesh(
        surface,
        scalars="rgb",
        rgb=True,
        smooth_shading="Normals" in surface.point_data,
        lighting=not body.is_flat,
        ambient=0.45,
        diffuse=0.55,
        specular=0.0,
        show_scalar_bar=False,
    )


def _look(plotter: "pv.Plotter", view: View, window: Window) -> None:
    across, up = window.middle
    focus = across * view.rightwards + up * view.upwards
    camera = plotter.camera
    camera.parallel_projection = True
    camera.focal_point = tuple(focus)
    camera.position = tuple(focus + _EYE_DISTANCE * np.array(view.towards))
    camera.up = tuple(view.upwards)
    camera.parallel_scale = window.size[1] / window.scale / 2.0
    plotter.renderer.ResetCameraClippingRange()
