"""Calibrations, which know nothing of the truth, recover the line of the simulated scanner."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from calibration import (
    PHANTOMS,
    CalibrationCurve,
    air_fat_muscle,
    calibrate_with_phantom,
    multi_tissue,
    tissues_of_scan,
)
from femur_fea.domain import LabelMask
from femur_fea.presets import PRESETS
from femur_risk.config import CalibrationConfig
from femur_risk.pipeline.calibration_methods import METHODS
from femur_risk.pipeline.calibration_task import CalibrationTask
from femur_risk.scanner import (
    Anatomy,
    Noise,
    PlacedPhantom,
    ScannedBone,
    ScannerSettings,
    SimulatedScan,
    mirrored,
    simulate_scan,
    tube_at,
)

VOLTAGES = [80.0, 100.0, 120.0, 140.0]
# chi2 of two parameters is above this in one of a thousand scans
ONE_IN_A_THOUSAND = 13.8
NORMAL_95 = 1.645


@pytest.fixture(scope="module")
def scan_at(bone: ScannedBone, protocol: Callable[..., ScannerSettings]) -> Callable:
    """A scan with one phantom at one voltage; each is made once."""
    made: dict[tuple[float, str], SimulatedScan] = {}

    def make(voltage: float, phantom: str) -> SimulatedScan:
        if (voltage, phantom) not in made:
            anatomy = Anatomy(
                bones=(bone, mirrored(bone, 0.0)), phantom=PlacedPhantom(phantom=PHANTOMS[phantom])
            )
            settings = protocol(
                tube=tube_at(voltage),
                noise=Noise(deviation_HU=20.0),
                view={"matrix": 288, "slice_spacing_mm": 4.0},
                slice_thickness_mm=4.0,
            )
            made[voltage, phantom] = simulate_scan(anatomy, settings, seed=int(voltage))
        return made[voltage, phantom]

    return make


def distance(curve: CalibrationCurve, true: CalibrationCurve) -> float:
    off = np.array([curve.slope - true.slope, curve.intercept - true.intercept])
    return float(off @ np.linalg.solve(curve.covariance, off))


@pytest.mark.parametrize("voltage", VOLTAGES)
def test_a_phantom_under_the_patient_recovers_the_line_at_every_voltage(
    voltage: float, scan_at: Callable
) -> None:
    scan = scan_at(voltage, "mindways_model_3_ct")
    curve = calibrate_with_phantom(scan.ct, PHANTOMS["mindways_model_3_ct"]).curve
    true = scan.true_line("K2HPO4")
    assert distance(curve, true) < ONE_IN_A_THOUSAND
    # the stated errors of the rods' densities are for a nominal phantom; these are exact
    assert curve.slope == pytest.approx(true.slope, rel=0.005)
    assert curve.intercept == pytest.approx(true.intercept, abs=0.002)


@pytest.mark.parametrize("name", ["qrm_bdc_3", "qrm_bdc_6", "siemens_osteo"])
def test_every_other_phantom_recovers_the_line(name: str, scan_at: Callable) -> None:
    scan = scan_at(120.0, name)
    curve = calibrate_with_phantom(scan.ct, PHANTOMS[name]).curve
    true = scan.true_line("CaHA")
    assert distance(curve, true) < ONE_IN_A_THOUSAND
    assert curve.slope == pytest.approx(true.slope, rel=0.005)


@pytest.mark.parametrize("voltage", VOLTAGES)
def test_air_fat_and_muscle_recover_the_line_within_its_90_percent_interval(
    voltage: float, scan_at: Callable
) -> None:
    scan = scan_at(voltage, "mindways_model_3_ct")
    curve = air_fat_muscle(scan.ct, scan.femora[0]).curve
    true = scan.true_line("CaHA")
    hu = np.array([0.0, 250.0, 1000.0])
    error = curve.standard_error(hu)
    assert error is not None
    assert np.all(np.abs(curve.density(hu) - true.density(hu)) < NORMAL_95 * error)


@pytest.mark.parametrize("voltage", VOLTAGES)
def test_all_tissues_recover_line_and_energy(voltage: float, scan_at: Callable) -> None:
    scan = scan_at(voltage, "mindways_model_3_ct")
    samples = tissues_of_scan(scan.ct, scan.femora[0])
    found = multi_tissue(scan.ct, "CaHA", samples)
    true = scan.true_line("CaHA")
    hu = np.array([0.0, 250.0, 1000.0])
    error = found.curve.standard_error(hu)
    assert error is not None
    assert np.all(np.abs(found.curve.density(hu) - true.density(hu)) < NORMAL_95 * error)
    *_, measured = found.measured
    off = measured["effective_energy_keV"] - scan.tube.effective_energy_keV
    assert abs(off) < NORMAL_95 * measured["effective_energy_standard_error_keV"]


def test_a_case_with_a_blastic_lesion_is_calibrated_by_its_healthy_cortex(
    scan_at: Callable,
) -> None:
    scan = scan_at(120.0, "mindways_model_3_ct")
    bone, ct = scan.femora[0], scan.ct
    below = ct.grid.to_world(np.argwhere(bone.inside))[:, 2] < -60.0
    sick = np.zeros(ct.grid.shape, dtype=bool)
    sick[tuple(np.argwhere(bone.inside)[below].T)] = True
    blastic = replace(ct, hu=np.where(sick, 900.0, ct.hu))
    task = CalibrationTask(
        config=CalibrationConfig(method="multi_tissue"),
        preset=PRESETS["bologna"],
        ct=blastic,
        bone=bone,
        lesion=None,
        rods=None,
    )
    calibrate = METHODS["multi_tissue"].calibrate
    true = scan.true_line("CaHA")
    hidden = calibrate(task).curve
    told = calibrate(replace(task, lesion=LabelMask(grid=ct.grid, inside=sick))).curve
    assert abs(told.slope - true.slope) < 0.5 * abs(hidden.slope - true.slope)
