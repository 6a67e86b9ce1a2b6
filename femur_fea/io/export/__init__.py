"""The finite-element model in the formats of other programs, so that a peer can solve it again."""

from femur_fea.io.export.bins import ModulusBins, bin_moduli
from femur_fea.io.export.feb import write_feb
from femur_fea.io.export.forces import facet_forces
from femur_fea.io.export.inp import write_inp
from femur_fea.io.export.model import ExportModel, export_model

__all__ = [
    "ExportModel",
    "ModulusBins",
    "bin_moduli",
    "export_model",
    "facet_forces",
    "write_feb",
    "write_inp",
]
