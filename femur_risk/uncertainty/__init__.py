"""How far what is not known exactly moves a result: sources, first order, samples."""

from femur_risk.uncertainty.design import latin_hypercube
from femur_risk.uncertainty.source import SourceProvenance, UncertainSource
from femur_risk.uncertainty.spread import Spread, first_order_spread, sampled_spread

__all__ = [
    "SourceProvenance",
    "Spread",
    "UncertainSource",
    "first_order_spread",
    "latin_hypercube",
    "sampled_spread",
]
