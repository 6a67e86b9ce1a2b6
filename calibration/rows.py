"""Which cylinders in a scan are the rods of a phantom, and which rod each of them is."""

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from calibration.curve import INTERCEPT_RANGE, SLOPE_RANGE
from calibration.cylinders import Cylinder
from calibration.phantoms import PHANTOMS, Phantom
from femur_fea.domain import FloatArray
from femur_fea.errors import CalibrationError

__all__ = ["MIN_R2", "OWN_R2", "find_rods", "fitting_phantoms"]

MIN_R2 = 0.99  # of the line through the rods: below it they are none of that phantom
OWN_R2 = 0.999  # which a phantom and its own record reach, in simulated scans

_MAX_RADIUS_DIFFERENCE = 1.5  # mm
_MAX_TILT_DIFFERENCE = 0.03  # rods of a phantom are parallel
_MAX_OFF_ROW = 2.5  # mm
_PITCH_RANGE = (1.9, 8.0)  # radii between neighbours
_MAX_SLOPE_OF_ROW = 0.4  # the phantom lies on the table: 22 degrees
_MAX_IN_ROW = 12  # the longest; more are no phantom, and their combinations grow without bound
_MIN_OF_ABSENT = 3  # rods, from which an absent one can be told


@dataclass(frozen=True, slots=True, kw_only=True)
class _Match:
    """Cylinders taken for rods, and how well the CT numbers agree."""

    rods: tuple[int, ...]
    cylinders: tuple[Cylinder, ...]
    slope: float
    r2: float


def find_rods(cylinders: Sequence[Cylinder], phantom: Phantom) -> dict[int, Cylinder]:
    """Return the cylinder of each rod of a phantom, by the rod's place in the record.

    Rods are parallel, of one size, side by side, and their CT numbers lie on a line over their
    densities. One rod may be absent where three or more remain.

    Parameters
    ----------
    cylinders
        Those found in the scan, the longest first.
    phantom
        The phantom that is expected.

    Raises
    ------
    CalibrationError
        If there is no such row, with the row that there is and the phantom that it fits; or if
        its rods lie in another order than in the record.
    """
    rows = list(_rows(cylinders))
    best = _best_match(rows, phantom)
    if best is None:
        raise _not_found(rows, phantom)
    _check_order(best, phantom)
    return dict(zip(best.rods, best.cylinders, strict=True))


def fitting_phantoms(
    cylinders: Sequence[Cylinder],
    slopes: tuple[float, float],
    *,
    least_rods: int = 0,
    least_r2: float = MIN_R2,
) -> tuple[str, ...]:
    """Return the names of all phantoms of which there is a row, with a slope within a range.

    Parameters
    ----------
    cylinders
        Those found in the scan, the longest first.
    slopes : (2,), g/cm3 per HU
        Smallest and largest slope of their lines.
    least_rods : int
        How many of its rods must be there.
    least_r2 : float
        How well they must lie on their line.

    Returns
    -------
    tuple of str
        Names of records, the one first that explains the most cylinders, and of such the one
        whose line fits best.
    """
    rows = list(_rows(cylinders))
    matches = {name: _best_match(rows, phantom) for name, phantom in PHANTOMS.items()}
    fitting = {
        name: (len(match.rods), match.r2)
        for name, match in matches.items()
        if match is not None
        and slopes[0] <= match.slope <= slopes[1]
        and len(match.rods) >= least_rods
        and match.r2 >= least_r2
    }
    return tuple(sorted(fitting, key=lambda name: fitting[name], reverse=True))


def _rows(cylinders: Sequence[Cylinder]) -> Iterator[tuple[Cylinder, ...]]:
    """Yield the sets of parallel cylinders of one size that lie side by side, in their order."""
    seen = set()
    for one, other in itertools.combinations(range(len(cylinders)), 2):
        members = _members(cylinders, cylinders[one], cylinders[other])
        if len(members) > 1 and members not in seen:
            seen.add(members)
            yield tuple(cylinders[n] for n in members)


def _members(cylinders: Sequence[Cylinder], one: Cylinder, other: Cylinder) -> tuple[int, ...]:
    height = np.array([(one.height.mean() + other.height.mean()) / 2.0])
    start, along = one.at(height)[0], (other.at(height) - one.at(height))[0]
    distance = float(np.hypot(*along))
    alike = _alike(one, other) and distance > _PITCH_RANGE[0] * one.radius
    if not alike or abs(along[1]) > _MAX_SLOPE_OF_ROW * abs(along[0]):
        return ()
    along = along / distance
    on_row = []
    for n, cylinder in enumerate(cylinders):
        aside = cylinder.at(height)[0] - start
        off = abs(float(along[0] * aside[1] - along[1] * aside[0]))
        if off < _MAX_OFF_ROW and _alike(one, cylinder) and _alike(other, cylinder):
            on_row.append((float(along @ aside), n))
    longest = sorted(on_row, key=lambda place: place[1])[:_MAX_IN_ROW]
    return tuple(n for _, n in sorted(longest))


