"""Published rules of thumb for fractures through a lesion, and what they say of a femur."""

from dataclasses import dataclass
from typing import Literal

from femur_fea.domain import Provenance
from femur_fea.errors import OutOfRangeError
from femur_fea.registry import Registry

__all__ = ["RULES", "Comparison", "Rule", "Verdict"]

type Verdict = Literal["at risk", "not at risk", "undecided", "not assessable"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """What a rule says of a femur.

    Attributes
    ----------
    rule : str
        Name of the rule in `RULES`.
    value : (2,) float or None
        Ends of the range that what is known leaves; equal where all is known, None where the rule
        cannot be applied.
    verdict : str
        Whether the threshold is passed; "undecided" where it lies within the range.
    unknown : tuple of str
        What it would have needed, or had to assume.
    """

    rule: str
    value: tuple[float, float] | None
    verdict: Verdict
    unknown: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A measure and the threshold beyond which its authors call a femur at risk.

    Attributes
    ----------
    name, title : str
        Its name, and what it measures, in words.
    unit : str
        Unit of its value; empty for a number without one.
    threshold : float
        The value that decides, which itself is at risk.
    at_risk : {"above", "below"}
        On which side a femur is at risk.
    provenance : {"published", "unverified"}
        Whether the threshold was read in a source.
    source : str
        Citation, with what it reached there.
    """

    name: str
    title: str
    unit: str
    threshold: float
    at_risk: Literal["above", "below"]
    provenance: Provenance
    source: str

    def judge(
        self, low: float, high: float | None = None, *, unknown: tuple[str, ...] = ()
    ) -> Comparison:
        """Return what the rule says of a value, or of a range of values.

        Raises
        ------
        OutOfRangeError
            If the ends are not in order.
        """
        ends = (float(low), float(low if high is None else high))
        if not ends[0] <= ends[1]:
            raise OutOfRangeError(
                found=f"a range from {ends[0]:g} to {ends[1]:g} of {self.title}",
                expected="two numbers in order",
                remedy="give the lower end first",
            )
        verdicts = {self._is_at_risk(end) for end in ends}
        verdict: Verdict = "undecided" if len(verdicts) == 2 else "not at risk"
        if verdicts == {True}:
            verdict = "at risk"
        return Comparison(rule=self.name, value=ends, verdict=verdict, unknown=unknown)

    def cannot_judge(self, *unknown: str) -> Comparison:
        """Return that the rule cannot be applied, and why."""
        return Comparison(rule=self.name, value=None, verdict="not assessable", unknown=unknown)

    def _is_at_risk(self, value: float) -> bool:
        return value >= self.threshold if self.at_risk == "above" else value <= self.threshold


RULES: Registry[Rule] = Registry("rule")

RULES.add(
    "mirels",
    Rule(
        name="mirels",
        title="Mirels' score",
        unit="points",
        threshold=9.0,
        at_risk="above",
        provenance="published",
        source="Mirels 1989, doi:10.1097/00003086-198912000-00027, threshold as secondary sources "
        "agree; sensitivity 91 %, specificity 35 % (Damron 2003); the Dutch guideline advises "
        "against it",
    ),
)
RULES.add(
    "axial_cortical_involvement",
    Rule(
        name="axial_cortical_involvement",
        title="axial cortical involvement",
        unit="mm",
        threshold=30.0,
        at_risk="above",
        provenance="published",
        source="Van der Wal et al. 2020 (as the Dutch guideline takes it): sensitivity 86 %, "
        "specificity 50 % in 100 patients with 14 fractures, on radiographs",
    ),
)
RULES.add(
    "circumferential_cortical_involvement",
    Rule(
        name="circumferential_cortical_involvement",
        title="circumferential cortical involvement",
        unit="%",
        threshold=30.0,
        at_risk="above",
        provenance="published",
        source="Tatar et al., Radiat Oncol 2014;9:227: 71 % against 0 % fractures, 47 lesions",
    ),
)
RULES.add(
    "rigidity_loss",
    Rule(
        name="rigidity_loss",
        title="largest loss of rigidity of a section (CTRA)",
        unit="%",
        threshold=35.0,
        at_risk="above",
        provenance="unverified",
        source="Nazarian et al. 2015, doi:10.1158/1078-0432.CCR-14-2668: sensitivity 100 %, "
        "specificity 90 % in 149 lesions with 7 fractures, against the other side; threshold from "
        "memory, 33 % in children (Leong 2010)",
    ),
)
RULES.add(
    "strain_fold_ratio",
    Rule(
        name="strain_fold_ratio",
        title="strain fold ratio",
        unit="",
        threshold=1.48,
        at_risk="above",
        provenance="published",
        source="Sternheim et al. 2020, doi:10.1302/0301-620X.102B5.BJJ-2019-1328.R2: sensitivity "
        "100 %, specificity 67 % in 33 femora with 9 fractures, against healthy femora",
    ),
)
RULES.add(
    "strength_over_weight",
    Rule(
        name="strength_over_weight",
        title="strength in axial load",
        unit="body weights",
        threshold=7.5,
        at_risk="below",
        provenance="unverified",
        source="Eggermont et al. 2018, PMC6035356: sensitivity 89 %, specificity 79 % in 39 "
        "patients with 9 fractures; threshold from memory, and for its own model",
    ),
)
RULES.add(
    "residual_strength",
    Rule(
        name="residual_strength",
        title="strength that the lesion leaves",
        unit="%",
        threshold=50.0,
        at_risk="below",
        provenance="unverified",
        source="Amendola et al. 2023, doi:10.1186/s12891-023-06182-7, scores the site of a lesion: "
        "1 above 75 %, 2 from 51 to 75 %, 3 at most 50 % of the intact strength; to call a femur "
        "of the last class at risk is our reading",
    ),
)
