"""The report's words, in one place."""

__all__ = ["LOAD_NAMES", "WORDS"]

WORDS = {
    "title": "Strength of the femur",
    "research_use": "Research use only: not a medical device",
    "simulated": "Simulated: a virtual patient. No person was scanned, and nothing here holds for "
    "anybody.",
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
    "first_yield": "First yield",
    "stiffness": "Stiffness",
    "healed": "Strength of lesion-free twin",
    "loss": "Loss",
    "strain_fold": "Strain fold ratio",
    "strain_fold_note": "The strain fold ratio is the largest strain of bone near the lesion over "
    "that of the lesion-free twin; against healthy femora, its published threshold is",
    "weakest_site": "Weakest site",
    "point": "Place (LPS, mm)",
    "strength_linear": (
        "Strength is the force on the femoral head, or the moment in the shaft, at which the "
        "failure criterion is first met."
    ),
    "strength_nonlinear": (
        "Strength is the force on the femoral head at which its curve against displacement has "
        "become flat or, where it has not, the last force that was looked at."
    ),
    "site_linear": "it fails first in the",
    "site_nonlinear": "it yields most in the",
    "healed_note": (
        "The lesion-free twin is the same bone with its lesion replaced by bone like that around."
    ),
    "no_lesion": "No lesion was given: there is no lesion-free twin to compare with.",
    "no_mass": "Body mass was not given: strength is not stated in body weights.",
    "quality": "Quality",
    "scan": "Scan",
    "calibration": "Calibration",
    "mesh": "Mesh",
    "shape": "Bone",
    "rigidity": "Rigidity of sections",
    "solver": "Solver",
    "no_warnings": "The run gave no warning.",
    "unverified": "Constants not checked against their source",
    "figures": "Figures",
    "methods": "Methods",
    "step": "Step",
    "description": "What was done",
    "source": "Source",
    "versions": "Software",
    "not_stated": "not stated",
    "unknown_range": "not known: the law's source states no range",
    "none": "–",  # noqa: RUF001 -- an en dash is how a table leaves a cell empty
}

LOAD_NAMES = {
    "stance": "Stance",
    "stance_cup": "Stance, driven by a cup",
    "walking": "Walking",
    "walking_muscles": "Walking, with muscles",
    "stairs_up": "Climbing stairs",
    "stairs_up_muscles": "Climbing stairs, with muscles",
    "stairs_down": "Going down stairs",
    "chair_rise": "Rising from a chair",
    "stumble": "Stumbling",
    "axial": "Axial load",
    "axial_cup": "Axial load, driven by a cup",
    "fall": "Sideways fall",
    "fall_grid": "Sideways fall",
    "torsion_internal": "Internal torsion of the shaft",
    "torsion_external": "External torsion of the shaft",
    "bending_lateral": "Bending of the shaft, lateral side stretched",
    "bending_anterior": "Bending of the shaft, anterior side stretched",
    "bending_medial": "Bending of the shaft, medial side stretched",
    "bending_posterior": "Bending of the shaft, posterior side stretched",
    "bending_grid": "Bending of the shaft",
}
