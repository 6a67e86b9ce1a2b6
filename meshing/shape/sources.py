"""Femora that the shape model is made from, as their authors publish them."""

from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import numpy as np

from femur_fea.domain import FloatArray, IntArray, Side, TriangleSurface
from femur_fea.errors import MissingInputError
from meshing.mirror import surface_to_side

__all__ = [
    "SOURCES",
    "Femur",
    "Population",
    "Source",
    "digest",
    "files_of",
    "read_population",
    "read_surface",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Femur:
    """One surface in a file.

    Attributes
    ----------
    file : str
        Below the folder of the source.
    side : {"left", "right"}
        Which femur.
    person : str
        Whose it is.
    """

    file: str
    side: Side
    person: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Femora of one publication.

    Attributes
    ----------
    folder : str
        Where the files lie.
    origin : str
        Where they come from.
    licence : str
        SPDX name.
    femora : tuple of Femur
        Surfaces to register; empty for a model.
    """

    folder: str
    origin: str
    licence: str
    femora: tuple[Femur, ...]


SOURCES = (
    Source(
        folder="femur-ssm-gias2",
        origin="github.com/musculoskeletal/gias2, femur.pc.npz: model of 10 left femora",
        licence="MPL-2.0",
        femora=(),
    ),
    Source(
        folder="proximal-femurs-libhip",
        origin="github.com/diku-dk/libhip; Moshfeghifar et al. 2022, "
        "doi:10.1016/j.cmpb.2022.107140: 4 proximal femora of 2 men",
        licence="MIT",
        femora=(
            Femur(file="m3_lfemur.ply", side="left", person="m3"),
            Femur(file="m3_rfemur.ply", side="right", person="m3"),
            Femur(file="m4_lfemur.ply", side="left", person="m4"),
            Femur(file="m4_rfemur.ply", side="right", person="m4"),
        ),
    ),
    Source(
        folder="femur-gpmm-basel",
        origin="github.com/unibas-gravis/icp-proposal, data/femur: 2 femora",
        licence="Apache-2.0",
        # the files do not tell the side; the model fits both as right femora to 0.4 and 1.4 mm,
        # as left ones to 2.6 and 4.3 mm
        femora=(
            Femur(file="femur_reference.stl", side="right", person="basel_reference"),
            Femur(file="femur_target.stl", side="right", person="basel_target"),
        ),
    ),
)
_POPULATION = "femur_ssm.npz"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Population:
    """Whole femora that correspond already.

    Attributes
    ----------
    shapes : (s, p, 3), mm
        Right femora in LPS directions, one person each.
    triangles : (q, 3)
        Closed surface over the points of each.
    """

    shapes: FloatArray
    triangles: IntArray


def read_population(data: Path) -> Population:
    """Return the ten femora behind the model of gias2, mirrored to right ones.

    Its modes are unit vectors and its scores mm, so mean and scores give the femora back.
    """
    path = data / SOURCES[0].folder / _POPULATION
    _check_exists(path)
    with np.load(path, allow_pickle=False) as stored:
        mean, modes = stored["mean"].astype(float), stored["modes"].astype(float)
        shapes = mean + np.einsum("ks,kpx->spx", stored["training_scores"], modes)
        triangles = stored["faces"].astype(np.int64)
    right = [
        surface_to_side(TriangleSurface(points=points, triangles=triangles), "left")
        for points in shapes
    ]
    return Population(
        shapes=np.stack([surface.points for surface in right]), triangles=right[0].triangles
    )


def read_surface(path: Path) -> TriangleSurface:
    """Return the surface in a file of triangles (PLY, STL), equal points merged."""
    import pyvista as pv

    _check_exists(path)
    mesh = pv.read(path).clean().triangulate()
    return TriangleSurface(
        points=np.asarray(mesh.points, dtype=float), triangles=mesh.faces.reshape(-1, 4)[:, 1:]
    )


def digest(path: Path) -> str:
    """Return the SHA-256 of a file."""
    return sha256(path.read_bytes()).hexdigest()


def files_of(source: Source) -> tuple[str, ...]:
    """Return the files of a source that the model is made from."""
    return tuple(femur.file for femur in source.femora) or (_POPULATION,)


def _check_exists(path: Path) -> None:
    if not path.is_file():
        raise MissingInputError(
            found=f"no file {path.parent.name}/{path.name}",
            expected="the published femora",
            remedy="give the folder that holds the sources by --data",
        )
