"""Every error that the engine raises on purpose, one class per cause.

A message has three parts: what was found, what was expected, what to do.
"""

from typing import Any

__all__ = [
    "AnisotropyError",
    "CalibrationError",
    "ConfigError",
    "CortexError",
    "DensityKindError",
    "DiskSpaceError",
    "DrivenAndLoadedError",
    "EmptyMaskError",
    "FemurFEAError",
    "FemurFEAWarning",
    "GridMismatchError",
    "HounsfieldRangeError",
    "ImageError",
    "IncompressibleError",
    "InputError",
    "InvertedCellError",
    "LoadError",
    "LoadOutsideBoneError",
    "MaskBorderError",
    "MeshError",
    "MeshQualityError",
    "MetalError",
    "MissingDependencyError",
    "MissingInputError",
    "NoStiffnessError",
    "NoSupportError",
    "NoTrochanterError",
    "NonFiniteVoxelsError",
    "NotConvergedError",
    "NotWatertightError",
    "OutOfRangeError",
    "RegistrationError",
    "SegmentationError",
    "SeriesError",
    "SeveralBonesError",
    "ShapeError",
    "ShortShaftError",
    "SideError",
    "SingularSystemError",
    "SiteError",
    "SolverError",
    "UnknownNameError",
]


class FemurFEAError(Exception):
    """Base of all errors raised on purpose.

    Parameters
    ----------
    found : str
        What was found: value, unit, place. Never a patient's identifier.
    expected : str
        What was expected instead.
    remedy : str
        What the user can do about it.
    """

    def __init__(self, *, found: str, expected: str, remedy: str) -> None:
        self.found = found
        self.expected = expected
        self.remedy = remedy
        super().__init__(found, expected, remedy)

    def __str__(self) -> str:
        return f"{self.found}; expected {self.expected}; {self.remedy}"

    def __reduce__(self) -> tuple[Any, ...]:
        """Let an error go from one process to another, which positional arguments would not."""
        parts = {"found": self.found, "expected": self.expected, "remedy": self.remedy}
        return _rebuilt, (type(self), parts)


def _rebuilt(kind: type[FemurFEAError], parts: dict[str, str]) -> FemurFEAError:
    return kind(**parts)


class FemurFEAWarning(UserWarning):
    """The one category of warnings; each is recorded in the run's manifest."""


class InputError(FemurFEAError, ValueError):
    """A value or file given by the caller cannot be used."""


class ShapeError(InputError):
    """An array has the wrong shape."""


class OutOfRangeError(InputError):
    """A number lies outside the range in which it has a meaning."""


class NoStiffnessError(OutOfRangeError):
    """A material without stiffness, somewhere or everywhere."""


class IncompressibleError(OutOfRangeError):
    """A material that keeps, or nearly keeps, its volume."""


class GridMismatchError(InputError):
    """Two images that must share a grid do not."""


class DensityKindError(InputError):
    """A density of one kind was given where another kind is meant."""


class MissingInputError(InputError, FileNotFoundError):
    """A file or folder does not exist."""


class ImageError(InputError):
    """A file cannot be read as an image."""


class SeriesError(ImageError):
    """No one series of a folder can be singled out."""


class HounsfieldRangeError(ImageError):
    """The CT numbers cannot be Hounsfield units."""


class NonFiniteVoxelsError(ImageError):
    """The image holds NaN or infinite voxels."""


class ConfigError(FemurFEAError):
    """The configuration cannot be used."""


class UnknownNameError(FemurFEAError, KeyError):
    """A name is not registered."""


class MissingDependencyError(FemurFEAError, ImportError):
    """A library or program that this step needs is not installed."""


class DiskSpaceError(FemurFEAError, OSError):
    """The results do not fit on the disk."""


class CalibrationError(FemurFEAError):
    """CT numbers cannot be turned into density."""


class SegmentationError(FemurFEAError):
    """A mask cannot be the femur, or the lesion, that it should be."""


class EmptyMaskError(SegmentationError):
    """The mask holds no voxel, or too few to be a bone."""


class SeveralBonesError(SegmentationError):
    """The mask holds more than one bone."""


class RegistrationError(SegmentationError):
    """The shape model cannot be brought onto a surface."""


class MaskBorderError(SegmentationError):
    """The scan cuts the bone at another place than its distal end."""


class MetalError(SegmentationError):
    """There is metal inside the bone."""


class SideError(SegmentationError):
    """The bone is of the other side than stated."""


class SiteError(SegmentationError):
    """The scan does not show the place where something is to be put."""


class MeshError(FemurFEAError):
    """A mesh cannot be made or used."""


class NotWatertightError(MeshError):
    """A surface that must be closed has open or non-manifold edges."""


class MeshQualityError(MeshError):
    """Cells are inverted or too distorted to compute with."""


class InvertedCellError(MeshQualityError):
    """Cells are turned inside out, or flat."""


class AnisotropyError(FemurFEAError):
    """A material with a direction was given where only isotropic ones are handled."""


class CortexError(FemurFEAError):
    """The cortex of this bone cannot be given a direction."""


class LoadError(FemurFEAError):
    """A load case cannot be applied to this bone."""


class NoSupportError(LoadError):
    """A load case does not hold the bone."""


class LoadOutsideBoneError(LoadError):
    """The patch on which a load acts has no surface of bone."""


class NoTrochanterError(LoadError):
    """A fall needs a greater trochanter, and the bone shows none."""


class ShortShaftError(LoadError):
    """The scan shows too little of the shaft for a load."""


class DrivenAndLoadedError(LoadError):
    """A force acts where the displacement is prescribed."""


class SolverError(FemurFEAError):
    """The linear or nonlinear system could not be solved."""


class NotConvergedError(SolverError):
    """The iteration stopped before it reached its tolerance."""


class SingularSystemError(SolverError):
    """The system has no unique solution."""
