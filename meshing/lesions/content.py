"""What lesions hold, in CT numbers and in density."""

from dataclasses import dataclass

from femur_fea.domain import Provenance

__all__ = ["DENSITY_CONTENT", "HU_CONTENT", "LesionContent"]


@dataclass(frozen=True, slots=True, kw_only=True)
class LesionContent:
    """Tumour and woven bone as an image shows them.

    Attributes
    ----------
    tumour : float
        Mean of soft tumour, in the image's unit.
    woven : float
        Mean of the woven bone of blastic lesions.
    woven_sd : float
        Standard deviation of that mean between lesions.
    variation : float
        Relative standard deviation of woven bone within a lesion.
    source : str
        Citation, or that it is a choice.
    provenance : {"published", "unverified"}
        Whether all of it was read there.
    """

    tumour: float
    woven: float
    woven_sd: float
    variation: float
    source: str
    provenance: Provenance


HU_CONTENT = LesionContent(
    tumour=50.0,
    woven=654.0,
    woven_sd=176.0,
    variation=0.15,
    source="woven bone: 153 untreated osteoblastic metastases, Ulano et al. 2016,"
    " doi:10.2214/AJR.15.15559; tumour: soft tissue, a choice; variation: choice",
    provenance="unverified",
)
_LINE = 0.00079  # g/cm3 CaHA per HU at 120 kV: a choice, that of the demonstration
DENSITY_CONTENT = LesionContent(
    tumour=_LINE * HU_CONTENT.tumour,
    woven=_LINE * HU_CONTENT.woven,
    woven_sd=_LINE * HU_CONTENT.woven_sd,
    variation=HU_CONTENT.variation,
    source=f"CT numbers by {_LINE:g} g/cm3 per HU; {HU_CONTENT.source}",
    provenance="unverified",
)
