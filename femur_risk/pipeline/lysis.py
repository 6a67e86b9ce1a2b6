"""The strength of a bone whose lesion has grown."""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
from scipy import ndimage

from femur_fea.domain import BoolArray, DensityField, LabelMask
from femur_fea.presets import PRESETS
from femur_risk.pipeline.perturbation import Perturbation
from femur_risk.pipeline.run import Run
from femur_risk.pipeline.studied import bone_of

__all__ = ["GROWTH", "grown_lesion", "more_lysis"]

GROWTH = 1.10  # of the volume of the lesion: the question that is asked, not a rate of growth


def more_lysis(run: Run, strengths: Mapping[str, float]) -> dict[str, dict[str, float]]:
    """Return the factors on the strengths, by load, were the lesion a tenth larger.

    Empty without a lesion, and for a nonlinear model, which takes minutes to solve again.

    Parameters
    ----------
    run : Run
        A run whose strengths are known.
    strengths : mapping of str to float, N
        Those of the bone as it is, of the loads that are forces and of interest.
    """
    if not run.has_lesion or PRESETS[run.config.preset.name].model == "nonlinear":
        return {}
    bone = bone_of(run).in_weakest_directions()
    if bone.lesion is None:
        return {}
    lesion = grown_lesion(bone.femur, bone.lesion)
    worse = replace(bone, lesion=lesion, equivalent=_emptied(bone.equivalent, bone.lesion, lesion))
    then = dict(zip(bone.loads, np.exp(worse.log_strengths([Perturbation()])[0]), strict=True))
    factors = {name: float(then[name]) / strength for name, strength in strengths.items()}
    return {"lesion 10 % larger": factors}


def grown_lesion(femur: LabelMask, lesion: LabelMask) -> LabelMask:
    """Return the lesion with the nearest bone around it, a tenth more of volume."""
    apart = ndimage.distance_transform_edt(~lesion.inside, sampling=lesion.grid.spacing)
    candidates = np.flatnonzero(femur.inside & ~lesion.inside)
    wanted = min(round((GROWTH - 1.0) * np.count_nonzero(lesion.inside)), len(candidates))
    order = np.argsort(apart.ravel()[candidates], kind="stable")
    inside: BoolArray = lesion.inside.copy()
    inside.ravel()[candidates[order[:wanted]]] = True
    return LabelMask(grid=lesion.grid, inside=inside)


def _emptied(density: DensityField, lesion: LabelMask, grown: LabelMask) -> DensityField:
    """Return the density with what the lesion took at the lesion's own median."""
    rho = density.rho.copy()
    rho[grown.inside & ~lesion.inside] = np.median(density.rho[lesion.inside])
    return DensityField(grid=density.grid, rho=rho, kind=density.kind)
