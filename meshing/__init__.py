"""From a mask to a volume mesh with its anatomical frame."""

from meshing.cubes import resample_mask
from meshing.outline import smooth_outline
from meshing.quality import MeshQuality, measure_quality
from meshing.shift import shift_surface
from meshing.surface import extract_surface
from meshing.volume import mesh_mask
from meshing.voxels import keep_largest_part, mesh_voxels

__all__ = [
    "MeshQuality",
    "extract_surface",
    "keep_largest_part",
    "measure_quality",
    "mesh_mask",
    "mesh_voxels",
    "resample_mask",
    "shift_surface",
    "smooth_outline",
]
