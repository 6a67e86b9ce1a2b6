"""One virtual patient: who it is, which bone and lesion, and the CT of it."""

from dataclasses import dataclass

import numpy as np

from femur_fea.domain import LabelMask
from femur_fea.errors import NotConvergedError, SegmentationError
from femur_risk.population import ClinicalRecord, draw_clinical
from femur_risk.scanner import ScannerSettings, SimulatedScan
from femur_risk.virtual.lesion import draw_plan
from femur_risk.virtual.scan import draw_scanner, scan_femur
from meshing.femora import Owner, VirtualFemur, draw_femur_of, with_lesions
from meshing.lesions import Lesion, LesionSite, draw_lesion

__all__ = ["PersonWithFemur", "ScannedPatient", "draw_patient", "draw_person"]

_PERSONS = 10  # of which one has a femur of the shape model


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PersonWithFemur:
    """A virtual patient before any scan.

    Attributes
    ----------
    clinical : ClinicalRecord
        The person.
    bone : VirtualFemur
        The femur as it is, with its lesion.
    lesion, site : Lesion and LesionSite, or None
        What was put into it, and where; None without a lesion.
    n_refused : int
        Persons drawn before this one who had no femur of the shape model.
    """

    clinical: ClinicalRecord
    bone: VirtualFemur
    lesion: Lesion | None
    site: LesionSite | None
    n_refused: int


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ScannedPatient:
    """A virtual patient with the truth about it.

    Attributes
    ----------
    person : PersonWithFemur
        Who it is, and the femur as it is.
    settings : ScannerSettings
        Scanner and protocol.
    scan : SimulatedScan
        CT, masks on its grid and the true line of calibration.
    """

    person: PersonWithFemur
    settings: ScannerSettings
    scan: SimulatedScan

    @property
    def clinical(self) -> ClinicalRecord:
        """The person."""
        return self.person.clinical

    @property
    def bone(self) -> VirtualFemur:
        """The femur as it is, with its lesion."""
        return self.person.bone

    @property
    def lesion(self) -> Lesion | None:
        """What was put into it; None without a lesion."""
        return self.person.lesion

    @property
    def site(self) -> LesionSite | None:
        """Where the lesion was put; None without one."""
        return self.person.site

    @property
    def femur_mask(self) -> LabelMask:
        """The femur on the grid of the CT, lesion included."""
        return self.scan.femora[0]

    @property
    def lesion_mask(self) -> LabelMask | None:
        """The lesion within the femur on the grid of the CT; None without a lesion."""
        found = self.scan.lesions[0]
        if found is None:
            return None
        return LabelMask(grid=found.grid, inside=found.inside & self.femur_mask.inside)


def draw_patient(sequence: np.random.SeedSequence, *, spacing: float = 1.0) -> ScannedPatient:
    """Return the virtual patient of a seed.

    Parameters
    ----------
    sequence : SeedSequence
        Of this patient alone; all that is random comes from it.
    spacing : float, mm
        Of the voxels of the bone before it is scanned.

    Raises
    ------
    NotConvergedError
        If none of ten persons in a row has a femur of the shape model.
    """
    person = draw_person(sequence, spacing=spacing)
    _, of_scanner, of_scan, *_ = _seeds(sequence)
    settings = draw_scanner(np.random.default_rng(of_scanner))
    return ScannedPatient(
        person=person,
        settings=settings,
        scan=scan_femur(person.bone, settings, seed=of_scan),
    )


def draw_person(sequence: np.random.SeedSequence, *, spacing: float = 1.0) -> PersonWithFemur:
    """Return the virtual patient of a seed without a scan; arguments as of `draw_patient`.

    Raises
    ------
    NotConvergedError
        If none of ten persons in a row has a femur of the shape model.
    """
    of_lesion, _, _, *persons = _seeds(sequence)
    n_refused, seed, healthy = _first_with_femur(persons, spacing)
    person = draw_clinical(seed=seed, lesion_share=0.0)
    rng = np.random.default_rng(of_lesion)
    bone, lesion, site = _hurt(healthy, person.primary_tumour, rng)
    share = 0.0 if lesion is None else lesion.diameter / healthy.shape.anatomy.shaft_diameter
    return PersonWithFemur(
        # the same person: of all that is drawn the lesion changes pain and steps alone
        clinical=draw_clinical(seed=seed, lesion_share=share),
        bone=bone,
        lesion=lesion,
        site=site,
        n_refused=n_refused,
    )


def _seeds(sequence: np.random.SeedSequence) -> list[int]:
    """Return the seeds of lesion, scanner, scan and of the persons to try."""
    return [int(seed) for seed in sequence.generate_state(3 + _PERSONS, np.uint32)]


def _first_with_femur(seeds: list[int], spacing: float) -> tuple[int, int, VirtualFemur]:
    """Return the first seed whose person has a femur, after how many others, and that femur."""
    for n_refused, seed in enumerate(seeds):
        try:
            return n_refused, seed, draw_femur_of(_owner(seed), seed=seed, spacing=spacing)
        except (NotConvergedError, SegmentationError):  # no such shape, or one without head or neck
            continue
    raise NotConvergedError(
        found=f"{len(seeds)} drawn persons in a row without a femur of the shape model",
        expected="a femur for nearly every person",
        remedy="take another seed",
    )


def _owner(seed: int) -> Owner:
    person = draw_clinical(seed=seed, lesion_share=0.0)
    return Owner(
        age=person.age_years,
        sex=person.sex,
        height=10.0 * person.height_cm,
        side="left" if seed % 2 else "right",
    )


def _hurt(
    femur: VirtualFemur, primary: str, rng: np.random.Generator
) -> tuple[VirtualFemur, Lesion | None, LesionSite | None]:
    """Return a femur with the lesion of a primary tumour, or as it was."""
    plan = draw_plan(primary, rng)
    if plan is None:
        return femur, None, None
    lesion = draw_lesion(
        femur.geometry, rng, kind=plan.kind, diameter=plan.diameter, site=plan.site
    )
    return with_lesions(femur, (lesion,)), lesion, plan.site
