"""Bones to be scanned, known exactly."""

from dataclasses import dataclass

import numpy as np

from femur_fea.domain import (
    BoolArray,
    DensityField,
    FloatArray,
    ImageGrid,
    LabelMask,
    Side,
    check_density_kind,
    check_same_grid,
    check_shape,
    read_only,
)
from femur_risk.scanner.resampling import axes_of, in_order

__all__ = ["ScannedBone", "mirrored"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ScannedBone:
    """A femur as it is, on a grid along the patient's axes, best finer than the scan.

    Attributes
    ----------
    density : DensityField
        Equivalent density of CaHA; read within the femur and the lesion only.
    femur : LabelMask
        The femur with its lesion, on the same grid.
    lesion : LabelMask or None
        The lesion on the same grid; it may reach beyond the femur.
    head_centre : (3,), mm
        Centre of the femoral head, LPS.
    head_radius : float, mm
        Radius of the head.
    side : {"left", "right"}
        Which femur.
    """

    density: DensityField
    femur: LabelMask
    lesion: LabelMask | None = None
    head_centre: FloatArray
    head_radius: float
    side: Side

    def __post_init__(self) -> None:
        check_density_kind(found=self.density.kind, expected="CaHA", where="a simulated scan")
        check_same_grid("the density", self.density.grid, "the femur", self.femur.grid)
        if self.lesion is not None:
            check_same_grid("the density", self.density.grid, "the lesion", self.lesion.grid)
        check_shape("head_centre", self.head_centre, (3,))
        object.__setattr__(self, "head_centre", read_only(np.asarray(self.head_centre, float)))

    @property
    def known(self) -> BoolArray:
        """Where the density holds, axes along x, y and z."""
        inside = self.femur.inside
        if self.lesion is not None:
            inside = inside | self.lesion.inside
        return in_order(self.femur.grid, inside)

    @property
    def medial(self) -> float:
        """Direction of the body's middle along x: 1 for a right femur, -1 for a left one."""
        return 1.0 if self.side == "right" else -1.0

    def shaft_line(self) -> FloatArray:
        """Return the straight line through the lower third of the bone, (2, 2), mm.

        Rows are slope and height zero, columns x and y, as of `numpy.polyfit` over z.
        """
        inside = in_order(self.femur.grid, self.femur.inside)
        x, y, z = axes_of(self.femur.grid)
        area = inside.sum(axis=(0, 1))
        there = np.flatnonzero(area)
        low = there[: max(2, there.size // 3)]
        across = inside[:, :, low].sum(axis=1).T @ x / area[low]
        down = inside[:, :, low].sum(axis=0).T @ y / area[low]
        return np.asarray(np.polyfit(z[low], np.stack([across, down], axis=1), 1))

    def extent(self) -> FloatArray:
        """Return the lowest and the highest coordinate of the femur along x, y and z, (2, 3)."""
        inside = in_order(self.femur.grid, self.femur.inside)
        ends = []
        for axis, line in enumerate(axes_of(self.femur.grid)):
            others = tuple(a for a in range(3) if a != axis)
            there = np.flatnonzero(inside.any(axis=others))
            ends.append((line[there[0]], line[there[-1]]))
        return np.array(ends).T


def mirrored(bone: ScannedBone, midline: float) -> ScannedBone:
    """Return the bone of the other side, mirrored at the plane x = `midline`, mm."""
    flip = np.diag([-1.0, 1.0, 1.0, 1.0])
    flip[0, 3] = 2.0 * midline
    grid = ImageGrid(shape=bone.femur.grid.shape, affine=flip @ bone.femur.grid.affine)
    lesion = bone.lesion
    return ScannedBone(
        density=DensityField(grid=grid, rho=bone.density.rho, kind=bone.density.kind),
        femur=LabelMask(grid=grid, inside=bone.femur.inside),
        lesion=None if lesion is None else LabelMask(grid=grid, inside=lesion.inside),
        head_centre=(flip @ np.append(bone.head_centre, 1.0))[:3],
        head_radius=bone.head_radius,
        side="left" if bone.side == "right" else "right",
    )
