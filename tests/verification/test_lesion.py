"""What a lesion does to strength, from the image on."""

import numpy as np
import pytest

from calibration import apply_curve, fixed_line
from femur_fea.domain import BoneMesh, ElasticField, FemoralFrame, LabelMask, integration_points
from femur_fea.loads import LOAD_CASES
from femur_fea.mapping import MappedElasticity, map_elasticity, sample
from femur_fea.presets import PRESETS
from femur_fea.solver import solve_linear
from femur_fea.strength import evaluate_strength
from meshing import mesh_mask
from meshing.anatomy import find_frame
from meshing.handmade import VirtualPatient, handmade_patient

PRESET = PRESETS["bologna"]


@pytest.fixture(scope="module")
def patient() -> VirtualPatient:
    return handmade_patient()


@pytest.fixture(scope="module")
def model(patient: VirtualPatient) -> tuple[BoneMesh, FemoralFrame, MappedElasticity]:
    line = fixed_line(patient.hu_slope, patient.hu_intercept, "CaHA")
    density = PRESET.to_law_density(apply_curve(patient.ct, line), patient.femur).density
    mesh = mesh_mask(patient.femur, edge_length=5.0, kind="tet10", side=patient.side)
    mapped = map_elasticity(
        density, patient.femur, mesh, PRESET.law, nu=PRESET.nu, lesion=patient.lesion
    )
    return mesh, find_frame(mesh.surface, patient.side), mapped


def strength(
    patient: VirtualPatient,
    model: tuple[BoneMesh, FemoralFrame, MappedElasticity],
    tumour_modulus: float,
) -> float:
    """Return the strength in stance with tumour of a given modulus, MPa."""
    mesh, frame, mapped = model
    points = integration_points(mesh)
    lesion: LabelMask = patient.lesion
    share = sample(lesion.grid, lesion.inside.astype(float), points.reshape(-1, 3))
    in_lesion = (share > 0.5).reshape(points.shape[:2])
    E_modulus = np.where(in_lesion, tumour_modulus, mapped.elastic.E_modulus)
    load = LOAD_CASES["stance"].apply(mesh, frame, fixed_length=10.0)
    elastic = ElasticField(E_modulus=E_modulus, nu=mapped.elastic.nu)
    (result,) = solve_linear(mesh, elastic, [load])
    found = evaluate_strength(mesh, frame, result, load, PRESET.failure.criterion, bone=mapped.bone)
    return found.failure_load_N


def test_strength_settles_as_the_tumour_becomes_soft(
    patient: VirtualPatient, model: tuple[BoneMesh, FemoralFrame, MappedElasticity]
) -> None:
    soft, softer, softest = (strength(patient, model, E) for E in (100.0, 10.0, 1.0))
    assert soft > softer > softest
    # an empty hole is the limit: the tumour's share of the stiffness falls tenfold with each
    # factor of ten. A third leaves room for the weakest patch, which need not stay the same one.
    assert softer - softest < (soft - softer) / 3.0


def test_the_weakest_site_is_never_in_the_lesion(
    patient: VirtualPatient, model: tuple[BoneMesh, FemoralFrame, MappedElasticity]
) -> None:
    mesh, _, mapped = model
    nearest = np.rint(patient.lesion.grid.to_index(mesh.centroids[mapped.bone])).astype(int)
    assert not patient.lesion.inside[tuple(nearest.T)].any()
