"""A solved bone as a file that other programs open."""

from femur_risk.exports.export import FORMATS, export_lesion, export_run

__all__ = ["FORMATS", "export_lesion", "export_run"]
