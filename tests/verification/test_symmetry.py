"""Strength of a femur, its mirror image and the same femur stored in another order."""

from collections.abc import Callable

import numpy as np
import pytest

from calibration import apply_curve, fixed_line
from femur_fea.domain import CTVolume, ImageGrid, LabelMask, Side
from femur_fea.loads import LOAD_CASES
from femur_fea.mapping import map_elasticity
from femur_fea.presets import PRESETS
from femur_fea.solver import solve_linear
from femur_fea.strength import evaluate_strength
from meshing import mesh_mask
from meshing.anatomy import detect_side, find_frame
from meshing.handmade import VirtualPatient, handmade_patient

THEME = "invariance"
EDGE_LENGTH = 5.0  # mm: a coarse mesh shows a lack of symmetry as well as a fine one
REMESHED = "the mesh is made again from the image: round-off can turn an edge"
MIRROR = np.diag([-1.0, 1.0, 1.0, 1.0])


@pytest.fixture(scope="module")
def patient() -> VirtualPatient:
    return handmade_patient()


@pytest.fixture(scope="module")
def right_strength(patient: VirtualPatient) -> dict[str, float]:
    return strength(patient, patient.ct.grid, patient.ct.hu, patient.femur.inside, "right")


def strength(
    patient: VirtualPatient, grid: ImageGrid, hu: np.ndarray, inside: np.ndarray, side: Side
) -> dict[str, float]:
    """Return the strength under every load of the preset, from the image on."""
    preset = PRESETS["bologna"]
    femur = LabelMask(grid=grid, inside=inside)
    curve = fixed_line(patient.hu_slope, patient.hu_intercept, "CaHA")
    calibrated = apply_curve(CTVolume(grid=grid, hu=hu), curve)
    density = preset.to_law_density(calibrated, femur).density
    mesh = mesh_mask(femur, edge_length=EDGE_LENGTH, kind="tet10", side=side)
    assert detect_side(mesh.surface) == side
    frame = find_frame(mesh.surface, side)
    mapped = map_elasticity(density, femur, mesh, preset.law, nu=preset.nu)
    loads = [LOAD_CASES[name].apply(mesh, frame, fixed_length=10.0) for name in preset.load_names]
    results = solve_linear(mesh, mapped.elastic, loads)
    return {
        load.name: evaluate_strength(
            mesh, frame, result, load, preset.failure.criterion, bone=mapped.bone
        ).failure_load_N
        for load, result in zip(loads, results, strict=True)
    }


def test_a_mirrored_femur_has_the_same_strength(
    patient: VirtualPatient, right_strength: dict[str, float], agree: Callable[..., None]
) -> None:
    # mirrored in space: the same voxels at -x, stored from the other end as a scanner would
    hu = np.flip(patient.ct.hu, axis=0)
    inside = np.flip(patient.femur.inside, axis=0)
    affine = MIRROR @ patient.ct.grid.affine
    affine[:, 3] += (hu.shape[0] - 1) * affine[:, 0]
    affine[:, 0] *= -1.0
    left = strength(patient, ImageGrid(shape=hu.shape, affine=affine), hu, inside, "left")
    for load, force in left.items():
        agree(
            f"strength of the mirrored femur over its own, {load}",
            found=force / right_strength[load],
            expected=1.0,
            rtol=1e-3,
            origin=REMESHED,
            source="reflection in the sagittal plane",
        )


@pytest.mark.parametrize(
    "store",
    [
        pytest.param(lambda a: np.flip(a, axis=(0, 1)), id="RAS"),
        pytest.param(lambda a: a.transpose(2, 1, 0), id="slices first"),
    ],
)
def test_the_storage_order_of_the_file_does_not_matter(
    patient: VirtualPatient,
    right_strength: dict[str, float],
    agree: Callable[..., None],
    store: Callable[[np.ndarray], np.ndarray],
) -> None:
    index = np.moveaxis(np.indices(patient.ct.grid.shape), 0, -1)
    position = np.stack([store(index[..., axis]) for axis in range(3)], axis=-1)
    first = position[0, 0, 0].astype(float)
    steps = np.stack(
        [position[1, 0, 0], position[0, 1, 0], position[0, 0, 1]], axis=1
    ) - first.reshape(3, 1)
    to_original = np.eye(4)
    to_original[:3, :3], to_original[:3, 3] = steps, first
    hu, inside = store(patient.ct.hu), store(patient.femur.inside)
    grid = ImageGrid(shape=hu.shape, affine=patient.ct.grid.affine @ to_original)
    stored = strength(patient, grid, hu, inside, "right")
    for load, force in stored.items():
        agree(
            f"strength of the femur stored in another order over its own, {load}",
            found=force / right_strength[load],
            expected=1.0,
            rtol=1e-3,
            origin=REMESHED,
            source="the same femur",
        )
