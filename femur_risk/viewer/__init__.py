"""A run in an interactive scene, served to a browser on this machine alone."""

from femur_risk.viewer.server import serve

__all__ = ["serve"]
