"""CT numbers by a beam of one energy."""

import numpy as np
import pytest

from calibration import EFFECTIVE_ENERGIES, PHANTOMS, TISSUES, WATER
from calibration.phantom import references_of
from calibration.rods import MeasuredRod
from femur_fea.errors import CalibrationError, OutOfRangeError
from femur_risk.scanner import STEEL, Tube, tube_at
from femur_risk.scanner.rods import rod_material

VOLTAGES = sorted(EFFECTIVE_ENERGIES)


@pytest.mark.parametrize("voltage", VOLTAGES)
def test_water_has_0_and_air_minus_999_hounsfield_units(voltage: float) -> None:
    tube = tube_at(voltage)
    assert tube.hu_of(WATER) == pytest.approx(0.0, abs=1e-9)
    assert tube.hu_of_tissue("air") == pytest.approx(-998.9, abs=0.1)  # 1.2e-3 of water


@pytest.mark.parametrize("kind", ["CaHA", "K2HPO4"])
def test_the_true_line_undoes_the_ct_number_of_a_density(kind: str) -> None:
    tube = Tube(voltage_kV=120.0, effective_energy_keV=68.0, scale=1.02, offset_HU=-7.0)
    rho = np.linspace(-0.05, 1.4, 7)
    line = tube.line(kind)
    np.testing.assert_allclose(line.density(tube.hu_of_mineral(rho, kind)), rho, atol=1e-12)


@pytest.mark.parametrize("name", sorted(PHANTOMS))
@pytest.mark.parametrize("voltage", VOLTAGES)
def test_rods_of_every_phantom_lie_on_the_true_line(name: str, voltage: float) -> None:
    tube, phantom = tube_at(voltage), PHANTOMS[name]
    measured = [
        MeasuredRod(
            rod=n,
            hu=tube.hu_of(rod_material(phantom, n)),
            hu_se=0.0,
            n_slices=1,
            centre=(0.0, 0.0, 0.0),
            radius=9.0,
        )
        for n in range(len(phantom.rods))
    ]
    line = tube.line(phantom.kind)
    for reference in references_of(measured, phantom):
        # the constant 999.6 of the water correction stands for a water of 0.9996 g/cm3: 0.4 HU
        off = reference.hu - float(tube.hu_of_mineral(np.array(reference.rho), phantom.kind))
        assert abs(off) < (0.5 if phantom.water else 1e-9)
        assert line.kind == phantom.kind


def test_bone_gets_brighter_and_fat_darker_at_a_lower_voltage() -> None:
    numbers = [tube_at(voltage).hu_of_tissue("cortical bone") for voltage in VOLTAGES]
    assert numbers == sorted(numbers, reverse=True)
    fat = [tube_at(voltage).hu_of_tissue("fat") for voltage in VOLTAGES]
    assert fat == sorted(fat)


def test_steel_is_beyond_any_bone() -> None:
    assert tube_at(120.0).hu_of(STEEL) > 10.0 * tube_at(120.0).hu_of(
        TISSUES["cortical bone"].material
    )


def test_impossible_beams_are_refused() -> None:
    with pytest.raises(OutOfRangeError, match="effective energy"):
        Tube(voltage_kV=120.0, effective_energy_keV=0.07)
    with pytest.raises(CalibrationError, match="one of 80, 100, 120, 140"):
        tube_at(130.0)
