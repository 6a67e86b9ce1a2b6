"""How a scan was made, slice by slice and as a whole."""

import warnings
from collections.abc import Sequence
from dataclasses import fields, replace
from statistics import fmean

from femur_fea.domain import Acquisition, filter_of, image_type_of
from femur_fea.errors import FemurFEAWarning
from femur_fea.io.dicom.tags import Tags

__all__ = ["common_facts", "facts_of", "known"]

_NO_CONTRAST = frozenset(
    {"NONE", "NO", "N", "NO CONTRAST", "WITHOUT", "WITHOUT CONTRAST", "NATIVE"}
)


def facts_of(tags: Tags) -> Acquisition:
    """Return what the header of one slice tells."""
    return Acquisition(
        tube_voltage_kV=_positive(tags.number("KVP")),
        exposure_mAs=_exposure(tags),
        kernel=tags.word("ConvolutionKernel"),
        slice_thickness_mm=_positive(tags.number("SliceThickness")),
        reconstruction_diameter_mm=_positive(tags.number("ReconstructionDiameter")),
        contrast_agent=_contrast_agent(tags),
        manufacturer=tags.word("Manufacturer"),
        scanner_model=tags.word("ManufacturerModelName"),
        image_type=_image_type(tags),
        beam_filter=filter_of((*tags.words("FilterMaterial"), *tags.words("FilterType"))),
    )


def common_facts(slices: Sequence[Acquisition]) -> Acquisition:
    """Return the facts of a scan from those of its slices.

    A fact that slices state differently becomes unknown, with a `FemurFEAWarning`. The exposure,
    which scanners change from slice to slice, becomes its mean; contrast agent counts if any
    slice has it.
    """
    facts = {
        field.name: [value for item in slices if (value := getattr(item, field.name)) is not None]
        for field in fields(Acquisition)
    }
    exposures, contrast = facts.pop("exposure_mAs"), facts.pop("contrast_agent")
    agreed = {name: values[0] for name, values in facts.items() if len(set(values)) == 1}
    differing = [name for name, values in facts.items() if len(set(values)) > 1]
    if differing:
        warnings.warn(
            f"slices of the series differ in {', '.join(differing)}, which is taken as unknown",
            FemurFEAWarning,
            stacklevel=2,
        )
    return replace(
        Acquisition(**agreed),
        exposure_mAs=fmean(exposures) if exposures else None,
        contrast_agent=any(contrast) if contrast else None,
    )


def known(form: str, value: float | str | None) -> str | None:
    """Return a fact as text, None where it is not known."""
    return None if value is None else form.format(value)


def _image_type(tags: Tags) -> str | None:
    several = tags.word("MultienergyCTAcquisition") == "YES"
    return image_type_of((*tags.words("ImageType"), *(["MULTI_ENERGY"] if several else [])))


def _exposure(tags: Tags) -> float | None:
    """Return the exposure, mAs."""
    exposure = _positive(tags.number("Exposure"))
    if exposure is not None:
        return exposure
    fine = _positive(tags.number("ExposureInuAs"))
    return None if fine is None else fine / 1000.0


def _positive(value: float | None) -> float | None:
    """Return a number, None for the zero that some scanners write where they do not know."""
    return value if value is not None and value > 0.0 else None


def _contrast_agent(tags: Tags) -> bool | None:
    """Return whether the header names a contrast agent or a volume of it; None if neither.

    An empty name means that the agent is not known (PS3.3 C.7.6.4), but scanners leave it empty
    without contrast as well.
    """
    agent = tags.word("ContrastBolusAgent")
    if agent is not None:
        return agent.upper() not in _NO_CONTRAST
    volume = tags.number("ContrastBolusVolume")
    if tags.items("ContrastBolusAgentSequence") or (volume or 0.0) > 0.0:
        return True
    return None if volume is None else False
