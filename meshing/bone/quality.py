"""How much bone one person has: a record that can be drawn from a population."""

from dataclasses import dataclass, replace

import numpy as np

from femur_fea.domain import Provenance
from femur_fea.errors import OutOfRangeError
from femur_fea.registry import Registry
from meshing.bone.published import AGE_COURSES
from meshing.shape.stature import Sex

__all__ = ["SPREADS", "BoneQuality", "Spread", "contralateral", "draw_quality", "mean_quality"]

_SEEDS = 2**32  # number of patterns


@dataclass(frozen=True, slots=True, kw_only=True)
class BoneQuality:
    """Density and cortex of one femur.

    Attributes
    ----------
    age : float, years
        Of the person, an adult.
    sex : {"female", "male"}
        Of the person.
    trabecular : float
        Trabecular density over the mean at this age and sex.
    cortex : float
        Cortical thickness over the mean at this age and sex.
    porosity : float
        Part of the cortex that is pores.
    fatty_marrow : float
        Part of the marrow that is fat.
    pattern_seed : int
        Where thickness and density vary over centimetres; alike in both femora of a person.
    texture_seed : int
        Where density varies over a millimetre.
    """

    age: float
    sex: Sex
    trabecular: float
    cortex: float
    porosity: float
    fatty_marrow: float
    pattern_seed: int
    texture_seed: int

    def __post_init__(self) -> None:
        for name in ("trabecular", "cortex"):
            _check_within(name, getattr(self, name), 0.1, 10.0)
        for name in ("porosity", "fatty_marrow"):
            _check_within(name, getattr(self, name), 0.0, 1.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """How much a property differs between people, or between the femora of one.

    Attributes
    ----------
    sd : float
        Standard deviation: of the logarithm of a factor, or of a fraction itself.
    source : str
        Citation, or that it is a choice.
    provenance : {"published", "unverified"}
        Whether it was read there.
    """

    sd: float
    source: str
    provenance: Provenance


SPREADS: Registry[Spread] = Registry("spread")
SPREADS.add(
    "trabecular",
    Spread(
        sd=0.24,
        source="choice, with the 18 % by which the trochanteric region varies in view: Cheng"
        " et al. 2009, doi:10.3760/cma.j.issn.1005-1201.2009.02.003",
        provenance="unverified",
    ),
)
SPREADS.add(
    "cortex",
    Spread(sd=0.14, source="choice, see the spread of trabecular density", provenance="unverified"),
)
SPREADS.add("porosity", Spread(sd=0.015, source="choice", provenance="unverified"))
SPREADS.add("fatty_marrow", Spread(sd=0.05, source="choice", provenance="unverified"))
SPREADS.add(
    "sides",
    Spread(
        sd=0.078,
        source="Calcif Tissue Int 1997;61:189, doi:10.1007/s002239900321: ratio of"
        " asymmetry of areal density of the neck in 266 women, the error of measurement included",
        provenance="published",
    ),
)
_SHARED = 0.6  # correlation of trabecular density and cortical thickness between people: a choice


def mean_quality(age: float, sex: Sex) -> BoneQuality:
    """Return the bone of an average person, without chance but for patterns of seed 0.

    Raises
    ------
    OutOfRangeError
        If the age is not that of an adult.
    """
    return BoneQuality(
        age=age,
        sex=sex,
        trabecular=1.0,
        cortex=1.0,
        porosity=AGE_COURSES["cortical_porosity"].at(age, sex),
        fatty_marrow=min(1.0, AGE_COURSES["fatty_marrow"].at(age, sex)),
        pattern_seed=0,
        texture_seed=0,
    )


def draw_quality(age: float, sex: Sex, rng: np.random.Generator) -> BoneQuality:
    """Return the bone of a person drawn from the population of this age and sex.

    Factors are lognormal with median 1; density and thickness are correlated.

    Raises
    ------
    OutOfRangeError
        If the age is not that of an adult.
    """
    mean = mean_quality(age, sex)
    common, own, porosity, marrow = rng.standard_normal(4)
    cortex = _SHARED * common + np.sqrt(1.0 - _SHARED**2) * own
    return replace(
        mean,
        trabecular=float(np.exp(SPREADS["trabecular"].sd * common)),
        cortex=float(np.exp(SPREADS["cortex"].sd * cortex)),
        porosity=float(np.clip(mean.porosity + SPREADS["porosity"].sd * porosity, 0.01, 0.3)),
        fatty_marrow=float(
            np.clip(mean.fatty_marrow + SPREADS["fatty_marrow"].sd * marrow, 0.0, 1.0)
        ),
        pattern_seed=int(rng.integers(_SEEDS)),
        texture_seed=int(rng.integers(_SEEDS)),
    )


def contralateral(quality: BoneQuality, rng: np.random.Generator) -> BoneQuality:
    """Return the bone of the person's other femur: the same pattern, another amount and texture."""
    factor = float(np.exp(SPREADS["sides"].sd * rng.standard_normal()))
    return replace(
        quality,
        trabecular=quality.trabecular * factor,
        cortex=quality.cortex * factor,
        texture_seed=int(rng.integers(_SEEDS)),
    )


def _check_within(name: str, value: float, low: float, high: float) -> None:
    if not low <= value <= high:
        raise OutOfRangeError(
            found=f"{name} of {value:g}",
            expected=f"{low:g} to {high:g}",
            remedy="factors are relative to the mean, fractions lie between 0 and 1",
        )
