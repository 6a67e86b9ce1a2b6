"""The clinical facts of a virtual patient, drawn from published distributions."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

import numpy as np

from femur_fea.errors import OutOfRangeError
from femur_risk.exposure import USUAL_STEPS, DailyLife
from femur_risk.population.primaries import PRIMARIES

__all__ = ["ClinicalRecord", "Distributions", "Pain", "Sex", "draw_build", "draw_clinical"]

type Sex = Literal["female", "male"]
type Pain = Literal["none", "mild", "functional"]

_PAINS: tuple[Pain, ...] = ("none", "mild", "functional")


@dataclass(frozen=True, slots=True, kw_only=True)
class ClinicalRecord:
    """One virtual patient.

    Attributes
    ----------
    age_years : float
        Age.
    sex : {"female", "male"}
        Sex.
    height_cm, mass_kg : float
        Height and mass.
    primary_tumour : str
        A name in `PRIMARIES`.
    pain : {"none", "mild", "functional"}
        Pain at the lesion; functional is that which bearing weight makes worse.
    steps_per_day : float
        Steps of both legs.
    """

    age_years: float
    sex: Sex
    height_cm: float
    mass_kg: float
    primary_tumour: str
    pain: Pain
    steps_per_day: float

    def __post_init__(self) -> None:
        self.daily_life  # noqa: B018 # refuses a mass or steps that cannot be

    @property
    def daily_life(self) -> DailyLife:
        """What of it counts for the loads of the hips."""
        return DailyLife(
            mass_kg=self.mass_kg,
            steps_per_day=self.steps_per_day,
            in_pain=self.pain != "none",
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Distributions:
    """Of what clinical facts are drawn.

    Attributes
    ----------
    age_years : (2,) float
        Mean and standard deviation.
    age_range_years : (2,) float
        Ends, beyond which ages are drawn again.
    men : float
        Share of men.
    height_cm : (2,) float
        Mean over both sexes, and standard deviation within one.
    sex_difference_cm : float
        By how much men are taller.
    height_range_cm : mapping from sex to (2,) float
        Ends, beyond which heights are drawn again: those of `meshing.shape.STATURE`.
    mass_index : (2,) float, kg/m2
        Median of mass over squared height, and standard deviation of its logarithm.
    steps_per_day : (2,) float
        Mean, and standard deviation of its logarithm.
    steps_with_pain : mapping from pain to float
        Factor on steps.
    pain : mapping from Mirels' class of size (1, 2, 3) to (3,) float
        Shares of no, mild and functional pain; without a lesion there is none at it.
    source : str
        Where the numbers come from, and which were not read.
    """

    age_years: tuple[float, float] = (68.0, 12.6)
    age_range_years: tuple[float, float] = (18.0, 100.0)
    men: float = 0.524
    height_cm: tuple[float, float] = (170.0, 6.5)
    sex_difference_cm: float = 13.0
    height_range_cm: Mapping[Sex, tuple[float, float]] = MappingProxyType(
        {"male": (150.0, 200.0), "female": (140.0, 190.0)}
    )
    mass_index: tuple[float, float] = (27.6, 0.16)
    steps_per_day: tuple[float, float] = (USUAL_STEPS, 0.6)
    steps_with_pain: Mapping[Pain, float] = MappingProxyType(
        {"none": 1.2, "mild": 1.0, "functional": 0.5}
    )
    pain: Mapping[int, tuple[float, float, float]] = MappingProxyType(
        {1: (0.35, 0.45, 0.20), 2: (0.20, 0.45, 0.35), 3: (0.10, 0.35, 0.55)}
    )
    source: str = (
        "age and share of men: 185 patients with advanced cancer, Stone et al., J Clin Oncol 2012"
        " (abstract); mean height and mass: 100 patients of 63 years before they were followed"
        " after hip replacement, ISTA 2015, doi:10.1302/1358-992X.98BSUPP_8.ISTA2015-008"
        " (abstract); steps: 37 patients with advanced cancer, Gresham et al. 2018,"
        " doi:10.1038/s41746-018-0032-6 (abstract). Not read and unverified: all other numbers"
    )


def draw_clinical(
    *, seed: int, lesion_share: float, distributions: Distributions | None = None
) -> ClinicalRecord:
    """Return the clinical facts of a virtual patient.

    Parameters
    ----------
    seed : int
        Draws them.
    lesion_share : float
        Largest width of the lesion over that of the bone, 0 without a lesion; more of it makes
        pain more likely, as Mirels' thirds.
    distributions : Distributions, optional
        Of what they are drawn.

    Raises
    ------
    OutOfRangeError
        If the share is negative.
    """
    given = distributions or Distributions()
    rng = np.random.default_rng(seed)
    primary = _primary(rng)
    sex = _sex(rng, primary, given.men)
    height, mass = draw_build(rng, sex, given)
    age = _age(rng, given)
    pain = _pain(float(rng.random()), lesion_share, given)
    mean, spread = given.steps_per_day
    usual = mean * float(np.exp(spread * rng.standard_normal() - 0.5 * spread**2))
    return ClinicalRecord(
        age_years=round(age, 1),
        sex=sex,
        height_cm=round(height, 1),
        mass_kg=round(mass, 1),
        primary_tumour=primary,
        pain=pain,
        steps_per_day=round(usual * given.steps_with_pain[pain]),
    )


def draw_build(
    rng: np.random.Generator, sex: Sex, distributions: Distributions | None = None
) -> tuple[float, float]:
    """Return height, cm, and mass, kg, of a person of a sex.

    Parameters
    ----------
    rng : Generator
        Draws them.
    sex : {"female", "male"}
        Whose.
    distributions : Distributions, optional
        Of what they are drawn.
    """
    given = distributions or Distributions()
    mean, spread = given.height_cm
    above = 0.5 * given.sex_difference_cm * (1.0 if sex == "male" else -1.0)
    low, high = given.height_range_cm[sex]
    height = np.inf
    while not low <= height <= high:
        height = mean + above + spread * float(rng.standard_normal())
    mass = given.mass_index[0] * (0.01 * height) ** 2
    return height, mass * float(np.exp(given.mass_index[1] * rng.standard_normal()))


def _primary(rng: np.random.Generator) -> str:
    shares = np.array([tumour.share for tumour in PRIMARIES.values()])
    return str(rng.choice([*PRIMARIES], p=shares / shares.sum()))


def _sex(rng: np.random.Generator, primary: str, men: float) -> Sex:
    """Draw the sex so that the share of men among all patients is `men`."""
    known = [tumour for tumour in PRIMARIES.values() if tumour.men is not None]
    settled = sum(tumour.share for tumour in known)
    of_men = sum(tumour.share * (tumour.men or 0.0) for tumour in known)
    own = PRIMARIES[primary].men
    chance = (men - of_men) / (1.0 - settled) if own is None else own
    return "male" if rng.random() < chance else "female"


def _age(rng: np.random.Generator, given: Distributions) -> float:
    from scipy.stats import truncnorm

    mean, spread = given.age_years
    low, high = ((end - mean) / spread for end in given.age_range_years)
    return float(truncnorm.ppf(rng.random(), low, high, loc=mean, scale=spread))


def _pain(chance: float, lesion_share: float, given: Distributions) -> Pain:
    if not lesion_share >= 0.0:
        raise OutOfRangeError(
            found=f"a lesion of {lesion_share:g} of the bone's width",
            expected="0 or more",
            remedy="give width over width",
        )
    if lesion_share == 0.0:
        return "none"
    size = 1 if lesion_share < 1.0 / 3.0 else 2 if lesion_share <= 2.0 / 3.0 else 3
    ends = np.cumsum(given.pain[size])
    return _PAINS[min(int(np.searchsorted(ends / ends[-1], chance, side="right")), 2)]
