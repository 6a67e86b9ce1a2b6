"""The statistical shape model: a mean femur and the ways in which femora differ from it."""

import json
from dataclasses import dataclass
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any

import numpy as np

from femur_fea.domain import (
    FloatArray,
    IntArray,
    Side,
    TriangleSurface,
    check_finite,
    check_shape,
    read_only,
)
from femur_fea.errors import ShapeError
from meshing.mirror import surface_to_side
from meshing.shape.landmarks import Landmarks

__all__ = ["ShapeModel", "load_shape_model", "read_shape_model", "write_shape_model"]

_SHIPPED = "femur.npz"
_MODES_AS = np.float16  # rounds a displacement of 16 mm by at most 0.008 mm


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ShapeModel:
    """A mean right femur and its modes of variation.

    A femur is `mean + sum_k coefficients[k] modes[k]`, with coefficients of mean 0 and standard
    deviation 1 in the population that the model was made from.

    Attributes
    ----------
    mean : (n, 3), mm
        Right femur in LPS directions, head uppermost: origin at the head's centre, z along the
        mechanical axis, x along the line behind both condyles.
    triangles : (m, 3)
        Closed surface over the points of any femur of the model.
    modes : (k, n, 3), mm
        One standard deviation each, by decreasing size.
    regions : (n,)
        Index into `REGIONS` of every point.
    landmarks : Landmarks
        Points that sizes and angles are measured at.
    local_sd : (n,), mm
        Standard deviation of what the modes leave of an unseen femur, in each direction.
    local_length : float, mm
        Distance over which that remainder is alike, in the coordinates of
        `meshing.shape.local`: its
        correlation is exp(-d^2 / (2 local_length^2)).
    provenance : dict
        Sources, licences and how the model was made.
    """

    mean: FloatArray
    triangles: IntArray
    modes: FloatArray
    regions: IntArray
    landmarks: Landmarks
    local_sd: FloatArray
    local_length: float
    provenance: dict[str, Any]

    def __post_init__(self) -> None:
        n = len(self.mean)
        check_shape("mean", self.mean, (None, 3))
        check_shape("modes", self.modes, (None, n, 3))
        check_shape("regions", self.regions, (n,))
        check_shape("local_sd", self.local_sd, (n,))
        check_finite("mean", self.mean)
        check_finite("modes", self.modes)
        for name in ("mean", "triangles", "modes", "regions", "local_sd"):
            object.__setattr__(self, name, read_only(np.asarray(getattr(self, name))))

    @property
    def n_points(self) -> int:
        """Number of points of the surface."""
        return len(self.mean)

    @property
    def n_modes(self) -> int:
        """Number of modes."""
        return len(self.modes)

    def points(self, coefficients: FloatArray) -> FloatArray:
        """Return the points of the right femur with these coefficients, (n, 3), mm.

        Coefficients (j,) beyond the last given are 0.

        Raises
        ------
        ShapeError
            If there are more coefficients than modes.
        """
        given = np.atleast_1d(np.asarray(coefficients, dtype=float))
        if given.ndim != 1 or len(given) > self.n_modes:
            raise ShapeError(
                found=f"coefficients of shape {given.shape}",
                expected=f"at most {self.n_modes} in one row",
                remedy="give one coefficient for each mode, in standard deviations",
            )
        return np.asarray(self.mean + np.tensordot(given, self.modes[: len(given)], axes=1))

    def surface(self, coefficients: FloatArray, *, side: Side) -> TriangleSurface:
        """Return the closed surface of the femur with these coefficients; see `points`."""
        right = TriangleSurface(points=self.points(coefficients), triangles=self.triangles)
        return surface_to_side(right, side)


def load_shape_model() -> ShapeModel:
    """Return the shape model that the package ships."""
    with as_file(files("meshing.shape") / _SHIPPED) as path:
        return read_shape_model(path)


def read_shape_model(path: Path) -> ShapeModel:
    """Return the shape model in a file that `write_shape_model` wrote."""
    with np.load(path, allow_pickle=False) as stored:
        return ShapeModel(
            mean=stored["mean"].astype(float),
            triangles=stored["triangles"].astype(np.int64),
            modes=stored["modes"].astype(float),
            regions=stored["regions"].astype(np.int64),
            landmarks=Landmarks(
                **{
                    name.removeprefix("landmark_"): stored[name].astype(np.int64)
                    for name in stored.files
                    if name.startswith("landmark_")
                }
            ),
            local_sd=stored["local_sd"].astype(float),
            local_length=float(stored["local_length"]),
            provenance=json.loads(str(stored["provenance"])),
        )


def write_shape_model(model: ShapeModel, path: Path) -> None:
    """Write a model as a compressed file; modes are rounded to half precision."""
    landmarks: dict[str, Any] = {
        f"landmark_{name}": points.astype(np.int16)
        for name, points in model.landmarks.as_arrays().items()
    }
    np.savez_compressed(
        path,
        mean=model.mean.astype(np.float32),
        triangles=model.triangles.astype(np.uint16),
        modes=model.modes.astype(_MODES_AS),
        regions=model.regions.astype(np.uint8),
        local_sd=model.local_sd.astype(np.float32),
        local_length=model.local_length,
        provenance=json.dumps(model.provenance),
        **landmarks,
    )
