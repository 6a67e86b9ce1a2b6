"""The blur of a scanner at a thin cortex, measured and undone."""

from femur_fea.restoration.layer import BlurredLayer, LayerFit, fit_layers
from femur_fea.restoration.profiles import CorticalScan, find_layers, measure_scan
from femur_fea.restoration.restore import RestoredCortex, restore_cortex
from femur_fea.restoration.settings import FWHM_PER_SD, RestorationSettings
from femur_fea.restoration.surface import SurfaceSites, sample_profiles, surface_sites

__all__ = [
    "FWHM_PER_SD",
    "BlurredLayer",
    "CorticalScan",
    "LayerFit",
    "RestorationSettings",
    "RestoredCortex",
    "SurfaceSites",
    "find_layers",
    "fit_layers",
    "measure_scan",
    "restore_cortex",
    "sample_profiles",
    "surface_sites",
]
