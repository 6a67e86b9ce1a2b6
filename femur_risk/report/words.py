"""The report's words, in one place."""

__all__ = ["LOAD_NAMES", "WORDS"]

WORDS = {
    "title": "Strength of the femur",
    "research_use": "Research use only: not a medical device",
    "case": "Case",
    "side": "Side",
    "date": "Date of the run",
    "version": "femur-fea version",
    "mass": "Body mass",
    "preset": "Chain of laws",
    "result": "Result",
    "table_title": "Strength by load",
    "load": "Load",
    "strength": "Strength",
    "interval": "90 % interval",
    "strength_bw": "Strength / body weight",
    "stiffness": "Stiffness",
    "healed": "Strength of healed twin",
    "loss": "Loss",
    "weakest_site": "Weakest site",
    "point": "Place (LPS, mm)",
    "table_note": (
        "Strength is the force on the femoral head at which the failure criterion is first met."
    ),
    "healed_note": (
        "The healed twin is the same bone with the lesion replaced by bone like that around it."
    ),
    "no_lesion": "No lesion was given: there is no healed twin to compare with.",
    "no_mass": "Body mass was not given: strength is not stated in body weights.",
    "quality": "Quality",
    "scan": "Scan",
    "calibration": "Calibration",
    "mesh": "Mesh",
    "shape": "Bone",
    "solver": "Solver",
    "warnings": "Warnings",
    "no_warnings": "The run gave no warning.",
    "unverified": "Constants not checked against their source",
    "figures": "Figures",
    "methods": "Methods",
    "step": "Step",
    "description": "What was done",
    "source": "Source",
    "versions": "Software",
    "none": "–",  # noqa: RUF001 -- an en dash is how a table leaves a cell empty
}

LOAD_NAMES = {"stance": "Stance", "fall": "Sideways fall"}
