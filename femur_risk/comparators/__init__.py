"""What the rules of today's practice say of a femur with a lesion."""

from femur_risk.comparators.hidden import MOST_HIDDEN
from femur_risk.comparators.lesion_kind import LesionKind, lesion_kind
from femur_risk.comparators.lesion_sections import (
    CORTEX_DEPTH,
    N_SECTORS,
    LesionSections,
    cut_lesion,
)
from femur_risk.comparators.mirels import (
    MIRELS_FRACTURES,
    MirelsFractures,
    Pain,
    mirels,
    published_share,
)
from femur_risk.comparators.rule import RULES, Comparison, Rule, Verdict

__all__ = [
    "CORTEX_DEPTH",
    "MIRELS_FRACTURES",
    "MOST_HIDDEN",
    "N_SECTORS",
    "RULES",
    "Comparison",
    "LesionKind",
    "LesionSections",
    "MirelsFractures",
    "Pain",
    "Rule",
    "Verdict",
    "cut_lesion",
    "lesion_kind",
    "mirels",
    "published_share",
]
