"""A calibration phantom under the patient."""

from dataclasses import dataclass

import numpy as np

from calibration import MINERALS, WATER, Material, Phantom
from femur_fea.domain import FloatArray
from femur_risk.scanner.checks import check_positive
from femur_risk.scanner.plane import Plane, blend
from femur_risk.scanner.tube import Tube

__all__ = ["LaidPhantom", "PlacedPhantom", "rod_material"]


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacedPhantom:
    """A phantom and how it lies; sizes and the body's material are choices.

    Attributes
    ----------
    phantom : Phantom
        The record of its rods.
    rod_radius_mm, pitch_mm : float
        Radius of the rods and distance between neighbours.
    body_HU : float
        CT number of the plastic round the rods.
    shift_mm : float
        To the patient's left of the middle of the body.
    tilt : (2,) float
        How far the rods move to the left and backwards per length upwards.
    """

    phantom: Phantom
    rod_radius_mm: float = 9.0
    pitch_mm: float = 30.0
    body_HU: float = 60.0
    shift_mm: float = 0.0
    tilt: tuple[float, float] = (0.0, 0.0)

    def __post_init__(self) -> None:
        check_positive("a phantom", rod_radius_mm=self.rod_radius_mm, pitch_mm=self.pitch_mm)

    @property
    def half_height(self) -> float:
        """Half of the height of its body, mm."""
        return self.rod_radius_mm + 6.0


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class LaidPhantom:
    """A phantom at its place.

    Attributes
    ----------
    placed : PlacedPhantom
        The phantom.
    rods_hu : (n,), HU
        CT numbers of its rods.
    centre : (3,), mm
        A point on its axis.
    """

    placed: PlacedPhantom
    rods_hu: FloatArray
    centre: tuple[float, float, float]

    @classmethod
    def at(
        cls, placed: PlacedPhantom, tube: Tube, centre: tuple[float, float, float]
    ) -> "LaidPhantom":
        """Return a phantom at a place, with the CT numbers that a beam gives to its rods."""
        materials = [rod_material(placed.phantom, n) for n in range(len(placed.phantom.rods))]
        numbers = np.array([tube.hu_of(material) for material in materials])
        return cls(placed=placed, rods_hu=numbers, centre=centre)

    def paint(self, plane: Plane, hu: FloatArray) -> FloatArray:
        """Return a plane of CT numbers with the phantom."""
        placed = self.placed
        above = plane.z - self.centre[2]
        across = (plane.x - self.centre[0] - placed.tilt[0] * above)[:, None]
        down = (plane.y - self.centre[1] - placed.tilt[1] * above)[None, :]
        half = 0.5 * placed.pitch_mm * self.rods_hu.size
        box = np.maximum(np.abs(across) - half, np.abs(down) - placed.half_height)
        hu = blend(hu, placed.body_HU, box, plane.pixel)
        for n, number in enumerate(self.rods_hu):
            at = placed.pitch_mm * (n - 0.5 * (self.rods_hu.size - 1))
            distance = np.hypot(across - at, down) - placed.rod_radius_mm
            hu = blend(hu, float(number), distance, plane.pixel)
        return hu


def rod_material(phantom: Phantom, rod: int) -> Material:
    """Return what a rod is made of: its mineral and water.

    Where the record states no water, the rod holds that which its mineral leaves of a volume.

    Notes
    -----
    A negative density of mineral is that of a plastic which attenuates less than water; its
    elements are then taken off those of the water, which attenuation, being linear, allows.
    """
    record, mineral = phantom.rods[rod], MINERALS[phantom.kind]
    water = 1.0 - mineral.displaced * record.rho if record.water is None else record.water
    parts: dict[str, float] = {}
    for material, density in ((WATER, water), (mineral.material, record.rho)):
        total = sum(material.fractions.values())
        for symbol, share in material.fractions.items():
            parts[symbol] = parts.get(symbol, 0.0) + density * share / total
    return Material(fractions=parts, density=water + record.rho)
