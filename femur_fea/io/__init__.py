"""Files: CT, masks, meshes, frames, JSON. Units and axes are converted here and nowhere else."""

from femur_fea.io.atomic import atomic_path, check_free_space
from femur_fea.io.ct import read_ct
from femur_fea.io.frame import frame_to_dict, read_frame, write_frame
from femur_fea.io.image import read_image, write_image
from femur_fea.io.json_file import read_json, write_json
from femur_fea.io.mask import read_mask
from femur_fea.io.mesh import MeshFile, read_mesh, write_mesh

__all__ = [
    "MeshFile",
    "atomic_path",
    "check_free_space",
    "frame_to_dict",
    "read_ct",
    "read_frame",
    "read_image",
    "read_json",
    "read_mask",
    "read_mesh",
    "write_frame",
    "write_image",
    "write_json",
    "write_mesh",
]
