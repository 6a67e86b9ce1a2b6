"""The CT of a virtual femur, in a body on a calibration phantom."""

from dataclasses import replace

import numpy as np

from calibration import PHANTOMS
from femur_fea.domain import LabelMask
from femur_risk.scanner import (
    KERNELS,
    Anatomy,
    Body,
    FieldOfView,
    Noise,
    PlacedPhantom,
    ScannedBone,
    ScannerSettings,
    SimulatedScan,
    simulate_scan,
    tube_at,
)
from meshing.femora import VirtualFemur

__all__ = ["PHANTOM", "draw_scanner", "scan_femur"]

PHANTOM = "qrm_bdc_6"  # of `calibration.PHANTOMS`; its mineral is that of the bone
# all that follows are choices
_VOLTAGES_KV = (100.0, 120.0, 140.0)
_KERNELS = ("soft", "standard")
_SLICES_MM = (1.0, 1.5, 2.0)
_NOISE_HU = (10.0, 20.0)
_FIELD, _MATRIX = 230.0, 256  # mm and samples; holds the femur and what lies under it
_UNDER_SKIN = 40.0  # mm below the back that are shown: the phantom and the face of the couch


def draw_scanner(rng: np.random.Generator) -> ScannerSettings:
    """Return a scanner and a protocol of random voltage, kernel, slice thickness and noise."""
    slices = float(rng.choice(_SLICES_MM))
    return ScannerSettings(
        tube=tube_at(float(rng.choice(_VOLTAGES_KV))),
        kernel=KERNELS[str(rng.choice(_KERNELS))],
        slice_thickness_mm=slices,
        view=FieldOfView(diameter_mm=_FIELD, matrix=_MATRIX, slice_spacing_mm=slices),
        noise=Noise(deviation_HU=float(rng.uniform(*_NOISE_HU))),
    )


def scan_femur(femur: VirtualFemur, settings: ScannerSettings, *, seed: int) -> SimulatedScan:
    """Return the CT of a femur in a body on the phantom `PHANTOM`.

    The field of view is moved to show the femur and, under it, the phantom; skin in front and
    the other leg are not shown.

    Parameters
    ----------
    femur : VirtualFemur
        The bone.
    settings : ScannerSettings
        Scanner and protocol; the middle of its field of view is not heeded.
    seed : int
        Draws the sheets of fat between muscles, and the noise.
    """
    bone = _bone(femur)
    anatomy = Anatomy(bones=(bone,))
    body = Body.round(anatomy.bones, anatomy.body)
    middle = float(bone.extent()[:, 0].mean())
    phantom = PlacedPhantom(phantom=PHANTOMS[PHANTOM], shift_mm=middle - body.middle[0])
    centre = (middle, body.back + _UNDER_SKIN - 0.5 * settings.view.diameter_mm)
    return simulate_scan(
        replace(anatomy, phantom=phantom),
        replace(settings, view=replace(settings.view, centre_mm=centre)),
        seed=seed,
    )


def _bone(femur: VirtualFemur) -> ScannedBone:
    frame = femur.geometry.frame
    return ScannedBone(
        density=femur.density,
        femur=femur.mask,
        lesion=_tumour(femur),
        head_centre=frame.origin,
        head_radius=frame.head_radius,
        side=femur.owner.side,
    )


def _tumour(femur: VirtualFemur) -> LabelMask | None:
    """Return where the lesion is, within the bone and beyond it."""
    if femur.lesion is None or femur.extension is None:
        return femur.lesion
    inside = femur.lesion.inside | femur.extension.inside
    return LabelMask(grid=femur.mask.grid, inside=inside)
