"""A stub of the pelvis: the socket round a femoral head, ilium, pubis and ischium.

Round bodies put together by eye, so that a head does not lie alone in muscle; no hip is like it.
"""

from dataclasses import dataclass

import numpy as np

from femur_fea.domain import FloatArray
from femur_risk.scanner.bone import ScannedBone
from femur_risk.scanner.checks import check_positive
from femur_risk.scanner.plane import Plane, blend
from meshing.distance import round_cone

__all__ = ["PelvisBuild", "Socket"]

# mm medial, posterior and up from the head's centre, with radii: begin and end of every branch
_BRANCHES = (
    ((12.0, 8.0, 30.0), (8.0, 38.0, 135.0), 17.0, 9.0),  # ilium
    ((28.0, -10.0, -2.0), (78.0, -30.0, -28.0), 9.0, 7.0),  # pubis
    ((20.0, 22.0, -14.0), (34.0, 30.0, -85.0), 13.0, 10.0),  # ischium
)
_OPENS = (-0.66, -0.25, -0.71)  # lateral, anterior and down, as sockets are usually inclined
_COVER = 0.1  # cosine: how far beyond the half of the head the socket does not reach
_REACH = 95.0  # mm from the head's centre to the end of the branches, in a slice
_HEIGHTS = (-100.0, 150.0)  # mm above the head's centre


@dataclass(frozen=True, slots=True, kw_only=True)
class PelvisBuild:
    """Sizes and densities of the stub.

    Attributes
    ----------
    gap_mm : float
        Cartilage between head and socket, which attenuates as muscle does.
    wall_mm : float
        Thickness of the socket.
    cortex_mm : float
        Thickness of compact bone on every surface.
    cortex, spongy : float, g/cm3
        Densities of CaHA of compact bone and of what it encloses.
    """

    gap_mm: float = 3.5
    wall_mm: float = 16.0
    cortex_mm: float = 1.6
    cortex: float = 0.85
    spongy: float = 0.20

    def __post_init__(self) -> None:
        check_positive(
            "a pelvis", gap_mm=self.gap_mm, wall_mm=self.wall_mm, cortex_mm=self.cortex_mm
        )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Socket:
    """The stub round one head.

    Attributes
    ----------
    build : PelvisBuild
        Sizes and densities.
    centre : (3,), mm
        Centre of the head, LPS.
    radius : float, mm
        Radius of the head.
    medial : float
        Direction of the body's middle along x.
    """

    build: PelvisBuild
    centre: FloatArray
    radius: float
    medial: float

    @classmethod
    def of(cls, bone: ScannedBone, build: PelvisBuild) -> "Socket":
        """Return the stub round the head of a femur."""
        return cls(
            build=build, centre=bone.head_centre, radius=bone.head_radius, medial=bone.medial
        )

    def paint(self, plane: Plane, hu: FloatArray, compact_hu: float, spongy_hu: float) -> None:
        """Put the stub into a plane of CT numbers, in place."""
        above = plane.z - float(self.centre[2])
        if not _HEIGHTS[0] < above < _HEIGHTS[1]:
            return
        middle = (float(self.centre[0]) + 0.4 * self.medial * _REACH, float(self.centre[1]))
        window = plane.near(middle, (_REACH, _REACH))
        if window.is_empty:
            return
        distance = self._distance(window.plane)
        part = blend(hu[window.where], compact_hu, distance, plane.pixel)
        hu[window.where] = blend(part, spongy_hu, distance + self.build.cortex_mm, plane.pixel)

    def _distance(self, plane: Plane) -> FloatArray:
        local = (plane.points() - self.centre.astype(np.float32)) * np.array(
            [self.medial, 1.0, 1.0], dtype=np.float32
        )
        inner = self.radius + self.build.gap_mm
        away = np.linalg.norm(local, axis=-1)
        toward = local @ np.array(_OPENS, dtype=np.float32)
        shell = np.maximum(away - inner - self.build.wall_mm, toward - _COVER * away)
        for start, end, first, last in _BRANCHES:
            shell = np.minimum(shell, round_cone(local, start, end, first, last))
        return np.asarray(np.maximum(shell, inner - away))
