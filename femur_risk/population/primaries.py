"""Primary tumours of patients with metastases of bone."""

from dataclasses import dataclass

from femur_fea.domain import Provenance
from femur_fea.registry import Registry

__all__ = ["PRIMARIES", "PrimaryTumour"]


@dataclass(frozen=True, slots=True, kw_only=True)
class PrimaryTumour:
    """How common a primary tumour is among metastases of bone, and how long patients live.

    Attributes
    ----------
    share : float
        Share of all patients with metastases of bone.
    men : float or None
        Share of men among them; None where it is that of all tumours but breast and prostate.
    median_survival_months : float
        Half of the patients die within it.
    provenance : {"published", "unverified"}
        Whether share and survival were both read in a source, for this very tumour.
    source : str
        Citation.
    """

    share: float
    men: float | None
    median_survival_months: float
    provenance: Provenance
    source: str


_SHARE = (
    "share: 407 893 patients, Bone Jt Open 2023 (BJO-2023-0042.R1), doi:10.1302/2633-1462.46"
    ".BJO-2023-0042.R1, abstract"
)
_SURVIVAL = "survival: median of metastases of the spine, Bollen, thesis, 1379 patients"

PRIMARIES: Registry[PrimaryTumour] = Registry("primary tumour")


def _add(
    name: str, share: float, months: float, *, men: float | None = None, instead: str = ""
) -> None:
    PRIMARIES.add(
        name,
        PrimaryTumour(
            share=share,
            men=men,
            median_survival_months=months,
            provenance="unverified" if instead else "published",
            source=f"{_SHARE}; {instead or _SURVIVAL}",
        ),
    )


_add("lung", 0.248, 2.0)
_add("prostate", 0.194, 7.4, men=1.0)
_add("breast", 0.193, 18.6, men=0.0)
_add("gastrointestinal", 0.094, 3.1, instead=f"{_SURVIVAL}, that of the colon")
_add("urological", 0.065, 7.8, instead=f"{_SURVIVAL}, that of the kidney")
_add(
    "other",
    0.206,
    7.4,
    instead="survival: median of all long-bone metastases, Willeumier et al., J Bone Joint Surg"
    " 2018;100:196; the share is what the others leave",
)
