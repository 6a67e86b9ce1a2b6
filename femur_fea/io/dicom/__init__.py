"""CT in DICOM. Reading: headers, choice of a series, geometry, pixels, CT numbers. Writing: slices.

Only the tags in `femur_fea.io.dicom.tags` are looked at, none of which names a patient. Files are
called by their number in the folder, sorted by name, from 1.
"""

from femur_fea.io.dicom.bounded import is_dicom
from femur_fea.io.dicom.regular import UnevenSlices
from femur_fea.io.dicom.volume import read_dicom
from femur_fea.io.dicom.writer import write_dicom

__all__ = ["UnevenSlices", "is_dicom", "read_dicom", "write_dicom"]
