"""Make the shape model that the package ships.

    python -m meshing.shape.build --data FOLDER [--out FILE]

FOLDER holds the published femora under the names in `sources.py`. The ten femora of gias2 give a
first model; the others are registered to it, which also completes those cut below the trochanters;
all together give the model. Persons count equally.
"""

import argparse
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from scipy.spatial import cKDTree

from femur_fea.domain import BoolArray, FloatArray, IntArray, TriangleSurface
from meshing.mirror import surface_to_side
from meshing.shape.local import local_coordinates
from meshing.shape.model import ShapeModel, write_shape_model
from meshing.shape.regions import REGIONS
from meshing.shape.registration import register_surface
from meshing.shape.sources import SOURCES, digest, files_of, read_population, read_surface
from meshing.shape.statistics import align, modes_of, person_weights, residual
from meshing.shape.target import point_normals
from meshing.shape.template import find_landmarks, knee_pose, resample

__all__ = ["TrainingFemora", "build_model", "read_training_femora"]

_EDGE = 3.8  # mm
_PAIRS, _FARTHEST = 200_000, 40.0  # from which the length of the remainder is read; mm
_PLIANT = ("greater_trochanter", "lesser_trochanter", "intertrochanteric", "neck", "distal")
_SMOOTHED = 12.0  # mm over which its variance is averaged
_ALIKE = np.exp(-0.5)  # correlation at one length of the local field


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class TrainingFemora:
    """Femora in correspondence.

    Attributes
    ----------
    shapes : (s, n, 3), mm
        Right femora, aligned rigidly.
    triangles : (m, 3)
        Closed surface over the points of each.
    persons : (s,)
        Whose femur each is.
    seen : (s, n)
        Where each was measured; elsewhere it was completed.
    """

    shapes: FloatArray
    triangles: IntArray
    persons: npt.NDArray[np.str_]
    seen: BoolArray

    def without(self, person: str) -> "TrainingFemora":
        """Return the femora of all others."""
        kept = self.persons != person
        return TrainingFemora(
            shapes=self.shapes[kept],
            triangles=self.triangles,
            persons=self.persons[kept],
            seen=self.seen[kept],
        )


def read_training_femora(data: Path) -> TrainingFemora:
    """Return all femora of the sources in correspondence.

    Parameters
    ----------
    data : Path
        Folder of the sources.

    Raises
    ------
    MissingInputError
        If a file is not there.
    RegistrationError
        If a femur cannot be registered to the others.
    """
    whole = _whole_femora(data)
    first = build_model(whole)
    shapes, persons, seen = list(whole.shapes), list(whole.persons), list(whole.seen)
    for source in SOURCES:
        for femur in source.femora:
            surface = read_surface(data / source.folder / femur.file)
            found = register_surface(first, surface, side=femur.side)
            shapes.append(surface_to_side(found.surface, femur.side).points)
            persons.append(femur.person)
            seen.append(found.seen)
    weights = person_weights(np.array(persons))
    return TrainingFemora(
        shapes=align(np.stack(shapes), weights),
        triangles=whole.triangles,
        persons=np.array(persons),
        seen=np.stack(seen),
    )


def _whole_femora(data: Path) -> TrainingFemora:
    population = read_population(data)
    shapes = align(population.shapes, np.ones(len(population.shapes)))
    mean = TriangleSurface(points=shapes.mean(axis=0), triangles=population.triangles)
    rotation, translation = knee_pose(mean)
    posed = TriangleSurface(points=mean.points @ rotation.T + translation, triangles=mean.triangles)
    coarse = resample(posed, edge_length=_EDGE)
    return TrainingFemora(
        shapes=coarse.apply(shapes @ rotation.T + translation),
        triangles=coarse.triangles,
        persons=np.array([f"gias2_{k}" for k in range(len(shapes))]),
        seen=np.ones((len(shapes), len(coarse.corners)), dtype=bool),
    )


