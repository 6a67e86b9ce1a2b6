"""Figures and scenes of domain values."""
