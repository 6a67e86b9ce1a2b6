"""Where a lesion lies in the sections of a bone: widths, and which part of the cortex it takes."""

from dataclasses import dataclass

import numpy as np
from scipy import ndimage

from femur_fea.domain import BoolArray, FloatArray, LabelMask, check_same_grid, read_only
from femur_fea.errors import OutOfRangeError
from femur_fea.strength import SectionPlanes

__all__ = ["CORTEX_DEPTH", "N_SECTORS", "LesionSections", "cut_lesion"]

# Choices: the sources measure on radiographs and single slices, and do not say how deep a lesion
# must go. Cortex is the outermost 3 mm, a sector is involved where half of it is lesion.
CORTEX_DEPTH = 3.0  # mm
N_SECTORS = 36
_INVOLVED = 0.5
_SAMPLING = 0.5  # mm


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class LesionSections:
    """A lesion in the sections of a bone.

    Attributes
    ----------
    position : (n_sections,), mm
        Arc length of each section along the bone.
    bone_width, lesion_width : (n_sections, 2), mm
        Extent along the two axes of each section: what two radiographs at right angles show.
    involved : (n_sections, 36), bool
        Which sectors of the cortex the lesion takes.
    """

    position: FloatArray
    bone_width: FloatArray
    lesion_width: FloatArray
    involved: BoolArray

    def __post_init__(self) -> None:
        for name in ("position", "bone_width", "lesion_width", "involved"):
            object.__setattr__(self, name, read_only(getattr(self, name)))

    @property
    def widest_share(self) -> float:
        """Largest width of the lesion over that of the bone in the same view; 0 without it."""
        shares = np.divide(
            self.lesion_width,
            self.bone_width,
            out=np.zeros_like(self.lesion_width),
            where=self.bone_width > 0.0,
        )
        return float(shares.max())

    @property
    def circumferential(self) -> float:
        """Largest share of a section's circumference whose cortex is involved."""
        return float(self.involved.mean(axis=1).max())

    @property
    def axial(self) -> float:
        """Length along the bone of the longest line of involved cortex, mm."""
        step = float(np.median(np.diff(self.position)))
        longest = max(_longest_run(column) for column in self.involved.T)
        return step * longest


def cut_lesion(
    femur: LabelMask, lesion: LabelMask, planes: SectionPlanes, *, reach: float
) -> LesionSections:
    """Return where the lesion lies in sections of the bone.

    Parameters
    ----------
    femur, lesion : LabelMask
        On one grid.
    planes : SectionPlanes
        At least two sections, equally far apart.
    reach : float, mm
        Radius of the disc around each plane's centre that is looked at.

    Raises
    ------
    ShapeError
        If the masks have different grids.
    OutOfRangeError
        If there is one section only, or one without bone.
    """
    check_same_grid("lesion", lesion.grid, "femur", femur.grid)
    if len(planes.position) < 2:
        raise OutOfRangeError(
            found=f"{len(planes.position)} section", expected="at least 2", remedy="cut more"
        )
    images = femur.inside.astype(np.float32), lesion.inside.astype(np.float32)
    rows = [
        _cut(images, femur, centre, axes, reach)
        for centre, axes in zip(planes.centre, planes.axes, strict=True)
    ]
    bone_width, lesion_width, involved = (np.array(column) for column in zip(*rows, strict=True))
    return LesionSections(
        position=planes.position,
        bone_width=bone_width,
        lesion_width=lesion_width,
        involved=involved,
    )


def _cut(
    images: tuple[FloatArray, FloatArray],
    femur: LabelMask,
    centre: FloatArray,
    axes: FloatArray,
    reach: float,
) -> tuple[FloatArray, FloatArray, BoolArray]:
    ticks = np.arange(-reach, reach + 0.5 * _SAMPLING, _SAMPLING)
    offsets = np.stack(np.meshgrid(ticks, ticks, indexing="ij"), axis=-1)
    bone, ill = (_sampled(image, femur, centre + offsets @ axes) for image in images)
    if not bone.any():
        x, y, z = centre
        raise OutOfRangeError(
            found=f"a section without bone at ({x:.1f}, {y:.1f}, {z:.1f}) mm",
            expected="bone in every section",
            remedy="check that planes and mask belong together",
        )
    middle = offsets[bone].mean(axis=0)
    involved = _involved(images, femur, centre + middle @ axes, axes, reach)
    return _widths(bone), _widths(ill & bone), involved


def _widths(mask: BoolArray) -> FloatArray:
    """Return the extents of a mask along both axes of its section, mm."""
    return np.array([_SAMPLING * np.count_nonzero(mask.any(axis=1 - axis)) for axis in (0, 1)])


def _involved(
    images: tuple[FloatArray, FloatArray],
    femur: LabelMask,
    middle: FloatArray,
    axes: FloatArray,
    reach: float,
) -> BoolArray:
    """Return which sectors of the cortex, seen from the middle of the bone, are lesion, (36,)."""
    angles = 2.0 * np.pi * (np.arange(N_SECTORS) + 0.5) / N_SECTORS
    radii = np.arange(0.0, reach, _SAMPLING)
    rays = np.stack([np.cos(angles), np.sin(angles)], axis=1) @ axes
    points = middle + radii[None, :, None] * rays[:, None]
    bone, ill = (_sampled(image, femur, points) for image in images)
    outer = np.where(bone, radii, -1.0).max(axis=1)
    cortex = bone & (radii > outer[:, None] - CORTEX_DEPTH)
    share = (ill & cortex).sum(axis=1) / np.maximum(cortex.sum(axis=1), 1)
    return np.asarray(share >= _INVOLVED)


def _sampled(image: FloatArray, femur: LabelMask, points: FloatArray) -> BoolArray:
    index = femur.grid.to_index(points.reshape(-1, 3)).T
    values = ndimage.map_coordinates(image, index, order=1)
    return np.asarray(values.reshape(points.shape[:-1]) > 0.5)


def _longest_run(flags: BoolArray) -> int:
    edges = np.flatnonzero(np.diff(np.concatenate([[False], flags, [False]])))
    return int(np.max(edges[1::2] - edges[::2], initial=0))
