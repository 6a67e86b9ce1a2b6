"""Everything that a simulated scan depends on, beside the patient and the seed."""

from dataclasses import dataclass, field

from femur_fea.errors import OutOfRangeError
from femur_risk.scanner.hardening import BeamHardening
from femur_risk.scanner.kernels import KERNELS, Kernel
from femur_risk.scanner.metal import MetalArtefact
from femur_risk.scanner.noise import Noise
from femur_risk.scanner.rays import RayFault
from femur_risk.scanner.truncation import Truncation
from femur_risk.scanner.tube import Tube, tube_at
from femur_risk.scanner.view import FieldOfView

__all__ = ["ScannerSettings"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ScannerSettings:
    """A scanner and a protocol.

    Attributes
    ----------
    tube : Tube
        The beam.
    kernel : Kernel
        Point spread within a slice.
    slice_thickness_mm : float
        Height over which a slice is a mean.
    view : FieldOfView
        What is reconstructed.
    noise : Noise or None
        Its level; None for an image without noise.
    hardening, metal, truncation : optional
        What makes rays wrong; None where they are right.
    pads_corners : bool
        Whether what lies outside the circle of reconstruction is marked as not measured.
    stored_HU : (2,) float
        Lowest and highest CT number that the image can hold; others become these.
    """

    tube: Tube = field(default_factory=lambda: tube_at(120.0))
    kernel: Kernel = KERNELS["standard"]
    slice_thickness_mm: float = 1.0
    view: FieldOfView = field(default_factory=FieldOfView)
    noise: Noise | None = field(default_factory=Noise)
    hardening: BeamHardening | None = None
    metal: MetalArtefact | None = None
    truncation: Truncation | None = None
    pads_corners: bool = False
    stored_HU: tuple[float, float] = (-1024.0, 3071.0)

    def __post_init__(self) -> None:
        low, high = self.stored_HU
        if not 0.1 <= self.slice_thickness_mm <= 20.0:
            raise OutOfRangeError(
                found=f"slices {self.slice_thickness_mm:g} mm thick",
                expected="between 0.1 and 20 mm",
                remedy="check the unit",
            )
        if not -32768.0 <= low < high <= 32767.0:
            raise OutOfRangeError(
                found=f"stored CT numbers from {low:g} to {high:g} HU",
                expected="a range within 16 bits",
                remedy="12 bits hold -1024 to 3071",
            )

    @property
    def faults(self) -> tuple[RayFault, ...]:
        """What makes rays wrong, in a fixed order."""
        given = (self.hardening, self.metal, self.truncation)
        return tuple(fault for fault in given if fault is not None)
