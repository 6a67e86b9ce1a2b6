"""CT numbers and labels on an image grid."""

from collections.abc import Collection
from dataclasses import dataclass, field

import numpy as np

from femur_fea.domain.arrays import BoolArray, FloatArray, IntArray, check_shape, read_only
from femur_fea.domain.grid import ImageGrid

__all__ = ["Acquisition", "CTVolume", "LabelImage", "LabelMask"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Acquisition:
    """How the CT was made, as far as the file tells; None where it does not.

    Attributes
    ----------
    tube_voltage_kV : float or None
        Peak tube voltage.
    kernel : str or None
        Name of the reconstruction kernel.
    slice_thickness_mm : float or None
        Nominal slice thickness.
    contrast_agent : bool or None
        Whether contrast agent was given.
    exposure_mAs : float or None
        Tube current times time, mean of all slices.
    reconstruction_diameter_mm : float or None
        Diameter of the region that was reconstructed.
    gantry_tilt_deg : float or None
        Angle between the slices' normal and the way of the table, from the slices' positions.
    manufacturer, scanner_model : str or None
        Of the scanner.
    image_type : str or None
        Words by which the file tells an original image from one that was computed, as of
        `image_type_of`.
    beam_filter : str or None
        Metals in the beam that the file names, as of `filter_of`.
    """

    tube_voltage_kV: float | None = None
    kernel: str | None = None
    slice_thickness_mm: float | None = None
    contrast_agent: bool | None = None
    exposure_mAs: float | None = None
    reconstruction_diameter_mm: float | None = None
    gantry_tilt_deg: float | None = None
    manufacturer: str | None = None
    scanner_model: str | None = None
    image_type: str | None = None
    beam_filter: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CTVolume:
    """A CT image.

    Attributes
    ----------
    grid : ImageGrid
        Where the samples lie (LPS, mm).
    hu : (ni, nj, nk), HU
        CT numbers, read-only; any real type.
    acquisition : Acquisition
        Facts of the scan that calibration and quality flags need.
    outside : (ni, nj, nk), bool, or None
        True where nothing was measured: padding of the file, or beyond a tilted scan. The CT
        number there is that of air. None where that is not known or nowhere.
    """

    grid: ImageGrid
    hu: FloatArray | IntArray
    acquisition: Acquisition = field(default_factory=Acquisition)
    outside: BoolArray | None = None

    def __post_init__(self) -> None:
        check_shape("hu", self.hu, self.grid.shape)
        object.__setattr__(self, "hu", read_only(self.hu))
        if self.outside is not None:
            check_shape("outside", self.outside, self.grid.shape)
            object.__setattr__(self, "outside", read_only(self.outside))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class LabelMask:
    """Voxels that belong to one structure.

    Attributes
    ----------
    grid : ImageGrid
        Where the samples lie (LPS, mm).
    inside : (ni, nj, nk), bool
        True where the voxel's centre belongs to the structure; read-only.
    """

    grid: ImageGrid
    inside: BoolArray

    def __post_init__(self) -> None:
        check_shape("inside", self.inside, self.grid.shape)
        object.__setattr__(self, "inside", read_only(self.inside.astype(bool, copy=False)))

    @property
    def volume(self) -> float:
        """Volume of all voxels inside, mm3."""
        return float(self.inside.sum()) * self.grid.voxel_volume


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class LabelImage:
    """Voxels of several structures.

    Attributes
    ----------
    grid : ImageGrid
        Where the samples lie (LPS, mm).
    labels : (ni, nj, nk), whole numbers
        The structure that each voxel's centre belongs to; read-only.
    """

    grid: ImageGrid
    labels: IntArray

    def __post_init__(self) -> None:
        check_shape("labels", self.labels, self.grid.shape)
        object.__setattr__(self, "labels", read_only(self.labels))

    def mask_of(self, labels: Collection[int]) -> LabelMask:
        """Return the voxels that have one of `labels`."""
        return LabelMask(grid=self.grid, inside=np.isin(self.labels, list(labels)))
