"""The values that flow through the project: NumPy only, frozen, self-checking."""

from femur_fea.domain.arrays import (
    BoolArray,
    FloatArray,
    IntArray,
    Side,
    check_finite,
    check_shape,
    read_only,
)
from femur_fea.domain.beam_filter import filter_of
from femur_fea.domain.cell_shape import CELL_SHAPES, CellShape, ElementKind
from femur_fea.domain.curve import (
    PLATEAU_SLOPE,
    CurveEnd,
    CurveStrength,
    LoadDisplacementCurve,
    NonlinearResult,
    PeakCriterion,
)
from femur_fea.domain.density import DensityField, DensityKind, check_density_kind
from femur_fea.domain.field import ElasticField
from femur_fea.domain.frame import FemoralFrame, ShaftReference
from femur_fea.domain.grid import ImageGrid, check_same_grid
from femur_fea.domain.image import Acquisition, CTVolume, LabelImage, LabelMask
from femur_fea.domain.image_type import Spectrum, image_type_of, spectrum_of
from femur_fea.domain.integration import CORNER_SHARES, integration_points, reference_points
from femur_fea.domain.load import LoadCase, LoadQuantity
from femur_fea.domain.mesh import BoneMesh
from femur_fea.domain.provenance import Provenance, PublishedRecord
from femur_fea.domain.quality import (
    CHOSEN_THRESHOLD,
    NO_PUBLISHED_EFFECT,
    Effect,
    QualityFlag,
    Severity,
)
from femur_fea.domain.result import FEResult, SolverStatistics, StrengthResult, WeakestSite
from femur_fea.domain.samples import check_sample_count, check_samples_of
from femur_fea.domain.softening import Softening
from femur_fea.domain.statistics import MAD_TO_SD, NORMAL_95
from femur_fea.domain.surface import TriangleSurface, point_areas
from femur_fea.domain.transverse import TransverseCortex, TransverseRatios
from femur_fea.domain.yield_field import YieldField

__all__ = [
    "CELL_SHAPES",
    "CHOSEN_THRESHOLD",
    "CORNER_SHARES",
    "MAD_TO_SD",
    "NORMAL_95",
    "NO_PUBLISHED_EFFECT",
    "PLATEAU_SLOPE",
    "Acquisition",
    "BoneMesh",
    "BoolArray",
    "CTVolume",
    "CellShape",
    "CurveEnd",
    "CurveStrength",
    "DensityField",
    "DensityKind",
    "Effect",
    "ElasticField",
    "ElementKind",
    "FEResult",
    "FemoralFrame",
    "FloatArray",
    "ImageGrid",
    "IntArray",
    "LabelImage",
    "LabelMask",
    "LoadCase",
    "LoadDisplacementCurve",
    "LoadQuantity",
    "NonlinearResult",
    "PeakCriterion",
    "Provenance",
    "PublishedRecord",
    "QualityFlag",
    "Severity",
    "ShaftReference",
    "Side",
    "Softening",
    "SolverStatistics",
    "Spectrum",
    "StrengthResult",
    "TransverseCortex",
    "TransverseRatios",
    "TriangleSurface",
    "WeakestSite",
    "YieldField",
    "check_density_kind",
    "check_finite",
    "check_same_grid",
    "check_sample_count",
    "check_samples_of",
    "check_shape",
    "filter_of",
    "image_type_of",
    "integration_points",
    "point_areas",
    "read_only",
    "reference_points",
    "spectrum_of",
]
