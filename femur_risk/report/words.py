"""The report's words, in one place."""

from femur_fea.domain import PLATEAU_SLOPE, CurveEnd

__all__ = ["CURVE_ENDS", "LOAD_NAMES", "STRENGTHS", "WORDS"]

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
    "not_judged": "not judged",
    "within_error": "within error",
    "within_twin_error": "within the error of the lesion-free twin",
    "hidden": "of it lies under the load or next to the support, or where this load does not load "
    "the bone",
    "strain_fold": "Strain fold ratio",
    "strain_fold_note": "The strain fold ratio is the largest strain of bone near the lesion over "
    "that of the lesion-free twin; against healthy femora, its published threshold is",
    "uncertainty": "What is not known exactly",
    "uncertain": "Uncertain",
    "sd": "Standard deviation",
    "share": "Share in the spread of strength",
    "share_of_loss": "Share in that of the loss",
    "provenance": "Provenance",
    "uncertainty_note": "Shares are of the variance of the logarithm of strength. A source without "
    "a stated standard deviation moves nothing here, and may in truth. Not in the intervals: the "
    "error of the mesh, that of the lesion-free twin, in which the lesion's density is filled in "
    "(a loss below about 10 % lies within it), and that of the chain itself against experiments.",
    # docs/theory.md, Femoral frame
    "rough": "Rough values",
    "rough_why": "Loads then follow the axis of the scanner and the bone is held near its "
    "trochanters: a tilt of the virtual femur by 10 degrees changed strength by -27 to +47 %, and "
    "no interval holds that.",
    "weakest_site": "Weakest site",
    "point": "Place (LPS, mm)",
    "strength_linear": (
        "Strength is the force on the femoral head, or the moment in the shaft, at which the "
        "failure criterion is first met."
    ),
    "plate": "strength is the force on the head; the plate under the trochanter then presses with",
    "site_linear": "it fails first in the",
    "site_nonlinear": "it yields most in the",
    "healed_note": (
        "The lesion-free twin is the same bone with its lesion replaced by bone like that around."
    ),
    "no_lesion": "No lesion was given: there is no lesion-free twin to compare with.",
    "no_mass": "Body mass was not given: strength is not stated in body weights.",
    "quality": "Quality of scan and calibration",
    "model": "Model",
    "scan": "Scan",
    "calibration": "Calibration",
    "mesh": "Mesh",
    "shape": "Bone",
    "rigidity": "Rigidity of sections",
    "solves": "How each model was solved",
    "solve": "Model",
    "element": "Element",
    "unknowns": "Unknowns",
    "linear_method": "Linear method",
    "newton": "Newton iterations",
    "iterations": "Iterations",
    "residual": "True residual",
    "energy_error": "Energy error",
    "ranks": "Ranks",
    "seconds": "Seconds",
    "solve_note": "Residual over the load, energy error over the energy norm of the displacement; "
    "of a family of directions those of the weakest one.",
    "solve_note_nonlinear": "Iterations are those of conjugate gradients in all Newton iterations; "
    "the residual is that of the state computed at failure or next after it, over the internal "
    "forces.",
    "no_warnings": "The run gave no warning.",
    "risk": "Risk of fracture",
    "risk_title": "Risk of fracture",
    "risk_any": "any fracture",
    "risk_interval": "90 % interval",
    "risk_median": "half of such bones below",
    "risk_above": "mean of the weakest twentieth",
    "risk_by_activity": "Probability of a fracture, and what brings it",
    "risk_reasons": "Main reasons",
    "risk_what_if": "What if (within 6 months)",
    "risk_unknown": "What is not known, at the likeliest way to break",
    "risk_assumed": "Assumed",
    "risk_rules": "Rules of today's practice, from the same images",
    "risk_rule": "rule",
    "risk_value": "value",
    "risk_at_risk_column": "at risk",
    "risk_verdict": "verdict",
    "risk_beside": "beside the probability",
    "risk_not_known": "not known or assumed",
    "unverified": "Constants not checked against their source",
    "unverified_beside": "This result rests on constants that were not checked against their "
    "source",
    "figures": "Figures",
    "methods": "Methods",
    "step": "Step",
    "description": "What was done",
    "source": "Source",
    "versions": "Software",
    "not_stated": "not stated",
    "unknown_range": "not known: the law's source states no range",
    "none": "–",  # noqa: RUF001 -- an en dash is how a table leaves a cell empty
    "unknown": "not stated",
}

STRENGTHS = {
    "peak force": "Strength (peak force) is the largest force on the femoral head of the curve of "
    "force against displacement, which falls after it.",
    "plateau force": "Strength (plateau force) is the force on the femoral head at which the slope "
    f"of the curve of force against displacement has fallen to {100.0 * PLATEAU_SLOPE:g} % of the "
    "elastic one: the curve does not fall, so that it has no peak.",
    "force at the largest displacement": "Strength (force at the largest displacement) is the last "
    "force on the femoral head that was looked at: the curve neither fell nor became flat, and the "
    "bone may carry more.",
}

CURVE_ENDS: dict[CurveEnd, str] = {
    "plateau": "ends where it has become flat",
    "past the peak": "ends past its peak, where the force has fallen far below it",
    "maximum displacement": "ends at the largest displacement that was looked at",
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
