"""A simulated CT whose true calibration line is known."""

from dataclasses import dataclass

import numpy as np

from calibration import CalibrationCurve
from femur_fea.domain import Acquisition, BoolArray, CTVolume, DensityKind, FloatArray, LabelMask
from femur_risk.scanner.anatomy import Anatomy, surroundings_of
from femur_risk.scanner.artefacts import artefacts
from femur_risk.scanner.noise import Noise, noise_slices
from femur_risk.scanner.render import Axes, PointSpread, render
from femur_risk.scanner.resampling import axes_of, mask_on
from femur_risk.scanner.settings import ScannerSettings
from femur_risk.scanner.tube import Tube
from femur_risk.scanner.view import beyond_circle, grid_of

__all__ = ["SimulatedScan", "simulate_scan"]

_NOT_MEASURED = -1024  # HU


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SimulatedScan:
    """A scan and the truth behind it.

    Attributes
    ----------
    ct : CTVolume
        The image, in whole HU; its header says that it is simulated.
    femora : tuple of LabelMask
        Every femur on the grid of the image, lesion included, in the order of the anatomy.
    lesions : tuple of LabelMask or None
        The lesion of each.
    tube : Tube
        The beam, which knows the true line of every mineral.
    n_clipped : int
        Voxels whose CT number was beyond those that the image can hold.
    """

    ct: CTVolume
    femora: tuple[LabelMask, ...]
    lesions: tuple[LabelMask | None, ...]
    tube: Tube
    n_clipped: int

    def true_line(self, kind: DensityKind) -> CalibrationCurve:
        """Return the line from CT number to density of a phantom's mineral, without artefacts."""
        return self.tube.line(kind)


def simulate_scan(anatomy: Anatomy, settings: ScannerSettings, *, seed: int) -> SimulatedScan:
    """Return the CT of a patient.

    Parameters
    ----------
    anatomy : Anatomy
        The patient, the phantom and the couch.
    settings : ScannerSettings
        Scanner and protocol.
    seed : int
        Draws the sheets of fat between muscles, the noise and that of rays through metal, each
        from a stream of its own: none changes with the settings of another.

    Raises
    ------
    GridMismatchError
        If the axes of a bone's grid do not run along those of the patient.
    """
    of_septa, of_noise, of_rays = np.random.default_rng(seed).spawn(3)
    around = surroundings_of(anatomy, settings.tube, of_septa)
    grid = grid_of(settings.view, anatomy, around)
    axes = axes_of(grid)
    spread = PointSpread(sigma=settings.kernel.sigma, thickness=settings.slice_thickness_mm)
    hu = render(anatomy, around, settings.tube, axes, spread)
    if settings.faults:
        hu += artefacts(anatomy, around, settings.tube, axes, settings.faults, of_rays)
    if settings.noise is not None:
        hu += _noise(settings.noise, settings, axes, of_noise)
    stored, n_clipped = _stored(hu, settings.stored_HU)
    outside = None
    if settings.pads_corners:
        outside = np.repeat(beyond_circle(settings.view, grid)[:, :, None], grid.shape[2], axis=2)
        stored[outside] = _NOT_MEASURED
    return SimulatedScan(
        ct=CTVolume(grid=grid, hu=stored, acquisition=_acquisition(settings), outside=outside),
        femora=tuple(mask_on(bone.femur, grid) for bone in anatomy.bones),
        lesions=tuple(
            None if bone.lesion is None else mask_on(bone.lesion, grid) for bone in anatomy.bones
        ),
        tube=settings.tube,
        n_clipped=n_clipped,
    )


def _noise(
    noise: Noise, settings: ScannerSettings, axes: Axes, rng: np.random.Generator
) -> FloatArray:
    return noise_slices(
        noise,
        matrix=settings.view.matrix,
        pixel=settings.view.diameter_mm / settings.view.matrix,
        sigma=settings.kernel.sigma,
        z=axes[2],
        thickness=settings.slice_thickness_mm,
        rng=rng,
    )


def _stored(hu: FloatArray, limits: tuple[float, float]) -> tuple[np.ndarray, int]:
    """Return whole CT numbers within the limits, and how many were beyond."""
    low, high = limits
    beyond: BoolArray = (hu < low - 0.5) | (hu > high + 0.5)
    return np.rint(np.clip(hu, low, high)).astype(np.int16), int(np.count_nonzero(beyond))


def _acquisition(settings: ScannerSettings) -> Acquisition:
    return Acquisition(
        tube_voltage_kV=settings.tube.voltage_kV,
        kernel=settings.kernel.name,
        slice_thickness_mm=settings.slice_thickness_mm,
        contrast_agent=False,
        reconstruction_diameter_mm=settings.view.diameter_mm,
        manufacturer="femur-fea",
        scanner_model="simulated scanner",
    )
