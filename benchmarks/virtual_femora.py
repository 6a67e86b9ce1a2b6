"""Strength of virtual femora straight from their density, one case for the engine of cohorts."""

from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.strengths import strengths
from femur_fea.domain import BoneMesh, DensityField, LabelMask, StrengthResult
from femur_fea.loads import LOAD_CASES
from femur_fea.mapping import map_elasticity
from femur_fea.presets import PRESETS, Preset
from femur_risk.cohort import Task
from femur_risk.pipeline import hash_values, installed_versions
from femur_risk.population import draw_build
from meshing import mesh_mask
from meshing.anatomy import find_frame
from meshing.bone import measure_regions
from meshing.femora import Owner, VirtualFemur, draw_femur_of, ideal_image, with_lesions
from meshing.lesions import LESION_SITES, Lesion, place_at_site
from meshing.shape import Sex

__all__ = ["BLUR", "SPACING", "sites_of_femur", "strength_of_femur", "task_of"]

PRELOADED = ("scipy.ndimage", "pyvista", "gmsh")
SPACING = 1.0  # mm, of the cubic voxels
BLUR = 0.65  # mm, standard deviation of the point spread: that of the demonstration, a choice


def task_of(index: int, *, seed: int, sex: Sex, age: float, edge: float, **more: Any) -> Task:
    """Return the case of one person; all that it needs to know is plain."""
    given = {"seed": seed, "index": index, "sex": sex, "age": age, "edge": edge, **more}
    basis = hash_values({**given, "versions": installed_versions()})
    return Task(case_id=f"{sex}-{seed}-{index:04d}", basis=basis, given=given)


def strength_of_femur(task: Task, folder: Path) -> dict[str, Any]:  # noqa: ARG001 # Work's form
    """Return person, anatomy, mineral and strength of a femur without lesions."""
    femur, person = femur_of(task)
    preset = PRESETS["bologna"]
    image = ideal_image(femur, blur=BLUR)
    mesh = mesh_of(femur, task)
    found = strengths_of(preset, image, femur.mask, mesh, preset.load_names)
    regions = {region.name: region for region in measure_regions(image, femur.geometry)}
    return {
        **person,
        "head_radius_mm": femur.shape.anatomy.head_radius,
        "neck_length_mm": femur.shape.anatomy.neck_length,
        "neck_shaft_angle_deg": float(np.rad2deg(femur.shape.anatomy.neck_shaft_angle)),
        "anteversion_deg": float(np.rad2deg(femur.shape.anatomy.anteversion)),
        "femur_length_mm": femur.shape.anatomy.length,
        "anatomies_refused": femur.shape.n_refused,
        "mineral_g": regions["head"].mineral + regions["neck_and_trochanter"].mineral,
        "neck_density_g_per_cm3": regions["neck"].integral,
        "n_cells": len(mesh.cells),
        **{f"{load}_strength_N": result.failure_load_N for load, result in found.items()},
        **{f"{load}_region": result.weakest_site.region for load, result in found.items()},
    }


def sites_of_femur(task: Task, folder: Path) -> dict[str, Any]:  # noqa: ARG001 # Work's form
    """Return the part of its strength that a femur keeps with a ball missing at each site."""
    femur, person = femur_of(task)
    preset, loads, diameter = PRESETS["bologna"], task.given["loads"], task.given["diameter"]
    mesh = mesh_of(femur, task)
    whole = strengths_of(preset, ideal_image(femur, blur=BLUR), femur.mask, mesh, loads)
    row = {**person, **{f"{load}_strength_N": r.failure_load_N for load, r in whole.items()}}
    for name in task.given["sites"]:
        centre = place_at_site(femur.geometry, LESION_SITES[name], diameter=diameter)
        ball = Lesion(kind="lytic", centre=centre, diameter=diameter, roughness=0.0)
        hurt = with_lesions(femur, (ball,))
        image = ideal_image(hurt, blur=BLUR)
        found = strengths_of(preset, image, hurt.mask, mesh, loads, lesion=hurt.lesion)
        for load, result in found.items():
            row[f"{load}.{name}"] = result.failure_load_N / whole[load].failure_load_N
    return row


def femur_of(task: Task) -> tuple[VirtualFemur, dict[str, Any]]:
    """Return the femur of a case, and what is known of its person."""
    given = task.given
    seed, of_person = (given["seed"], given["index"]), 1
    height, mass = draw_build(np.random.default_rng((*seed, of_person)), given["sex"])
    side = "left" if given["index"] % 2 else "right"
    owner = Owner(age=given["age"], sex=given["sex"], height=10.0 * height, side=side)
    femur = draw_femur_of(owner, seed=seed, spacing=SPACING)
    person = {f"{key}_mm" if key == "height" else key: v for key, v in asdict(owner).items()}
    return femur, {**person, "mass_kg": mass}


def mesh_of(femur: VirtualFemur, task: Task) -> BoneMesh:
    """Return the mesh of a femur, made from its mask as a patient's is."""
    return mesh_mask(
        femur.mask, edge_length=task.given["edge"], kind="tet10", side=femur.owner.side
    )


def strengths_of(
    preset: Preset,
    image: DensityField,
    mask: LabelMask,
    mesh: BoneMesh,
    loads: Iterable[str],
    *,
    lesion: LabelMask | None = None,
) -> dict[str, StrengthResult]:
    """Return the strength under every load, by the chain of a linear preset."""
    density = preset.to_law_density(image, mask).density
    frame = find_frame(mesh.surface, mesh.side)
    mapped = map_elasticity(density, mask, mesh, preset.law, nu=preset.nu, lesion=lesion)
    records = [LOAD_CASES[name] for name in loads]
    return strengths(preset, mesh, frame, mapped.elastic, records, bone=mapped.bone)
