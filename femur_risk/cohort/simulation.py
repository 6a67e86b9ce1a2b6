"""A virtual cohort: CT and masks of every patient, and the COHORT.csv that `batch` reads."""

from pathlib import Path
from typing import Any

import numpy as np

from femur_fea import __version__
from femur_risk.cohort.columns import Kind
from femur_risk.cohort.engine import ProgressListener, carry_out
from femur_risk.cohort.journal import alone_in
from femur_risk.cohort.tables import write_csv
from femur_risk.cohort.task import Limits, Place, Task
from femur_risk.errors import CohortError
from femur_risk.pipeline import (
    hash_values,
    installed_versions,
    patient_settings,
    write_patient,
)
from femur_risk.population import clinical_row
from femur_risk.virtual import draw_patient, truth_row

__all__ = ["simulate", "work_on_patient"]

COHORT = "COHORT.csv"
PRELOADED = ("scipy.ndimage", "SimpleITK")
_PATIENTS = "patients"
_COLUMNS: dict[str, Kind] = {
    "case_id": "text",
    "ct": "text",
    "femur": "text",
    "lesion": "text",
    "side": "text",
    "mass_kg": "number",
    "simulated": "truth",
    "calibration.method": "text",
    "calibration.phantom.name": "text",
    "risk.pain": "text",
    "risk.steps_per_day": "number",
    "simulated_age_years": "number",
    "simulated_sex": "text",
    "simulated_height_cm": "number",
    "simulated_mass_kg": "number",
    "simulated_primary_tumour": "text",
    "simulated_pain": "text",
    "simulated_steps_per_day": "number",
    "simulated_femur_length_mm": "number",
    "simulated_head_radius_mm": "number",
    "simulated_neck_length_mm": "number",
    "simulated_neck_shaft_angle_deg": "number",
    "simulated_anteversion_deg": "number",
    "simulated_shaft_diameter_mm": "number",
    "simulated_lesion_kind": "text",
    "simulated_lesion_site": "text",
    "simulated_lesion_diameter_mm": "number",
    "simulated_tube_voltage_kV": "number",
    "simulated_kernel": "text",
    "simulated_slice_thickness_mm": "number",
    "simulated_noise_HU": "number",
    "simulated_true_slope_g_per_cm3_per_HU": "number",
    "simulated_true_intercept_g_per_cm3": "number",
    "simulated_persons_refused": "count",
    "simulated_anatomies_refused": "count",
    "simulated_voxels_clipped": "count",
}


def simulate(
    out: Path,
    *,
    n: int,
    seed: int,
    place: Place,
    limits: Limits,
    listener: ProgressListener,
) -> Path:
    """Write a virtual cohort and return its COHORT.csv.

    The k-th patient of a seed is the same however many there are and whoever makes them. A
    second call makes those that are missing.

    Parameters
    ----------
    out : Path
        Folder for COHORT.csv and patients/<case_id>.
    n : int
        Number of patients, at least 1.
    seed : int
        Which cohort, at least 0.
    place, limits, listener
        As `carry_out` takes them.

    Raises
    ------
    CohortError
        If a patient cannot be made.
    FemurFEAError
        Another of its kinds, if the environment is at fault.
    """
    tasks = [_task(seed, index) for index in range(n)]
    with alone_in(out):
        outcomes = carry_out(
            tasks, work_on_patient, out, place=place, limits=limits, listener=listener
        )
        failures = [outcome.failure for outcome in outcomes if outcome.failure is not None]
        if failures:
            raise CohortError(
                found=f"{len(failures)} of {n} virtual patients that could not be made; the first: "
                f"{failures[0].kind}, {failures[0].found}",
                expected="all of them",
                remedy=f"{failures[0].remedy}; then call the same command again",
            )
        rows = [outcome.values or {} for outcome in outcomes]
        write_csv(out / COHORT, _COLUMNS, rows)
    return out / COHORT


def work_on_patient(task: Task, folder: Path) -> dict[str, Any]:
    """Write one virtual patient and return its line of COHORT.csv."""
    sequence = np.random.SeedSequence(task.given["seed"], spawn_key=(task.given["index"],))
    patient = draw_patient(sequence)
    paths = write_patient(folder / _PATIENTS / task.case_id, patient)
    settings = patient_settings(patient)
    return {
        "case_id": task.case_id,
        "lesion": None,
        **{name: path.relative_to(folder).as_posix() for name, path in paths.items()},
        **settings["input"],
        "calibration.method": settings["calibration"]["method"],
        "calibration.phantom.name": settings["calibration"]["phantom"]["name"],
        **{f"risk.{key}": value for key, value in settings["risk"].items()},
        **clinical_row(patient.clinical),
        **truth_row(patient),
    }


def _task(seed: int, index: int) -> Task:
    given = {"seed": seed, "index": index}
    basis = hash_values({**given, "version": __version__, "versions": installed_versions()})
    return Task(case_id=f"virtual-{seed}-{index:05d}", basis=basis, given=given)
