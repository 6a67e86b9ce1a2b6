"""The outer surface of a solved bone in the formats of other programs."""

from collections.abc import Callable, Collection, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from femur_fea.errors import ConfigError
from femur_fea.io import atomic_path
from femur_risk.opened import FIELDS, Solution, ViewedRun, read_solution
from viz import ColourScale, common_limits
from viz.scene import (
    CELL,
    Scene,
    ScenePart,
    bone_solid,
    cell_colours,
    lesion_part,
    site_part,
    visible_parts,
)

if TYPE_CHECKING:
    import pyvista as pv

__all__ = ["FORMATS", "export_lesion", "export_run"]

type _Write = Callable[[ViewedRun, Solution, str, Path], None]


def export_lesion(run: ViewedRun, path: Path) -> None:
    """Write the closed surface of the lesion alone as STL or VTP, in LPS, mm.

    Parameters
    ----------
    run : ViewedRun
        The run.
    path : Path
        The file to write, .stl or .vtp.

    Raises
    ------
    ConfigError
        If the run has no lesion, or the suffix is another one.
    """
    from viz.bodies import lesion_surface

    suffix = path.suffix.removeprefix(".")
    _check("suffix of --out", suffix, ("stl", "vtp"))
    if run.lesion is None:
        raise ConfigError(
            found="--lesion for a run without one",
            expected="a run that was given the mask of a lesion",
            remedy="leave out --lesion",
        )
    surface = lesion_surface(run.lesion, run.frame).triangulate()
    surface.points = run.frame.to_world(np.asarray(surface.points, dtype=float))
    _save(surface.compute_normals(auto_orient_normals=True), path, f".{suffix}")


def export_run(run: ViewedRun, path: Path, *, load: str, field: str, healed: bool) -> None:
    """Write the surface of a bone under a load; the suffix of the file chooses the format.

    STL and VTP hold the surface in LPS, mm, VTP with all fields of the cells; GLB and GIF hold the
    bone coloured by one field, with lesion and weakest site, in the femoral frame.

    Parameters
    ----------
    run : ViewedRun
        The run.
    path : Path
        The file to write.
    load, field : str
        Names of load and field.
    healed : bool
        The lesion-free twin instead of the bone as it is.

    Raises
    ------
    ConfigError
        If there is no such format, load, twin or field.
    """
    _check("suffix of --out", path.suffix.removeprefix("."), FORMATS)
    _check("--load", load, run.twins if healed else run.loads)
    solution = read_solution(run, load, healed=healed)
    _check("--field", field, solution.fields)
    FORMATS[path.suffix.removeprefix(".")](run, solution, field, path)


def _check(what: str, found: str, known: Collection[str]) -> None:
    if found not in known:
        raise ConfigError(
            found=f"{what} = {found!r}",
            expected=f"one of {', '.join(sorted(known))}" if known else "a run that has one",
            remedy="choose one of these",
        )


def _surface(run: ViewedRun) -> "pv.PolyData":
    """Return the outer surface in LPS, each polygon with the number of its cell."""
    rest = np.zeros((run.mesh.n_points, 3))
    surface, _ = visible_parts(bone_solid(run.mesh, run.frame, rest, 0.0), None)
    surface.points = run.frame.to_world(np.asarray(surface.points, dtype=float))
    # the frame of a left femur mirrors, which turns every polygon inside out
    return surface if run.frame.side == "right" else surface.flip_faces()


def _write_vtp(run: ViewedRun, solution: Solution, _field: str, path: Path) -> None:
    surface = _surface(run)
    cells = np.asarray(surface.cell_data[CELL])
    surface.clear_data()
    surface.cell_data[CELL] = cells
    for name, values in solution.fields.items():
        unit = FIELDS[name].unit.replace("/", "_per_").replace("%", "percent")
        surface.cell_data[f"{name}_{unit}" if unit else name] = values[cells]
    _save(surface, path, ".vtp")


def _write_stl(run: ViewedRun, _solution: Solution, _field: str, path: Path) -> None:
    surface = _surface(run).triangulate()
    surface.clear_data()
    _save(surface, path, ".stl")


def _save(surface: "pv.PolyData", path: Path, suffix: str) -> None:
    with atomic_path(path) as temporary:
        named = temporary.with_name(temporary.name + suffix)
        surface.save(named)
        named.replace(temporary)


def _write_glb(run: ViewedRun, solution: Solution, field: str, path: Path) -> None:
    from viz.gltf import write_glb

    write_glb(path, _scene(run, solution, field)[0])


def _write_gif(run: ViewedRun, solution: Solution, field: str, path: Path) -> None:
    from viz.turntable import write_turntable

    scene, scale = _scene(run, solution, field)
    parts = [scene["bone"], scene["site"]]
    write_turntable(path, parts, scale, title=f"{run.case_id}, {solution.load_words}")


def _scene(run: ViewedRun, solution: Solution, field: str) -> tuple[Scene, ColourScale]:
    """Return the coloured bone, its lesion and its weakest site, in the frame."""
    kind, values = FIELDS[field], solution.fields[field]
    judged = solution.judged if kind.is_of_judged else np.ones_like(solution.judged)
    scale = ColourScale(
        title=kind.title,
        unit=kind.unit,
        limits=common_limits(values[judged]),
        threshold=kind.threshold,
    )
    rest = np.zeros((run.mesh.n_points, 3))
    surface, _ = visible_parts(bone_solid(run.mesh, run.frame, rest, 0.0), None)
    scene = {"bone": ScenePart(surface=surface, rgb=cell_colours(surface, values, scale))}
    if run.lesion is not None:
        scene["lesion"] = lesion_part(run.lesion, run.frame)
    scene["site"] = site_part(solution.site, run.frame)
    return scene, scale


FORMATS: Mapping[str, _Write] = {
    "glb": _write_glb,
    "stl": _write_stl,
    "vtp": _write_vtp,
    "gif": _write_gif,
}
