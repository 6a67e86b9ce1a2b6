"""The main reasons of a risk: what loads the bone, the lesion, and where it is weak."""

from collections.abc import Mapping
from dataclasses import dataclass

from femur_risk.assessment.card import Reason
from femur_risk.assessment.patient import Patient

__all__ = ["WeakSite", "reasons"]


@dataclass(frozen=True, slots=True, kw_only=True)
class WeakSite:
    """Where a bone fails under a load.

    Attributes
    ----------
    region : str
        Anatomical region.
    mode : str
        "tension" or "compression".
    """

    region: str
    mode: str


def reasons(
    patient: Patient, sites: Mapping[str, WeakSite], *, denser_region: Mapping[str, float]
) -> tuple[Reason, ...]:
    """Return the main reasons, each with the strength and the risk that it costs.

    Parameters
    ----------
    patient : Patient
        Whose risk.
    sites : mapping from load to WeakSite
        Where the bone fails under each load.
    denser_region : mapping from load to float
        Factors on the strengths, were the bone denser where it fails under the leading load.
    """
    load = patient.leading_load
    found = [_of_activity(patient, load)]
    if patient.healed_factors is not None:
        found.append(_of_lesion(patient, load, patient.healed_factors))
    found.append(_of_site(patient, load, sites[load], denser_region))
    return tuple(found)


def _of_activity(patient: Patient, load: str) -> Reason:
    now, leading = patient.within_class_months(), patient.leading_activity
    share = now.activities[leading] / now.probability
    return Reason(
        kind="activity",
        name=leading,
        text=f"{100.0 * share:.0f} % of it comes from the activity {_words(leading)!r}"
        + _beside(load, patient.strength.strengths),
        probability_without=now.without[leading],
        strength_effect=_against_strongest(load, patient.strength.strengths),
    )


def _of_lesion(patient: Patient, load: str, healed: Mapping[str, float]) -> Reason:
    effect = 1.0 / healed[load] - 1.0
    return Reason(
        kind="lesion",
        name=load,
        text=f"the lesion changes the strength under {_words(load)!r} by {100.0 * effect:+.0f} %",
        probability_without=patient.another_bone(healed).within_class_months().probability,
        strength_effect=effect,
    )


def _of_site(patient: Patient, load: str, site: WeakSite, denser: Mapping[str, float]) -> Reason:
    text = f"the bone is weakest in the {site.region} region, in {site.mode}, under "
    gain = 100.0 * (denser[load] - 1.0)
    return Reason(
        kind="site",
        name=site.region,
        text=f"{text}{_words(load)!r}: {patient.strength.strengths[load]:.0f} N "
        f"({gain:+.0f} % with a tenth more of density there)",
        probability_without=patient.another_bone(denser).within_class_months().probability,
        strength_effect=1.0 / denser[load] - 1.0,
    )


def _against_strongest(load: str, strengths: Mapping[str, float]) -> float | None:
    """Return strength over that under the load that the bone bears best, less one."""
    others = [strength for name, strength in strengths.items() if name != load]
    return strengths[load] / max(others) - 1.0 if others else None


def _beside(load: str, strengths: Mapping[str, float]) -> str:
    effect = _against_strongest(load, strengths)
    if effect is None:
        return ""
    best = max((name for name in strengths if name != load), key=lambda name: strengths[name])
    than = f"{abs(100.0 * effect):.0f} % {'less' if effect < 0.0 else 'more'} than"
    return f" (under {_words(load)!r} the bone bears {than} under {_words(best)!r})"


def _words(name: str) -> str:
    return name.replace("_", " ")
