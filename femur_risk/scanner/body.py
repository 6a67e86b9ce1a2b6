"""Thighs and hips round the bones: skin, fat and muscle within air."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from femur_fea.domain import FloatArray
from femur_risk.scanner.bone import ScannedBone
from femur_risk.scanner.checks import check_not_negative, check_positive
from femur_risk.scanner.plane import Plane, blend
from meshing.distance import smooth_union

__all__ = ["Body", "BodyBuild"]

_PERINEUM_BELOW_HEAD = 75.0  # mm; a choice, as all proportions here
_CREASE = 35.0  # mm over which thighs and trunk flow into each other
_MEDIAL, _POSTERIOR = 12.0, 10.0  # mm from the axis of the shaft to the middle of the thigh
_TAPER = 0.12  # of the thigh's width lost per 100 mm downwards
_HALF_HIPS = 88.0  # mm from the middle of the body to a head, where only one bone is known


@dataclass(frozen=True, slots=True, kw_only=True)
class BodyBuild:
    """Sizes of the soft tissue.

    Attributes
    ----------
    fat_mm : float
        Thickness of the fat under the skin.
    skin_mm : float
        Thickness of the skin, which attenuates as muscle does.
    thigh_muscle_mm : (2,) float
        Half width and half depth of the muscles of a thigh at the perineum.
    trunk_muscle_mm : (2,) float
        Half width and half depth of the hips within the fat.
    septa_mm : float
        Thickness of the sheets of fat between muscles; 0 for none.
    """

    fat_mm: float = 16.0
    skin_mm: float = 1.5
    thigh_muscle_mm: tuple[float, float] = (70.0, 68.0)
    trunk_muscle_mm: tuple[float, float] = (160.0, 100.0)
    septa_mm: float = 1.2

    def __post_init__(self) -> None:
        check_not_negative(
            "a body", fat_mm=self.fat_mm, skin_mm=self.skin_mm, septa_mm=self.septa_mm
        )
        thigh, trunk = self.thigh_muscle_mm, self.trunk_muscle_mm
        check_positive("a thigh", half_width_mm=thigh[0], half_depth_mm=thigh[1])
        check_positive("a trunk", half_width_mm=trunk[0], half_depth_mm=trunk[1])


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Body:
    """The outline of a body, with what lies under its skin.

    Attributes
    ----------
    build : BodyBuild
        Its sizes.
    shafts : tuple of (2, 2), mm
        Straight line of each femur, as of `ScannedBone.shaft_line`.
    medial : tuple of float
        Direction of the middle along x for each of them.
    middle : (2,), mm
        Middle of the hips, x and y.
    perineum : float, mm
        Height at which the thighs part.
    """

    build: BodyBuild
    shafts: tuple[FloatArray, ...]
    medial: tuple[float, ...]
    middle: tuple[float, float]
    perineum: float

    @classmethod
    def round(cls, bones: Sequence[ScannedBone], build: BodyBuild) -> "Body":
        """Return the body round one femur or two, of which it has as many thighs."""
        heads = np.array([bone.head_centre for bone in bones])
        x = heads[:, 0].mean() if len(bones) > 1 else heads[0, 0] + bones[0].medial * _HALF_HIPS
        return cls(
            build=build,
            shafts=tuple(bone.shaft_line() for bone in bones),
            medial=tuple(bone.medial for bone in bones),
            middle=(float(x), float(heads[:, 1].mean()) + _POSTERIOR),
            perineum=float(heads[:, 2].mean()) - _PERINEUM_BELOW_HEAD,
        )

    @property
    def back(self) -> float:
        """The y coordinate of the lowest skin of the supine body, mm."""
        under = self.build.fat_mm + self.build.skin_mm
        trunk = self.middle[1] + self.build.trunk_muscle_mm[1]
        thighs = [
            (shaft[0, 1] * self.perineum + shaft[1, 1]) + _POSTERIOR + self.build.thigh_muscle_mm[1]
            for shaft in self.shafts
        ]
        return float(max(trunk, *thighs)) + under

    def paint(
        self, plane: Plane, hu: FloatArray, numbers: Mapping[str, float], septa: FloatArray | float
    ) -> FloatArray:
        """Return a plane with the body in it; `septa` is the share of fat within muscle."""
        muscle = self._muscle_distance(plane)
        fat = muscle - self.build.fat_mm
        skin = fat - self.build.skin_mm
        hu = blend(hu, numbers["muscle"], skin, plane.pixel)
        hu = blend(hu, numbers["fat"], fat, plane.pixel)
        within = numbers["muscle"] + (numbers["fat"] - numbers["muscle"]) * septa
        return blend(hu, within, muscle, plane.pixel)

    def _muscle_distance(self, plane: Plane) -> FloatArray:
        """Return the distance to the surface of the muscles, negative inside, mm."""
        parts = [
            self._thigh(plane, shaft, medial)
            for shaft, medial in zip(self.shafts, self.medial, strict=True)
        ]
        trunk = _ellipse(plane, self.middle, self.build.trunk_muscle_mm)
        above = np.maximum(trunk, np.float32(self.perineum - plane.z))
        for part in parts:
            above = smooth_union(above, part, _CREASE)
        return above

    def _thigh(self, plane: Plane, shaft: FloatArray, medial: float) -> FloatArray:
        # above the perineum the thigh goes straight on into the hips
        z = min(plane.z, self.perineum)
        x, y = shaft[0] * z + shaft[1]
        wide = 1.0 - _TAPER * min(max((self.perineum - plane.z) / 100.0, 0.0), 4.0)
        across, deep = (wide * axis for axis in self.build.thigh_muscle_mm)
        return _ellipse(plane, (x + medial * _MEDIAL, y + _POSTERIOR), (across, deep))


def _ellipse(
    plane: Plane, centre: tuple[float, float], semi_axes: tuple[float, float]
) -> FloatArray:
    """Return the distance to an ellipse, exact on its line to first order, mm."""
    u = ((plane.x - centre[0]) / semi_axes[0])[:, None]
    v = ((plane.y - centre[1]) / semi_axes[1])[None, :]
    scaled = np.sqrt(u**2 + v**2)
    slope = np.sqrt((u / semi_axes[0]) ** 2 + (v / semi_axes[1]) ** 2)
    return np.asarray(scaled * (scaled - 1.0) / np.maximum(slope, 1e-6), dtype=np.float32)
