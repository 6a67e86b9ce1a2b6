"""What an uncertain source changes of a model."""

from dataclasses import dataclass, replace

__all__ = ["Perturbation"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Perturbation:
    """A change of a model, the same for a bone and its twin.

    Attributes
    ----------
    density_factor : float, dimensionless
        Equivalent density becomes this times itself ...
    density_offset : float, g/cm3
        ... plus this.
    modulus_factor : float, dimensionless
        Of Young's modulus everywhere.
    surface_shift : float, mm
        By which the surface of the bone moves outward.
    mask_layers : float, whole
        Layers of voxels by which the mask grows, or shrinks where negative, for the density.
    frontal, sagittal : float, dimensionless
        Turn of the load, in standard deviations of its direction.
    """

    density_factor: float = 1.0
    density_offset: float = 0.0
    modulus_factor: float = 1.0
    surface_shift: float = 0.0
    mask_layers: float = 0.0
    frontal: float = 0.0
    sagittal: float = 0.0

    @property
    def density(self) -> tuple[float, float, float]:
        """The part of it that needs another density: its factor, its offset, and the mask."""
        return self.density_factor, self.density_offset, self.mask_layers

    @property
    def body(self) -> "Perturbation":
        """The part of it that needs another stiffness: a factor of all of it needs none."""
        return replace(self, modulus_factor=1.0, frontal=0.0, sagittal=0.0)

    def and_then(self, other: "Perturbation") -> "Perturbation":
        """Return this change followed by another: factors multiply, shifts and turns add.

        The later factor of density acts on the offset of the earlier one too.
        """
        return Perturbation(
            density_factor=self.density_factor * other.density_factor,
            density_offset=self.density_offset * other.density_factor + other.density_offset,
            modulus_factor=self.modulus_factor * other.modulus_factor,
            surface_shift=self.surface_shift + other.surface_shift,
            mask_layers=self.mask_layers + other.mask_layers,
            frontal=self.frontal + other.frontal,
            sagittal=self.sagittal + other.sagittal,
        )
