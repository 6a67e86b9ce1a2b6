"""The strength of a bone, were its lesion larger or a region of it denser."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from scipy import ndimage

from femur_fea.domain import BoolArray, DensityField, FemoralFrame, LabelMask
from femur_fea.strength import regions_of
from femur_risk.pipeline.perturbation import Perturbation
from femur_risk.pipeline.perturbed import PerturbedFemur
from femur_risk.pipeline.run import Run
from femur_risk.pipeline.studied import bone_of

__all__ = [
    "DENSER",
    "GROWTH",
    "Counterfactuals",
    "counterfactuals",
    "denser_region",
    "grown_lesion",
]

GROWTH = 1.10  # of the volume of the lesion: the question that is asked, not a rate of growth
DENSER = 1.10  # of the density: the same question of the bone


@dataclass(frozen=True, slots=True, kw_only=True)
class Counterfactuals:
    """Factors on the strengths, by load, were the bone another one.

    Attributes
    ----------
    larger_lesion : mapping from load to float, or None
        Were the lesion a tenth larger; None without a lesion.
    denser_region : mapping from load to float
        Were the bone of a region a tenth denser.
    """

    larger_lesion: Mapping[str, float] | None
    denser_region: Mapping[str, float]


def counterfactuals(run: Run, strengths: Mapping[str, float], *, region: str) -> Counterfactuals:
    """Return how strong the bone of a run would be, were it another one.

    Parameters
    ----------
    run : Run
        A run of a linear model whose strengths are known.
    strengths : mapping of str to float, N
        Those of the bone as it is, of the loads that are forces and of interest.
    region : str
        Anatomical region that becomes denser.
    """
    bone = bone_of(run).in_weakest_directions()

    def factors(other: PerturbedFemur) -> dict[str, float]:
        then = dict(zip(other.loads, np.exp(other.log_strengths([Perturbation()])[0]), strict=True))
        return {name: float(then[name]) / strength for name, strength in strengths.items()}

    larger = None
    if bone.lesion is not None:
        lesion = grown_lesion(bone.femur, bone.lesion)
        emptied = _emptied(bone.equivalent, bone.lesion, lesion)
        larger = factors(replace(bone, lesion=lesion, equivalent=emptied))
    denser = denser_region(bone.equivalent, bone.femur, bone.lesion, bone.frame, region)
    return Counterfactuals(
        larger_lesion=larger, denser_region=factors(replace(bone, equivalent=denser))
    )


def denser_region(
    density: DensityField,
    femur: LabelMask,
    lesion: LabelMask | None,
    frame: FemoralFrame,
    region: str,
) -> DensityField:
    """Return the density with the bone of a region a tenth denser, the lesion as it is."""
    bone = femur.inside if lesion is None else femur.inside & ~lesion.inside
    places = np.argwhere(bone)
    chosen = places[regions_of(frame, density.grid.to_world(places.astype(np.float64))) == region]
    rho = density.rho.copy()
    rho[tuple(chosen.T)] *= np.float32(DENSER)
    return DensityField(grid=density.grid, rho=rho, kind=density.kind)


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
