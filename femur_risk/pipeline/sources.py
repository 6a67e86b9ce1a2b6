"""The sources of uncertainty of a run, with their standard deviations and where these come from."""

import math
from collections.abc import Mapping
from typing import Any

import numpy as np

from femur_fea.domain import ElementKind, FloatArray, ImageGrid
from femur_fea.loads import DIRECTION_SCATTER
from femur_fea.materials import LAW_SCATTER
from femur_risk.config import MappingConfig
from femur_risk.uncertainty import SourceProvenance, UncertainSource

__all__ = ["CALIBRATION", "OF_SPECIMENS_TOO", "common_sources", "load_sources", "mask_source"]

CALIBRATION = "calibration"  # name of the source that a line is
_LAW, _SURFACE, _MASK = (
    "density-modulus law",
    "segmentation, below a voxel",
    "mask, one voxel",
)
OF_SPECIMENS_TOO = frozenset((_LAW, _SURFACE, _MASK))
"""Sources that scatter strengths of loaded specimens about their models as well."""

# of a quantity that is known to one unit and no better: it lies evenly within that unit
_ROUNDED = 1.0 / math.sqrt(12.0)
_JITTERED = 0.125  # share of masks that are one voxel too small, and too large: a choice
_JITTER_SD = math.sqrt(2.0 * _JITTERED)

_UNREAD = "nothing is read of how far it scatters"


def common_sources(
    curve: Mapping[str, Any], law_name: str, grid: ImageGrid, kind: ElementKind
) -> tuple[UncertainSource, ...]:
    """Return the sources that are the same for all loads.

    Parameters
    ----------
    curve : mapping
        Content of curve.json.
    law_name : str
        Law in `MATERIAL_LAWS`.
    grid : ImageGrid
        Of the mask.
    kind : {"tet10", "tet4", "hex8"}
        Element of the mesh.
    """
    return (_calibration(curve), _law(law_name), _surface(grid, kind))


def mask_source(grid: ImageGrid, mapping: MappingConfig) -> UncertainSource:
    """Return the source of masks that are a whole voxel too small or too large.

    A restored cortex is drawn from the surface of the mask inward, so that another mask moves the
    whole bone: it has no such source.
    """
    kept = mapping.cortical_blur == "kept"
    return UncertainSource(
        name=_MASK,
        sd=_JITTER_SD if kept else None,
        unit="voxel",
        provenance="unverified" if kept else "not stated",
        source=f"a choice: {100.0 * _JITTERED:g} % of masks one voxel ({grid.spacing.min():.2g} to "
        f"{grid.spacing.max():.2g} mm) too small and as many too large, for the density"
        if kept
        else "a restored cortex goes with the surface of the mask, and cells cannot by a voxel",
        effect=lambda z: {"mask_layers": _JITTER_SD * float(z[0])},
        quantile=_three_levels,
    )


def load_sources(load: str) -> tuple[UncertainSource, ...]:
    """Return the scatter of a load: of its direction, and of where it acts."""
    frontal, sagittal, provenance, source = _direction(load)
    return (
        UncertainSource(
            name="load direction, frontal",
            sd=frontal,
            unit="deg",
            provenance=provenance,
            source=source,
            effect=lambda z: {"frontal": float(z[0])},
        ),
        UncertainSource(
            name="load direction, sagittal",
            sd=sagittal,
            unit="deg",
            provenance=provenance,
            source=source,
            effect=lambda z: {"sagittal": float(z[0])},
        ),
        UncertainSource(
            name="point of application",
            sd=None,
            unit="mm",
            provenance="not stated",
            source=_UNREAD,
            effect=lambda _: {},
        ),
    )


def _calibration(curve: Mapping[str, Any]) -> UncertainSource:
    if curve["covariance"] is not None:
        return _fitted_line(curve)
    sd = curve["relative_uncertainty"]
    return UncertainSource(
        name=CALIBRATION,
        sd=sd,
        unit="of density",
        provenance="not stated" if sd is None else curve["error_provenance"],
        source=f"{curve['label']}: {curve['source']}"
        + ("; its uncertainty is not stated" if sd is None else ""),
        effect=lambda z: {"density_factor": math.exp(sd * float(z[0]))},
    )


def _fitted_line(curve: Mapping[str, Any]) -> UncertainSource:
    """Return the source of a line whose slope and intercept vary together."""
    slope, intercept = curve["slope_g_per_cm3_per_HU"], curve["intercept_g_per_cm3"]
    covariance = np.asarray(curve["covariance"])
    root = _root(covariance)
    at = np.array([(1.0 - intercept) / slope, 1.0])  # at the CT number of 1 g/cm3

    def effect(z: FloatArray) -> Mapping[str, float]:
        steeper, higher = root @ z
        factor = 1.0 + steeper / slope
        return {
            "density_factor": float(factor),
            "density_offset": float(intercept + higher - factor * intercept),
        }

    return UncertainSource(
        name=CALIBRATION,
        sd=float(np.sqrt(at @ covariance @ at)),
        unit="g/cm3 at 1 g/cm3",
        provenance=curve["error_provenance"],
        source=f"{curve['label']}: {curve['source']}; covariance of slope and intercept",
        effect=effect,
        n_parameters=2,
    )


def _root(covariance: FloatArray) -> FloatArray:
    """Return a matrix whose product with its transpose is the covariance, (2, 2).

    Slope and intercept differ by orders of magnitude: the correlation is decomposed instead.
    """
    sd = np.sqrt(np.diag(covariance))
    scale = np.where(sd > 0.0, sd, 1.0)
    values, vectors = np.linalg.eigh(covariance / np.outer(scale, scale))
    return np.asarray(scale[:, None] * vectors * np.sqrt(np.maximum(values, 0.0)))


def _law(name: str) -> UncertainSource:
    record = LAW_SCATTER.get(name)
    sd = None if record is None else record.sd
    return UncertainSource(
        name=_LAW,
        sd=sd,
        unit="of ln E",
        provenance="not stated" if record is None else record.provenance,
        source=f"{name}: {_UNREAD}" if record is None else record.source,
        effect=lambda z: {"modulus_factor": math.exp((sd or 0.0) * float(z[0]))},
    )


def _surface(grid: ImageGrid, kind: ElementKind) -> UncertainSource:
    voxel = float(np.prod(grid.spacing)) ** (1.0 / 3.0)
    sd = None if kind == "hex8" else _ROUNDED * voxel
    return UncertainSource(
        name=_SURFACE,
        sd=sd,
        unit="mm",
        provenance="not stated" if sd is None else "unverified",
        source="the surface of cubes cannot be moved by less than a cell"
        if sd is None
        else f"a choice: the whole surface lies evenly within a voxel of {voxel:.2g} mm",
        effect=lambda z: {"surface_shift": (sd or 0.0) * float(z[0])},
    )


def _direction(load: str) -> tuple[float | None, float | None, SourceProvenance, str]:
    if load not in DIRECTION_SCATTER:
        return None, None, "not stated", f"direction of {load}: {_UNREAD}"
    record = DIRECTION_SCATTER[load]
    frontal, sagittal = math.degrees(record.frontal), math.degrees(record.sagittal)
    return frontal, sagittal, record.provenance, record.source


def _three_levels(share: FloatArray) -> FloatArray:
    """Return -1, 0 or 1 voxel, in standard deviations."""
    level = np.where(share < _JITTERED, -1.0, np.where(share > 1.0 - _JITTERED, 1.0, 0.0))
    return np.asarray(level / _JITTER_SD)
