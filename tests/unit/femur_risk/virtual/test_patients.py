"""Virtual patients: the phantom tells the planted line, masks lie on the bone, seeds are kept."""

import numpy as np
import pytest

from calibration import PHANTOMS, calibrate_with_phantom
from femur_risk.virtual import (
    PHANTOM,
    ScannedPatient,
    describe_patient,
    draw_patient,
    truth_row,
)

SPACING = 2.0  # mm
WITH_LESION, WITHOUT_LESION = 0, 6  # patients of the seed
# chi2 of two parameters is above this in one of a thousand scans
ONE_IN_A_THOUSAND = 13.8


def draw(index: int) -> ScannedPatient:
    return draw_patient(np.random.SeedSequence(7, spawn_key=(index,)), spacing=SPACING)


@pytest.fixture(scope="module")
def patient() -> ScannedPatient:
    return draw(WITH_LESION)


def test_the_phantom_recovers_the_planted_line_within_its_stated_error(
    patient: ScannedPatient,
) -> None:
    curve = calibrate_with_phantom(patient.scan.ct, PHANTOMS[PHANTOM]).curve
    true = patient.scan.true_line("CaHA")
    off = np.array([curve.slope - true.slope, curve.intercept - true.intercept])
    assert off @ np.linalg.solve(curve.covariance, off) < ONE_IN_A_THOUSAND
    assert curve.slope == pytest.approx(true.slope, rel=0.005)


def test_the_masks_lie_on_the_bone(patient: ScannedPatient) -> None:
    femur, lesion = patient.femur_mask, patient.lesion_mask
    assert femur.grid is patient.scan.ct.grid
    volume = np.count_nonzero(femur.inside) * np.prod(femur.grid.spacing)
    own = patient.bone.mask
    # as many voxels gain as lose by the nearest sample; 2 % for the cut of the shaft
    assert volume == pytest.approx(np.count_nonzero(own.inside) * SPACING**3, rel=0.02)
    assert lesion is not None
    assert np.all(femur.inside[lesion.inside])
    # calibrated, the mean over the femur is the planted one; partial volume takes from its rim
    hu = patient.scan.ct.hu[femur.inside].mean()
    planted = patient.bone.density.rho[own.inside].mean()
    assert patient.scan.true_line("CaHA").density(hu) == pytest.approx(planted, rel=0.1)


def test_the_lesion_is_where_and_what_is_told(patient: ScannedPatient) -> None:
    assert patient.lesion is not None
    assert patient.site is not None
    assert patient.lesion_mask is not None
    centre = patient.bone.geometry.frame.to_frame(
        patient.femur_mask.grid.to_world(np.argwhere(patient.lesion_mask.inside).astype(float))
    ).mean(axis=0)
    # what lies outside the bone is missing, so that the middle moves by less than the radius
    assert np.linalg.norm(centre - patient.lesion.centre) < 0.5 * patient.lesion.diameter
    inside = patient.lesion_mask.inside
    around = patient.femur_mask.inside & ~inside
    is_darker = patient.scan.ct.hu[inside].mean() < patient.scan.ct.hu[around].mean()
    assert is_darker == (patient.lesion.kind == "lytic")
    row = truth_row(patient)
    assert row["simulated_lesion_site"] == patient.site.name
    assert all(name.startswith("simulated_") for name in row)


def test_a_seed_is_one_patient_to_the_last_bit(patient: ScannedPatient) -> None:
    again = draw(WITH_LESION)
    np.testing.assert_array_equal(again.scan.ct.hu, patient.scan.ct.hu)
    np.testing.assert_array_equal(again.femur_mask.inside, patient.femur_mask.inside)
    assert again.clinical == patient.clinical
    assert truth_row(again) == truth_row(patient)


def test_the_sentence_about_a_patient_tells_the_lesion_that_was_drawn(
    patient: ScannedPatient,
) -> None:
    told = describe_patient(patient)
    assert patient.lesion is not None
    assert patient.site is not None
    assert f"a {patient.lesion.kind} lesion of {patient.lesion.diameter:.0f} mm" in told
    assert all(word in told for word in patient.site.name.split("_"))


def test_a_patient_without_lesion_has_none_anywhere() -> None:
    patient = draw(WITHOUT_LESION)
    assert patient.lesion is None
    assert patient.lesion_mask is None
    assert truth_row(patient)["simulated_lesion_site"] is None
    assert f"a {patient.bone.owner.side} femur without a lesion" in describe_patient(patient)
