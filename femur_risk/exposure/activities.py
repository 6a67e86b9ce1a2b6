"""What loads a hip in daily life: how often, and how hard."""

import math
from dataclasses import dataclass

from femur_fea.domain import Provenance
from femur_fea.registry import Registry
from femur_risk.exposure.anchor import HARD_STUMBLES
from femur_risk.exposure.daily_life import GRAVITY, USUAL_STEPS, DailyLife

__all__ = ["ACTIVITIES", "Activity"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Activity:
    """A kind of event that loads one hip.

    The peak force of an event has a lognormal distribution: people differ, and so do the events of
    one person.

    Attributes
    ----------
    strengths : tuple of str
        Names of loads whose strength counts, the nearest first; the first that is known is taken.
    force_BW : float or None
        Median peak force in body weights; None where it does not grow with the body.
    force_N : float or None
        Median peak force where it does not.
    between, within : float
        Standard deviation of the force's logarithm among people and among events of one person.
    per_day : float
        Events a day on one hip of somebody with `reference_steps` steps a day.
    reference_steps : float or None
        Steps with which the events grow; None where they do not.
    without_pain : float
        Factor on the events of somebody without pain.
    provenance : {"published", "unverified"}
        Whether all numbers were read in a source.
    source : str
        Where they come from.
    """

    strengths: tuple[str, ...]
    force_BW: float | None = None
    force_N: float | None = None
    between: float
    within: float
    per_day: float
    reference_steps: float | None = None
    without_pain: float = 1.0
    provenance: Provenance = "unverified"
    source: str

    def events_per_day(self, life: DailyLife) -> float:
        """Return how many events a day a life has on one hip."""
        steps = self.reference_steps
        share = 1.0 if steps is None else life.steps_per_day / steps
        return self.per_day * share * (1.0 if life.in_pain else self.without_pain)

    def median_force(self, life: DailyLife) -> float:
        """Return the median peak force of somebody like most, N."""
        if self.force_BW is not None:
            return self.force_BW * life.mass_kg * GRAVITY
        return float(self.force_N or 0.0)


_STEPS = USUAL_STEPS  # with 3 flights of stairs: Gresham et al. 2018
_ADVANCED = "npj Digit Med 2018;1:27, doi:10.1038/s41746-018-0032-6 (37 patients, abstract)"
_WITHIN = "scatter among the events of one person: a choice"
_HIP98 = "Bergmann et al., J Biomech 2001;34:859 (4 hips, abstract)"

ACTIVITIES: Registry[Activity] = Registry("activity")

ACTIVITIES.add(
    "walking",
    Activity(
        strengths=("walking", "stance"),
        force_BW=2.471,
        between=0.082,
        within=0.08,
        per_day=0.5 * _STEPS,
        reference_steps=_STEPS,
        source="force and its scatter among people: OrthoLoad, 10 hips; steps: Gresham et al., "
        f"{_ADVANCED}, half of them on this leg; {_WITHIN}",
    ),
)
ACTIVITIES.add(
    "stairs",
    Activity(
        strengths=("stairs_up", "stairs_down", "walking", "stance"),
        force_BW=2.555,
        between=0.082,
        within=0.10,
        per_day=3.0 * 12.0 / 2.0,
        reference_steps=_STEPS,
        source=f"force: mean of up and down, {_HIP98}; scatter among people: that of walking; "
        f"3 flights a day: Gresham et al., {_ADVANCED}; 12 steps in a flight: a choice; {_WITHIN}",
    ),
)
ACTIVITIES.add(
    "chair_rise",
    Activity(
        strengths=("chair_rise", "stance"),
        force_BW=2.05,
        between=0.31,
        within=0.08,
        per_day=35.0,
        reference_steps=_STEPS,
        source="force: 215 % of body weight with a standard deviation of 68.5 among people, "
        "OrthoLoad, 9 hips, one of which had 390 % and makes most of it (median 186.5); number: "
        "patients with hip replacements, ISTA 2015, doi:10.1302/1358-992X.98BSUPP_8.ISTA2015-008 "
        f"(abstract); {_WITHIN}",
    ),
)
ACTIVITIES.add(
    "stumble",
    Activity(
        strengths=("stumble", "walking", "stance"),
        force_BW=math.sqrt(7.20 * 8.70),
        between=0.10,
        within=0.20,
        per_day=HARD_STUMBLES.a_year / 365.25,
        reference_steps=_STEPS,
        source="force: geometric mean of the two stumbles of Bergmann et al., J Biomech "
        "1993;26:969 (abstract), 720 and 870 % of body weight; scatter: choices. How often one "
        f"stumbles so hard: {HARD_STUMBLES.source}",
    ),
)
ACTIVITIES.add(
    "fall",
    Activity(
        strengths=("fall", "fall_grid"),
        force_N=3682.0,
        between=0.0,
        within=0.408,
        per_day=0.01 * math.log(2.0) / 96.0,
        without_pain=1.0 / 1.96,
        source="force: 4.0 +- 1.7 kN, Lim and Choi 2020 (abstract), as lognormal; falls: median "
        "time of 96 days and hazard ratio of 1.96 for pain, Stone et al., J Clin Oncol 2012 "
        "(185 patients with advanced cancer, abstract). One fall in a hundred hits this hip: "
        "derived, because one in a hundred breaks a hip (Falls, an editorial, abstract) and half "
        "of the impacts on either hip exceed 3.9 +- 1.7 kN (Eckstein et al. 2004)",
    ),
)
