"""From a mask to a volume mesh with its anatomical frame."""

from meshing.quality import MeshQuality, measure_quality
from meshing.surface import extract_surface
from meshing.volume import mesh_mask

__all__ = ["MeshQuality", "extract_surface", "measure_quality", "mesh_mask"]
