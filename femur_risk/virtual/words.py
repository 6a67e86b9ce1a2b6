"""Who a virtual patient is, in a sentence."""

from femur_risk.virtual.patient import ScannedPatient

__all__ = ["describe_patient"]


def describe_patient(patient: ScannedPatient) -> str:
    """Return person, lesion and scan of a virtual patient in words."""
    person, settings = patient.clinical, patient.settings
    who = "woman" if person.sex == "female" else "man"
    return (
        f"a {who} of {person.age_years:.0f} years, {person.height_cm:.0f} cm and "
        f"{person.mass_kg:.0f} kg, with {_lesion(patient)}, scanned on a calibration phantom at "
        f"{settings.tube.voltage_kV:.0f} kV in slices of {settings.slice_thickness_mm:g} mm"
    )


def _lesion(patient: ScannedPatient) -> str:
    side = patient.bone.owner.side
    if patient.lesion is None or patient.site is None:
        return f"a {side} femur without a lesion"
    level, _, direction = patient.site.name.partition("_")
    return (
        f"a {patient.lesion.kind} lesion of {patient.lesion.diameter:.0f} mm in the {direction} "
        f"{level} region of the {side} femur"
    )
