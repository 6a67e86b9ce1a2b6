"""Round, uniform spots in a picture: cross-sections of rods."""

from dataclasses import dataclass

import numpy as np

from femur_fea.domain import FloatArray, IntArray

__all__ = ["Disk", "find_disks"]

_SMOOTHING = 1.0  # mm
_MIN_GRADIENT = 4.0  # HU per mm: a step of 15 HU, smoothed; below it lie streaks and shading
_RADIUS_STEP = 1.0  # mm; each radius takes the rims within 1 mm of it
_BIN = 1.5  # mm, width of the cells that take votes
_ENOUGH_VOTES = 0.5  # of those of a full circle
_SECTORS = 24
_MIN_SECTORS = 0.7  # of the rim that must be an edge: neighbours and the phantom's face hide some
_CORE = 0.6  # of the radius, within which blur does not reach
_MAX_UNEVENNESS = 20.0  # HU between quarters of a rod, by cupping and scatter
_UNEVEN_BY_NOISE = 8.0  # mm: four standard errors of a quarter over the gradients of noise
_TISSUE = (-300.0, 2500.0)  # HU; rods are neither air nor metal
_MAX_PEAKS = 80


@dataclass(frozen=True, slots=True, kw_only=True)
class Disk:
    """A round, uniform spot.

    Attributes
    ----------
    u, v : float, mm
        Centre along the two axes of the picture, from the centre of its first pixel.
    radius : float, mm
        Radius.
    hu : float, HU
        Mean CT number of its core.
    rim : float
        Fraction of its rim at which there is an edge.
    """

    u: float
    v: float
    radius: float
    hu: float
    rim: float


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Edges:
    """Pixels at which the picture changes most, and the direction in which it rises there.

    `noise` is the gradient that noise alone makes, HU per mm, and `per_length` how many pixels
    there are along one mm of an edge.
    """

    at: FloatArray
    rising: FloatArray
    noise: float
    per_length: float


def find_disks(
    picture: FloatArray, pixel: tuple[float, float], radius_range: tuple[float, float]
) -> tuple[Disk, ...]:
    """Return the disks in a picture, those with the most complete rim first.

    Every edge pixel votes for the two points at a radius from it along the gradient (the Hough
    transform for circles). A disk is a peak of votes whose rim is an edge almost all round and
    whose core is even.

    Parameters
    ----------
    picture : (nu, nv), HU
        Mean of a few slices.
    pixel : (2,), mm
        Width of a pixel along both axes.
    radius_range : (2,), mm
        Smallest and largest radius.
    """
    from scipy.ndimage import gaussian_filter

    smooth = gaussian_filter(picture, [_SMOOTHING / width for width in pixel], mode="nearest")
    edges = _edges(smooth, pixel)
    found: list[Disk] = []
    for disk in sorted(_candidates(smooth, edges, pixel, radius_range), key=lambda d: -d.rim):
        if all(np.hypot(disk.u - d.u, disk.v - d.v) > max(disk.radius, d.radius) for d in found):
            found.append(disk)
    return tuple(found)


def _edges(smooth: FloatArray, pixel: tuple[float, float]) -> _Edges:
    """Return the pixels whose gradient is large, and largest along its own direction."""
    from scipy.ndimage import map_coordinates

    du, dv = np.gradient(smooth, *pixel)
    steepness = np.hypot(du, dv)
    in_tissue = steepness[smooth > _TISSUE[0]]
    # the quieter quarter of what is not air shows the noise
    noise = float(np.percentile(in_tissue, 25)) if in_tissue.size else 0.0
    strong = np.argwhere(steepness > max(_MIN_GRADIENT, 3.0 * noise))
    height = steepness[tuple(strong.T)]
    rising = np.stack([du[tuple(strong.T)], dv[tuple(strong.T)]], axis=1) / height[:, None]
    step = rising * min(pixel) / np.asarray(pixel)
    beside = [
        map_coordinates(steepness, (strong + sign * step).T, order=1, mode="nearest")
        for sign in (-1.0, 1.0)
    ]
    crest = (height >= beside[0]) & (height >= beside[1])
    return _Edges(
        at=strong[crest] * np.asarray(pixel),
        rising=rising[crest],
        noise=noise,
        per_length=1.0 / max(pixel),
    )


