"""Strength and today's rules of virtual patients, straight from the density of their femora."""

from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.strengths import FIXED_LENGTH
from femur_fea.domain import LoadCase, StrengthResult
from femur_fea.loads import LOAD_CASES
from femur_fea.mapping import heal, map_elasticity
from femur_fea.presets import PRESETS
from femur_fea.solver import solve_linear
from femur_fea.strength import StrainFailure, evaluate_strength
from femur_risk.cohort import Task
from femur_risk.comparators import MOST_HIDDEN
from femur_risk.exposure import GRAVITY
from femur_risk.pipeline import hash_values, installed_versions
from femur_risk.pipeline.comparisons import judge_images
from femur_risk.pipeline.hidden import hidden_fraction
from femur_risk.pipeline.rigidity import measure_rigidity, smallest_ratio
from femur_risk.population import clinical_row
from femur_risk.virtual import PersonWithFemur, draw_person
from meshing import mesh_mask
from meshing.anatomy import find_frame
from meshing.femora import ideal_image

__all__ = ["BLUR", "EDGE", "PRELOADED", "PRESET", "SPACING", "strength_of_patient", "task_of"]

PRELOADED = ("scipy.ndimage", "pyvista", "gmsh")
PRESET = "bologna"
SPACING = 1.5  # mm, of the cubic voxels
BLUR = 0.65  # mm, standard deviation of the point spread: that of the demonstration, a choice
EDGE = 5.0  # mm


def task_of(index: int, *, seed: int) -> Task:
    """Return the case of one patient, that of the same number in 'femur-fea simulate'."""
    given = {"seed": seed, "index": index, "spacing": SPACING, "edge": EDGE, "preset": PRESET}
    basis = hash_values({**given, "versions": installed_versions()})
    return Task(case_id=f"virtual-{seed}-{index:05d}", basis=basis, given=given)


def strength_of_patient(task: Task, folder: Path) -> dict[str, Any]:  # noqa: ARG001 # Work's form
    """Return person, strengths and what the rules measure, as plain values."""
    given = task.given
    sequence = np.random.SeedSequence(given["seed"], spawn_key=(given["index"],))
    person = draw_person(sequence, spacing=given["spacing"])
    bone, preset = person.bone, PRESETS[given["preset"]]
    if not isinstance(preset.failure, StrainFailure):
        raise SystemExit("the study is of a linear preset")
    image = ideal_image(bone, blur=BLUR)
    mesh = mesh_mask(bone.mask, edge_length=given["edge"], kind="tet10", side=bone.owner.side)
    frame = find_frame(mesh.surface, mesh.side)
    mapped = map_elasticity(
        preset.to_law_density(image, bone.mask).density,
        bone.mask,
        mesh,
        preset.law,
        nu=preset.nu,
        lesion=bone.lesion,
    )
    loads = [LOAD_CASES[n].apply(mesh, frame, fixed_length=FIXED_LENGTH) for n in preset.load_names]
    found = {
        load.name: evaluate_strength(
            mesh, frame, result, load, preset.failure.criterion, bone=mapped.bone
        )
        for load, result in zip(loads, solve_linear(mesh, mapped.elastic, loads), strict=True)
    }
    row: dict[str, Any] = {
        "n_cells": len(mesh.cells),
        "side": bone.owner.side,
        **clinical_row(person.clinical),
        "lesion_kind": None if person.lesion is None else person.lesion.kind,
        "lesion_site": None if person.site is None else person.site.name,
        "lesion_diameter_mm": None if person.lesion is None else person.lesion.diameter,
        **{f"{load.name}_strength_N": _compared(load, found[load.name]) for load in loads},
        **{f"{name}_region": each.weakest_site.region for name, each in found.items()},
        "strength_over_weight": found["stance"].failure_load_N
        / (person.clinical.mass_kg * GRAVITY),
        "assessable": True,
    }
    if bone.lesion is not None:
        hidden = {load.name: hidden_fraction(mesh, [load], bone.lesion) for load in loads}
        row["assessable"] = max(hidden.values()) <= MOST_HIDDEN
        row |= _of_lesion(person, image, frame)
    return row


def _compared(load: LoadCase, found: StrengthResult) -> float:
    """Return the force that a force of the activity is compared with: at the plate in a fall, N."""
    scale = 1.0 if load.plate_force is None else load.plate_force / load.magnitude
    return float(found.failure_load_N * scale)


def _of_lesion(person: PersonWithFemur, image: Any, frame: Any) -> dict[str, Any]:
    """Return the ends of what each rule that looks at the lesion measures."""
    bone, lesion = person.bone, person.bone.lesion
    assert lesion is not None  # the caller asked
    healed = heal(image, bone.mask, lesion).density
    rules = judge_images(image, bone.mask, lesion, frame, pain=person.clinical.pain)
    ratio = smallest_ratio(measure_rigidity(PRESETS[PRESET], image, healed, bone.mask, frame))
    row: dict[str, Any] = {"rigidity_loss": None if ratio is None else 100.0 * (1.0 - ratio)}
    for name, found in rules.items():
        if found.value is not None:
            row |= {f"{name}_low": found.value[0], f"{name}_high": found.value[1]}
    return row
