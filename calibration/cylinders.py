"""Straight, even cylinders along a scan: what rods of a phantom look like, and little else does."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from calibration.disks import Disk, find_disks
from femur_fea.domain import CTVolume, FloatArray

__all__ = ["Cylinder", "find_cylinders"]

_MAX_SLABS = 12
_SLAB_STEP = 8.0  # mm; short scans have as many slabs as fit
_SLAB_THICKNESS = 12.0  # mm
_MIN_SLABS = 3
_MAX_TILT = 0.15  # of length: 8.5 degrees
_MAX_WANDER = 1.5  # mm from a straight line
_MAX_RADIUS_CHANGE = 1.0  # mm
_MAX_HU_CHANGE = 40.0  # HU between neighbouring slabs, by noise and by what lies above


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Cylinder:
    """A straight, even cylinder along the long axis of a scan.

    Attributes
    ----------
    centre : (2,), mm
        Where its axis passes at half the height at which it was seen, in the plane of slices,
        from the centre of their first pixel.
    tilt : (2,)
        How far its axis moves along both axes of the slices per length along the scan.
    height : (2,), mm
        Lowest and highest position along the scan at which it was seen, from the first slice.
    radius : float, mm
        Radius.
    hu : float, HU
        CT number of its core, roughly.
    rim : float
        Fraction of its rim at which there is an edge.
    """

    centre: FloatArray
    tilt: FloatArray
    height: FloatArray
    radius: float
    hu: float
    rim: float

    def at(self, height: FloatArray) -> FloatArray:
        """Return where its axis passes at heights, shape (n, 2), mm."""
        above = np.asarray(height, dtype=float) - self.height.mean()
        return np.asarray(self.centre + above[:, None] * self.tilt)


type _Seen = tuple[float, Disk]


def find_cylinders(ct: CTVolume, radius_range: tuple[float, float]) -> tuple[Cylinder, ...]:
    """Return the cylinders along the third axis of a scan, those seen longest first.

    Parameters
    ----------
    ct : CTVolume
        The scan, with slices along its third axis.
    radius_range : (2,), mm
        Smallest and largest radius.
    """
    tracks: list[list[_Seen]] = []
    before: list[float] = []
    for height, picture, pixel in _slabs(ct):
        disks = find_disks(picture, pixel, radius_range)
        # a rod may be hidden in one slab
        open_tracks = [track for track in tracks if track[-1][0] in before[-2:]]
        tracks += _continued(open_tracks, [(height, disk) for disk in disks])
        before.append(height)
    cylinders = [_cylinder(track) for track in tracks if len(track) >= _MIN_SLABS]
    straight = [cylinder for cylinder in cylinders if cylinder is not None]
    return tuple(sorted(straight, key=lambda cylinder: -float(np.ptp(cylinder.height))))


def _slabs(ct: CTVolume) -> "list[tuple[float, FloatArray, tuple[float, float]]]":
    """Return height, mean picture and pixel of slabs all along a scan."""
    n_slices = ct.grid.shape[2]
    spacing = ct.grid.spacing
    extent = n_slices * spacing[2]
    n_slabs = int(np.clip(extent / _SLAB_STEP, 1, min(_MAX_SLABS, n_slices)))
    thick = int(np.clip(round(_SLAB_THICKNESS / spacing[2]), 1, n_slices))
    first = np.rint(np.linspace(0, n_slices - thick, n_slabs)).astype(int)
    return [
        (
            float(spacing[2] * (start + (thick - 1) / 2.0)),
            np.mean(ct.hu[:, :, start : start + thick], axis=2, dtype=np.float64),
            (float(spacing[0]), float(spacing[1])),
        )
        for start in first
    ]


def _continued(tracks: Sequence[list[_Seen]], seen: Sequence[_Seen]) -> list[list[_Seen]]:
    """Add each disk to the track that it continues, and return those that begin."""
    free, begun = list(tracks), []
    for height, disk in seen:
        near = [track for track in free if _follows(track[-1], (height, disk))]
        if near:
            best = min(near, key=lambda track: _apart(track[-1][1], disk))
            best.append((height, disk))
            free = [track for track in free if track is not best]
        else:
            begun.append([(height, disk)])
    return begun


def _follows(before: _Seen, after: _Seen) -> bool:
    rise = after[0] - before[0]
    return (
        _apart(before[1], after[1]) <= _MAX_TILT * rise + _MAX_WANDER
        and abs(before[1].radius - after[1].radius) <= _MAX_RADIUS_CHANGE
        and abs(before[1].hu - after[1].hu) <= _MAX_HU_CHANGE
    )


def _apart(one: Disk, other: Disk) -> float:
    return float(np.hypot(one.u - other.u, one.v - other.v))


def _cylinder(track: Sequence[_Seen]) -> Cylinder | None:
    """Return the straight cylinder through the disks of a track, None where it bends."""
    height = np.array([seen[0] for seen in track])
    centres = np.array([(disk.u, disk.v) for _, disk in track])
    above = height - (height[0] + height[-1]) / 2.0
    tilt, centre = np.polyfit(above, centres, 1)
    wander = np.hypot(*(centres - centre - above[:, None] * tilt).T)
    if np.median(wander) > _MAX_WANDER / 2.0 or np.hypot(*tilt) > _MAX_TILT:
        return None
    disks = [disk for _, disk in track]
    return Cylinder(
        centre=centre,
        tilt=tilt,
        height=np.array([height[0], height[-1]]),
        radius=float(np.median([disk.radius for disk in disks])),
        hu=float(np.median([disk.hu for disk in disks])),
        rim=float(np.median([disk.rim for disk in disks])),
    )
