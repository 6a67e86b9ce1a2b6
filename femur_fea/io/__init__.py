"""Files: CT, masks, meshes, frames, JSON. Units and axes are converted here and nowhere else."""

from femur_fea.io.atomic import atomic_path
from femur_fea.io.ct import read_ct
from femur_fea.io.data_files import image_files
from femur_fea.io.dicom import write_dicom
from femur_fea.io.frame import frame_to_dict, read_frame, write_frame
from femur_fea.io.image import read_image, write_image
from femur_fea.io.json_file import read_json, write_json
from femur_fea.io.mask import read_labels, read_mask
from femur_fea.io.mesh import MeshFile, read_mesh, write_mesh
from femur_fea.io.system_errors import explain_write_error, readable
from femur_fea.io.xdmf import write_xdmf

__all__ = [
    "MeshFile",
    "atomic_path",
    "explain_write_error",
    "frame_to_dict",
    "image_files",
    "read_ct",
    "read_frame",
    "read_image",
    "read_json",
    "read_labels",
    "read_mask",
    "read_mesh",
    "readable",
    "write_dicom",
    "write_frame",
    "write_image",
    "write_json",
    "write_mesh",
    "write_xdmf",
]
