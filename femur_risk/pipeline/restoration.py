"""The blur of a thin cortex, kept or undone before the density is converted."""

import warnings
from dataclasses import dataclass
from typing import Any

import numpy as np

from femur_fea.domain import DensityField, LabelMask
from femur_fea.errors import FemurFEAWarning
from femur_fea.restoration import FWHM_PER_SD, RestorationSettings, RestoredCortex, restore_cortex
from femur_risk.config import MappingConfig

__all__ = ["RESTORATION_SOURCE", "SeenBone", "restore"]

RESTORATION_SOURCE = (
    "after Treece et al., Med Image Anal 2010;14:276, doi:10.1016/j.media.2010.01.003"
)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SeenBone:
    """The density that the laws of a preset see.

    Attributes
    ----------
    density : DensityField
        Equivalent density.
    femur : LabelMask
        The bone on its grid.
    content : mapping of str to plain value, or None
        What result.json says of a restored cortex; None where the blur was kept.
    """

    density: DensityField
    femur: LabelMask
    content: dict[str, Any] | None


def restore(
    config: MappingConfig,
    equivalent: DensityField,
    femur: LabelMask,
    *,
    slice_thickness: float | None,
) -> SeenBone:
    """Return the density as scanned, or with its cortex restored where that is asked for.

    Raises
    ------
    CortexError
        If the scan shows too little cortex to measure blur and density at.
    """
    if config.cortical_blur == "kept":
        return SeenBone(density=equivalent, femur=femur, content=None)
    fwhm = config.blur_fwhm_mm
    settings = RestorationSettings(
        blur=None if fwhm is None else fwhm / FWHM_PER_SD,
        slice_thickness=slice_thickness,
        cortical_density=config.cortical_density_g_per_cm3,
    )
    restored = restore_cortex(equivalent, femur, settings)
    content = _describe(restored)
    warnings.warn(
        f"the blur of the cortex was undone: point spread {content['blur_fwhm_mm']:.2g} mm, "
        f"compact bone {content['cortical_density_g_per_cm3']:.3g} g/cm3, a layer fitted at "
        f"{content['fitted_fraction']:.0%} of the surface; the error that the preset's authors "
        "report does not hold",
        FemurFEAWarning,
        stacklevel=2,
    )
    return SeenBone(density=restored.density, femur=restored.femur, content=content)


def _describe(restored: RestoredCortex) -> dict[str, Any]:
    low, middle, high = np.percentile(restored.thickness, [5.0, 50.0, 95.0])
    return {
        "blur_fwhm_mm": restored.scan.blur * FWHM_PER_SD,
        "cortical_density_g_per_cm3": restored.scan.cortex,
        "measured_at_sites": restored.scan.n_sites,
        "fitted_fraction": restored.fitted_fraction,
        "thickness_5_percent_mm": float(low),
        "thickness_median_mm": float(middle),
        "thickness_95_percent_mm": float(high),
    }