def _alike(one: Cylinder, other: Cylinder) -> bool:
    return bool(
        abs(one.radius - other.radius) < _MAX_RADIUS_DIFFERENCE
        and np.abs(one.tilt - other.tilt).max() < _MAX_TILT_DIFFERENCE
    )


def _best_match(rows: Sequence[Sequence[Cylinder]], phantom: Phantom) -> _Match | None:
    """Return the best match with all rods; without such, the best with one absent.

    Any two cylinders lie on a line: those of a longer row are no phantom of two rods.
    """
    n_rods = len(phantom.rods)
    for n_seen in (n_rods, n_rods - 1):
        if n_seen < n_rods and n_seen < _MIN_OF_ABSENT:
            continue
        matches = [
            _match(chosen, rods, phantom)
            for row in rows
            if n_seen > 2 or len(row) == 2
            for chosen in itertools.combinations(row, n_seen)
            if _evenly_apart(chosen, n_rods)
            for rods in itertools.combinations(range(n_rods), n_seen)
        ]
        good = [match for match in matches if match is not None]
        if good:
            return max(good, key=lambda match: match.r2)
    return None


def _evenly_apart(chosen: Sequence[Cylinder], n_rods: int) -> bool:
    """Whether neighbours are neither one in the other nor farther apart than in any phantom."""
    height = np.array([chosen[0].height.mean()])
    places = np.concatenate([cylinder.at(height) for cylinder in chosen])
    gaps = np.hypot(*np.diff(places, axis=0).T) / chosen[0].radius
    # an absent rod leaves a gap twice as wide
    widest = _PITCH_RANGE[1] * (1 if len(chosen) == n_rods else 2)
    return bool(gaps.min() > _PITCH_RANGE[0] and gaps.max() < widest)


def _match(chosen: Sequence[Cylinder], rods: Sequence[int], phantom: Phantom) -> _Match | None:
    """Return the rods in their order by CT number, None where they lie on no scanner's line."""
    by_hu = sorted(chosen, key=lambda cylinder: cylinder.hu)
    typical = phantom.typical_hu()
    in_order = sorted(rods, key=lambda n: float(typical[n]))
    hu = np.array([cylinder.hu for cylinder in by_hu]) - phantom.excess_hu()[in_order]
    rho = np.array([phantom.rods[n].rho for n in in_order])
    slope, intercept, r2 = _line(hu, rho)
    plausible = (
        SLOPE_RANGE[0] <= slope <= SLOPE_RANGE[1]
        and INTERCEPT_RANGE[0] <= intercept <= INTERCEPT_RANGE[1]
        and r2 >= MIN_R2
    )
    if not plausible:
        return None
    return _Match(rods=tuple(in_order), cylinders=tuple(by_hu), slope=slope, r2=r2)


def _line(hu: FloatArray, rho: FloatArray) -> tuple[float, float, float]:
    if np.ptp(hu) < 1.0:
        return 0.0, 0.0, 0.0
    slope, intercept = np.polyfit(hu, rho, 1)
    left = np.sum((rho - intercept - slope * hu) ** 2)
    return float(slope), float(intercept), 1.0 - float(left / np.sum((rho - rho.mean()) ** 2))


def _check_order(match: _Match, phantom: Phantom) -> None:
    height = np.array([match.cylinders[0].height.mean()])
    place = [cylinder.at(height)[0, 0] for cylinder in match.cylinders]
    along = [match.rods[n] for n in np.argsort(place)]
    if phantom.side_by_side and along not in (sorted(along), sorted(along, reverse=True)):
        names = ", ".join(phantom.rods[n].name for n in along)
        raise CalibrationError(
            found=f"rods of the phantom {phantom.label} side by side in the order {names}",
            expected=f"the order {', '.join(rod.name for rod in phantom.rods)} from either end",
            remedy="check which phantom it is and its certificate, or give the regions of the rods",
        )


def _not_found(rows: Sequence[Sequence[Cylinder]], phantom: Phantom) -> CalibrationError:
    """Return the error that says which row of cylinders there is instead, if there is one."""
    n_rods = len(phantom.rods)
    expected = f"{n_rods} parallel round rods side by side, those of the {phantom.label}"
    if not rows:
        return CalibrationError(
            found="no row of parallel, even cylinders in the scan, so no phantom",
            expected=expected,
            remedy="check that the phantom lies within the reconstructed field along the bone, or "
            "calibrate by another method",
        )
    row = max(rows, key=len)
    numbers = ", ".join(f"{cylinder.hu:.0f}" for cylinder in row)
    fitting = [name for name, other in PHANTOMS.items() if _best_match([row], other) is not None]
    hint = f"is it {' or '.join(repr(name) for name in fitting)}? " if fitting else ""
    return CalibrationError(
        found=f"a row of {len(row)} cylinders with {numbers} HU, which are no {phantom.label}",
        expected=f"{expected}, with CT numbers on a line over their densities (R2 of {MIN_R2:g})",
        remedy=f"{hint}Check the phantom's name and certificate, and that all of it lies within "
        "the reconstructed field, or give the regions of its rods",
    )