def build_model(femora: TrainingFemora) -> ShapeModel:
    """Return the model of a set of femora."""
    mean, modes = modes_of(femora.shapes, person_weights(femora.persons))
    surface = TriangleSurface(points=mean, triangles=femora.triangles)
    rotation, translation = knee_pose(surface)
    posed = TriangleSurface(points=mean @ rotation.T + translation, triangles=femora.triangles)
    regions, landmarks = find_landmarks(posed)
    local_sd, local_length = _remainder(femora, surface, regions)
    return ShapeModel(
        mean=posed.points,
        triangles=femora.triangles,
        modes=modes @ rotation.T,
        regions=regions,
        landmarks=landmarks,
        local_sd=local_sd,
        local_length=local_length,
        provenance={"n_femora": len(femora.persons), "n_persons": len(np.unique(femora.persons))},
    )


def _remainder(
    femora: TrainingFemora, mean: TriangleSurface, regions: IntArray
) -> tuple[FloatArray, float]:
    """Return SD (n,) and length, mm, of what the others' modes leave of a person.

    Taken where the femora were seen. The SD is that along the normals, as correspondence along
    the surface is less certain.
    """
    normals, left = point_normals(mean), np.zeros_like(femora.shapes)
    for person in np.unique(femora.persons):
        others, whose = femora.without(str(person)), femora.persons == person
        centre, modes = modes_of(others.shapes, person_weights(others.persons))
        for k in np.flatnonzero(whose):
            left[k] = residual(femora.shapes[k], centre, modes) * femora.seen[k][:, None]
    across = np.einsum("snx,nx->sn", left, normals)
    near = cKDTree(mean.points).query_ball_point(mean.points, _SMOOTHED)
    variance = (across**2).sum(axis=0) / femora.seen.sum(axis=0)
    sd = np.sqrt([variance[around].mean() for around in near])
    pliant = np.isin(regions, [REGIONS.index(name) for name in _PLIANT])
    where = local_coordinates(mean.points, regions)
    return sd, _length((left / sd[:, None])[:, pliant], where[pliant])


def _length(left: FloatArray, points: FloatArray) -> float:
    """Return the distance at which the correlation of a field falls to exp(-1/2), mm."""
    rng = np.random.default_rng(0)
    pairs = cKDTree(points).query_pairs(_FARTHEST, output_type="ndarray")
    pairs = pairs[rng.choice(len(pairs), size=min(_PAIRS, len(pairs)), replace=False)]
    apart = np.linalg.norm(points[pairs[:, 0]] - points[pairs[:, 1]], axis=1)
    first, second = left[:, pairs[:, 0]], left[:, pairs[:, 1]]
    alike = np.einsum("spx,spx->p", first, second) / (len(left) * 3.0 * np.mean(left**2))
    bins = np.arange(3.0, _FARTHEST, 2.0)
    which = np.digitize(apart, bins)
    correlation = np.array([alike[which == k].mean() for k in range(1, len(bins))])
    middles = 0.5 * (bins[1:] + bins[:-1])
    return float(np.interp(-_ALIKE, -correlation, middles))  # negative: interp wants it to rise


def _provenance(data: Path) -> list[dict[str, object]]:
    return [
        {
            "origin": source.origin,
            "licence": source.licence,
            "sha256": {name: digest(data / source.folder / name) for name in files_of(source)},
        }
        for source in SOURCES
    ]


def main() -> None:
    """Build and write the model."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder of the sources")
    parser.add_argument("--out", type=Path, default=Path(__file__).with_name("femur.npz"))
    options = parser.parse_args()
    model = build_model(read_training_femora(options.data))
    model.provenance["sources"] = _provenance(options.data)
    model.provenance["licence"] = "MPL-2.0, with parts under MIT and Apache-2.0; see LICENSES.md"
    model.provenance["made_by"] = "python -m meshing.shape.build"
    write_shape_model(model, options.out)


if __name__ == "__main__":
    main()
