"""Facts about the virtual patient."""

import numpy as np
import pytest
from scipy import ndimage

from meshing.handmade import VirtualPatient, handmade_patient


def test_the_same_seed_gives_the_same_patient_and_another_one_does_not(
    patient: VirtualPatient,
) -> None:
    again, other = handmade_patient(seed=0), handmade_patient(seed=1)
    assert np.array_equal(again.ct.hu, patient.ct.hu)
    assert np.array_equal(again.lesion.inside, patient.lesion.inside)
    assert np.array_equal(other.femur.inside, patient.femur.inside)
    assert not np.array_equal(other.lesion.inside, patient.lesion.inside)


def test_the_femur_is_one_solid_piece_cut_by_the_distal_border_only(
    patient: VirtualPatient,
) -> None:
    inside = patient.femur.inside
    assert ndimage.label(inside)[1] == 1
    assert ndimage.label(~np.pad(inside, 1))[1] == 1
    for axis in range(3):
        assert inside.take(-1, axis).sum() == 0
    assert inside[0].sum() == inside[:, 0].sum() == 0
    assert inside[:, :, 0].sum() > 0


def test_the_shaft_is_visible_for_more_than_a_decimetre(patient: VirtualPatient) -> None:
    lesser_trochanter = -70.5  # mm, lower pole of the ball that makes it
    lowest = patient.femur.grid.affine[2, 3]
    assert 110.0 < lesser_trochanter - lowest < 150.0


@pytest.mark.parametrize("seed", range(5))
def test_the_lesion_is_one_piece_inside_the_femur_that_breaches_the_cortex(seed: int) -> None:
    patient = handmade_patient(seed=seed)
    lesion, femur = patient.lesion.inside, patient.femur.inside
    assert ndimage.label(lesion)[1] == 1
    assert not np.any(lesion & ~femur)
    equivalent_diameter = (6.0 * patient.lesion.volume / np.pi) ** (1.0 / 3.0)
    assert equivalent_diameter == pytest.approx(22.0, abs=3.0)
    surface = femur & ~ndimage.binary_erosion(femur)
    assert 0.0 < np.count_nonzero(lesion & surface) < 0.5 * np.count_nonzero(lesion)


def test_ct_numbers_are_those_of_the_tissues(patient: VirtualPatient) -> None:
    hu = patient.ct.hu
    noise_of_mean = 1.0  # HU; 12 HU over more than 1000 voxels, correlated in the plane
    deep_lesion = ndimage.binary_erosion(patient.lesion.inside, iterations=4)
    assert hu[deep_lesion].mean() == pytest.approx(40.0, abs=5.0 * noise_of_mean)
    assert hu[:8, :8, :].mean() == pytest.approx(-1000.0, abs=noise_of_mean)
    muscle = hu[40:60, 90:110, :40]
    assert muscle.mean() == pytest.approx(50.0, abs=noise_of_mean)
    assert muscle.std() == pytest.approx(12.0, rel=0.05)


def test_the_true_line_turns_the_cortex_back_into_its_density(patient: VirtualPatient) -> None:
    distal = np.zeros(patient.femur.grid.shape, dtype=bool)
    distal[:, :, 2:40] = patient.femur.inside[:, :, 2:40]
    depth = ndimage.distance_transform_edt(distal, sampling=patient.ct.grid.spacing)
    # 2.5 to 3.5 mm below the surface of a 6 mm cortex the blur of 0.65 mm leaves the plateau
    cortex = (depth > 2.5) & (depth < 3.5)
    cortex[:, :, :6] = cortex[:, :, 36:] = False
    density = patient.hu_slope * patient.ct.hu[cortex].mean() + patient.hu_intercept
    assert density == pytest.approx(1.15, rel=0.01)
