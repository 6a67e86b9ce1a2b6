"""A scene of one bone that can be turned: its parts, their colours, and the window that holds them.

Nothing is rendered here: a scene's surfaces go to whatever draws them.
"""

from viz.scene.marks import carried, cell_colours, cursor_part, lesion_part, site_part
from viz.scene.scale import DifferenceScale, SceneScale, gradient
from viz.scene.scene import Scene, ScenePart
from viz.scene.solid import CELL, CutPlane, bone_solid, shown_part, visible_parts
from viz.scene.window import SceneWindow

__all__ = [
    "CELL",
    "CutPlane",
    "DifferenceScale",
    "Scene",
    "ScenePart",
    "SceneScale",
    "SceneWindow",
    "bone_solid",
    "carried",
    "cell_colours",
    "cursor_part",
    "gradient",
    "lesion_part",
    "shown_part",
    "site_part",
    "visible_parts",
]
