"""What the rules of today's practice say of a run, from its artefacts."""

from typing import Any

import numpy as np

from femur_fea.domain import DensityField, FemoralFrame, LabelMask
from femur_fea.io import read_json
from femur_fea.mapping import heal
from femur_fea.strength import Region, regions_of
from femur_risk.comparators import (
    MOST_HIDDEN,
    RULES,
    Comparison,
    LesionSections,
    Pain,
    cut_lesion,
    lesion_kind,
    mirels,
)
from femur_risk.pipeline import layout
from femur_risk.pipeline.artefacts import read_density, read_femur, read_frame_of, read_lesion
from femur_risk.pipeline.rigidity import section_planes, section_reach
from femur_risk.pipeline.run import Run

__all__ = ["compare_rules", "judge_images"]

_STEP = 1.0  # mm between sections
_NOTHING = 1e-6  # percent: what round-off leaves of a loss of nothing
_AXIAL_LOADS = ("axial", "stance")


def compare_rules(run: Run) -> tuple[Comparison, ...]:
    """Return what every rule says of the bone, in the order of `RULES`."""
    strength = read_json(run.folder / layout.STRENGTH)
    found = {
        "strength_over_weight": _over_weight(strength),
        **(_of_lesion(run, strength) if run.has_lesion else {}),
    }
    without = "a lesion: no mask of one was given"
    return tuple(found.get(name) or rule.cannot_judge(without) for name, rule in RULES.items())


def _of_lesion(run: Run, strength: dict[str, Any]) -> dict[str, Comparison]:
    return {
        **judge_images(
            read_density(run.folder),
            read_femur(run.folder),
            read_lesion(run.folder),
            read_frame_of(run.folder),
            pain=run.config.risk.pain,
        ),
        "rigidity_loss": _rigidity(strength),
        "strain_fold_ratio": _fold(strength),
        "residual_strength": _residual(strength),
    }


def judge_images(
    density: DensityField,
    femur: LabelMask,
    lesion: LabelMask,
    frame: FemoralFrame,
    *,
    pain: Pain | None,
) -> dict[str, Comparison]:
    """Return what the rules say that look at images alone: Mirels' score and the cortex involved.

    Parameters
    ----------
    density : DensityField, g/cm3
        Of the bone with its lesion.
    femur, lesion : LabelMask
        On its grid.
    frame : FemoralFrame
        Of the femur.
    pain : {"none", "mild", "moderate", "functional"} or None
        As `mirels` takes it.

    Raises
    ------
    ShapeError
        If the grids differ.
    """
    parts = [
        cut_lesion(femur, lesion, planes, reach=section_reach(frame))
        for planes in section_planes(frame, step=_STEP).values()
    ]
    beyond = _beyond(lesion, frame)
    share = max(part.widest_share for part in parts)
    score = mirels(
        region=_main_region(lesion, frame),
        kind=lesion_kind(density, heal(density, femur, lesion).density, lesion),
        width_share=(share, 1.0 if beyond else share),
        pain=pain,
    )
    return {"mirels": score, **_cortical(parts, beyond, _extent(lesion, frame))}


def _cortical(
    parts: list[LesionSections], beyond: tuple[str, ...], extent: float
) -> dict[str, Comparison]:
    """Return both involvements; what no section cuts may involve as much as it could."""
    axial = max(part.axial for part in parts)
    around = 100.0 * max(part.circumferential for part in parts)
    most = (max(axial, extent), 100.0) if beyond else (axial, around)
    names = ("axial_cortical_involvement", "circumferential_cortical_involvement")
    return {
        name: RULES[name].judge(low, high, unknown=beyond)
        for name, low, high in zip(names, (axial, around), most, strict=True)
    }


def _extent(lesion: LabelMask, frame: FemoralFrame) -> float:
    """Return the length of the lesion along the shaft or the neck, the longer of both, mm."""
    points = _points(lesion)
    return max(float(np.ptp(points @ axis)) for axis in (frame.axes[2], frame.neck_axis))


def _main_region(lesion: LabelMask, frame: FemoralFrame) -> Region:
    """Return the region in which most of the lesion lies."""
    names, counts = np.unique(regions_of(frame, _points(lesion)), return_counts=True)
    region: Region = names[np.argmax(counts)]
    return region


def _beyond(lesion: LabelMask, frame: FemoralFrame) -> tuple[str, ...]:
    """Return how much of a lesion lies in no section: in head and greater trochanter."""
    points = _points(lesion) - frame.shaft_point
    below = points @ frame.axes[2] <= 0.0
    along = points @ frame.neck_axis
    neck = float((frame.origin - frame.shaft_point) @ frame.neck_axis) - frame.head_radius
    in_neck = (along >= 0.0) & (along <= neck)
    outside = float(np.mean(~(below | in_neck)))
    if outside <= 0.1:
        return ()
    return (f"{100.0 * outside:.0f} % of the lesion, which no section of shaft or neck cuts",)


def _points(lesion: LabelMask) -> np.ndarray:
    return np.asarray(lesion.grid.to_world(np.argwhere(lesion.inside).astype(float)))


def _rigidity(strength: dict[str, Any]) -> Comparison:
    ratios = [
        part["smallest_ratio"][name]["value"]
        for part in strength["rigidity"].values()
        if part is not None and part["smallest_ratio"] is not None
        for name in ("EA", "EI", "GJ")
    ]
    if not ratios:
        return RULES["rigidity_loss"].cannot_judge("a whole section of shaft or neck")
    loss = 100.0 * (1.0 - min(ratios))
    return RULES["rigidity_loss"].judge(
        0.0 if abs(loss) < _NOTHING else loss,
        unknown=("the other side: the lesion-free twin stands for it",),
    )


def _fold(strength: dict[str, Any]) -> Comparison:
    found = [
        load["strain_fold_ratio"]["largest"]
        for load in strength["loads"].values()
        if load["strain_fold_ratio"] is not None
    ]
    if not found:
        return RULES["strain_fold_ratio"].cannot_judge("strains near the lesion by a linear model")
    return RULES["strain_fold_ratio"].judge(
        max(found),
        unknown=(
            "healthy femora: the lesion-free twin stands for them",
            f"its own loads: the largest of {', '.join(strength['loads'])}",
        ),
    )


def _over_weight(strength: dict[str, Any]) -> Comparison:
    rule = RULES["strength_over_weight"]
    names = [name for name in _AXIAL_LOADS if name in strength["loads"]]
    if not names:
        return rule.cannot_judge("a strength in stance")
    value = strength["loads"][names[0]]["strength_BW"]
    if value is None:
        return rule.cannot_judge("the body mass: --mass-kg")
    unlike = [] if strength["preset"] == "nijmegen" else ["its own model: preset nijmegen"]
    if names[0] != "axial":
        unlike.append("a load towards the knee: stance stands for it (--loads with axial gives it)")
    return rule.judge(value, unknown=tuple(unlike))


def _residual(strength: dict[str, Any]) -> Comparison:
    losses = [
        load["strength_loss_fraction"]
        for load in strength["loads"].values()
        if load["lesion_hidden_fraction"] <= MOST_HIDDEN
    ]
    if not losses:
        return RULES["residual_strength"].cannot_judge(
            "a load under which failure is looked for in the lesion"
        )
    return RULES["residual_strength"].judge(100.0 * (1.0 - max(losses)))