def _candidates(
    smooth: FloatArray,
    edges: _Edges,
    pixel: tuple[float, float],
    radius_range: tuple[float, float],
) -> list[Disk]:
    disks = []
    size = np.multiply(smooth.shape, pixel)
    for radius in np.arange(radius_range[0], radius_range[1] + 1e-9, _RADIUS_STEP):
        for sign in (-1.0, 1.0):
            for centre in _peaks(size, edges, sign * float(radius)):
                disk = _judge(smooth, edges, pixel, centre, sign * float(radius))
                if disk is not None:
                    disks.append(disk)
    return disks


def _peaks(size: FloatArray, edges: _Edges, reach: float) -> FloatArray:
    """Return where many edges meet at a signed distance along their gradient, shape (n, 2), mm."""
    from scipy.ndimage import maximum_filter, uniform_filter

    shape = np.ceil(size / _BIN).astype(int) + 1
    index = np.rint((edges.at + reach * edges.rising) / _BIN).astype(int)
    index = index[((index >= 0) & (index < shape)).all(axis=1)]
    votes = np.bincount(np.ravel_multi_index(tuple(index.T), shape), minlength=int(shape.prod()))
    box = uniform_filter(votes.reshape(shape).astype(float), 3, mode="constant") * 9.0
    enough = _ENOUGH_VOTES * 2.0 * np.pi * abs(reach) * edges.per_length
    peaks = np.argwhere((box >= enough) & (box == maximum_filter(box, 3)))
    order = np.argsort(-box[tuple(peaks.T)])[:_MAX_PEAKS]
    return np.asarray(peaks[order] * _BIN)


def _judge(
    smooth: FloatArray,
    edges: _Edges,
    pixel: tuple[float, float],
    centre: FloatArray,
    reach: float,
) -> Disk | None:
    """Return the disk round a peak of votes, None where its rim or core is not that of a rod."""
    near = np.flatnonzero(np.abs(edges.at - centre).max(axis=1) < abs(reach) + 4.0)
    rim, radius, centre = _rim(edges.at[near], edges.rising[near], centre, reach)
    if rim < _MIN_SECTORS:
        return None
    values, quarter = _core(smooth, pixel, centre, _CORE * radius)
    quarters = [values[quarter == n].mean() for n in range(4) if np.any(quarter == n)]
    allowed = max(_MAX_UNEVENNESS, _UNEVEN_BY_NOISE * edges.noise)
    if len(quarters) < 4 or np.ptp(quarters) > allowed:
        return None
    hu = float(values.mean())
    if not _TISSUE[0] < hu < _TISSUE[1]:
        return None
    return Disk(u=float(centre[0]), v=float(centre[1]), radius=radius, hu=hu, rim=rim)


def _rim(
    at: FloatArray, rising: FloatArray, centre: FloatArray, reach: float
) -> tuple[float, float, FloatArray]:
    """Return in which fraction of sectors the rim is an edge, and radius and centre refined."""
    for _ in range(3):
        aside = at - centre
        distance = np.hypot(*aside.T)
        inward = -np.einsum("ij,ij->i", aside, rising) / np.maximum(distance, 1e-9)
        on_rim = (np.abs(distance - abs(reach)) < 1.0) & (np.sign(reach) * inward > 0.9)
        if not on_rim.any():
            return 0.0, abs(reach), centre
        sector = _sector(aside[on_rim])
        meets = (at + reach * rising)[on_rim]
        # sector by sector, so that a side with more edge pixels does not draw the centre
        present = np.unique(sector)
        centre = np.mean([meets[sector == n].mean(axis=0) for n in present], axis=0)
    return present.size / _SECTORS, float(np.median(distance[on_rim])), centre


def _sector(aside: FloatArray) -> IntArray:
    turn = np.arctan2(aside[:, 1], aside[:, 0]) / (2.0 * np.pi) + 0.5
    return np.asarray(np.minimum((turn * _SECTORS).astype(int), _SECTORS - 1))


def _core(
    smooth: FloatArray, pixel: tuple[float, float], centre: FloatArray, radius: float
) -> tuple[FloatArray, IntArray]:
    """Return the values within a radius, and the quarter in which each of them lies."""
    reach = np.ceil(radius / np.asarray(pixel)).astype(int) + 1
    middle = np.rint(centre / pixel).astype(int)
    low, high = np.maximum(middle - reach, 0), np.minimum(middle + reach + 1, smooth.shape)
    u = np.arange(low[0], high[0])[:, None] * pixel[0] - centre[0]
    v = np.arange(low[1], high[1])[None, :] * pixel[1] - centre[1]
    inside = u**2 + v**2 <= radius**2
    quarter = 2 * (u > 0.0) + (v > 0.0)
    return smooth[low[0] : high[0], low[1] : high[1]][inside], quarter[inside]
