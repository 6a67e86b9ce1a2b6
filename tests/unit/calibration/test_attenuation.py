"""Attenuation of tissues and minerals against tables that were not entered, and what follows."""

import dataclasses

import numpy as np
import pytest

from calibration.attenuation import MINERALS, WATER, Material, contrast, equivalent_density
from calibration.effective_energy import calibrate_by_attenuation
from calibration.peaks import TissueSample
from calibration.tissues import COMPACT_BONE, TISSUES, porous
from femur_fea.domain import FloatArray
from femur_fea.errors import CalibrationError, OutOfRangeError

TABLE_ENERGIES = np.array([20.0, 30.0, 40.0, 50.0, 60.0, 80.0, 100.0, 150.0])

# NISTIR 5632, Table 4, for mixtures and XCOM (Berger et al., NIST) for the minerals and the
# triglyceride C55H98O6, cm2/g. Not entered in the package, which has elements alone.
TABULATED = {
    "air": (0.7779, 0.3538, 0.2485, 0.2080, 0.1875, 0.1662, 0.1541, 0.1356),
    "fat": (0.5677, 0.3063, 0.2396, 0.2123, 0.1974, 0.1800, 0.1688, 0.1500),
    "muscle": (0.8205, 0.3783, 0.2685, 0.2262, 0.2048, 0.1823, 0.1693, 0.1492),
    "blood": (0.8428, 0.3852, 0.2715, 0.2278, 0.2057, 0.1827, 0.1695, 0.1492),
    "compact bone": (4.001, 1.331, 0.6655, 0.4242, 0.3148, 0.2229, 0.1855, 0.1480),
    "water": (0.8096, 0.3756, 0.2683, 0.2269, 0.2059, 0.1837, 0.1707, 0.1505),
    "K2HPO4": (6.180, 1.975, 0.9327, 0.5573, 0.3890, 0.2508, 0.1972, 0.1480),
    "CaHA": (6.560, 2.099, 0.9877, 0.5867, 0.4067, 0.2589, 0.2019, 0.1501),
    "triglyceride": (0.4811, 0.2815, 0.2293, 0.2072, 0.1945, 0.1789, 0.1683, 0.1499),
}
TRIGLYCERIDE = Material(
    fractions={"C": 55 * 12.011, "H": 98 * 1.008, "O": 6 * 15.999}, density=0.92
)


def material(name: str) -> Material:
    if name in TISSUES:
        return TISSUES[name].material
    others = {"water": WATER, "triglyceride": TRIGLYCERIDE, "compact bone": COMPACT_BONE}
    return others[name] if name in others else MINERALS[name].material  # type: ignore[index]


@pytest.mark.parametrize("name", TABULATED)
def test_a_mixture_of_elements_attenuates_as_tabulated(name: str) -> None:
    # four digits are tabulated, and atomic masses and the compilations differ in the fourth
    assert material(name).mass_attenuation(TABLE_ENERGIES) == pytest.approx(
        TABULATED[name], rel=1e-3
    )


@pytest.mark.parametrize("name", ["water", "compact bone", "CaHA"])
def test_interpolation_finds_an_energy_that_is_left_out_of_its_table(name: str) -> None:
    # the spline through the other energies at 60 keV, where the table's steps are as wide
    kept = TABLE_ENERGIES != 60.0
    from scipy.interpolate import CubicSpline

    logs = np.log(np.array(TABULATED[name])[kept])
    found = np.exp(CubicSpline(np.log(TABLE_ENERGIES[kept]), logs)(np.log(60.0)))
    assert found == pytest.approx(material(name).mass_attenuation(np.array(60.0)), rel=5e-3)


def test_energies_outside_the_table_are_refused() -> None:
    with pytest.raises(OutOfRangeError, match="10 to 60 keV"):
        WATER.mass_attenuation(np.array([10.0, 60.0]))


@pytest.mark.parametrize("kind", ["CaHA", "K2HPO4"])
def test_a_rod_of_known_density_has_that_equivalent_density(kind: str) -> None:
    # 0.2 g of mineral in 1 cm3, of which it takes its own volume from the water
    mineral = MINERALS[kind]  # type: ignore[index]
    energy = np.array(70.0)
    water = 1.0 - 0.2 * mineral.displaced
    rod = water * WATER.attenuation(energy) + 0.2 * mineral.material.mass_attenuation(energy)
    found = equivalent_density(rod, kind, energy)  # type: ignore[arg-type]
    assert found == pytest.approx(0.2, rel=1e-12)


def test_water_has_no_mineral() -> None:
    energy = np.array([60.0, 80.0])
    assert np.all(equivalent_density(WATER.attenuation(energy), "CaHA", energy) == 0.0)


def test_density_that_is_no_mineral_is_refused() -> None:
    with pytest.raises(CalibrationError, match="'ash'"):
        contrast("ash", np.array(70.0))


def test_attenuation_at_75_keV_agrees_with_the_densities_of_air_fat_and_muscle() -> None:
    # -0.84, -0.08 and +0.03 g/cm3, within the errors that air-fat-muscle states for fat and
    # muscle and 1 % for air: two sources that know nothing of each other
    energy = np.array(75.0)
    air, fat, muscle = (
        float(equivalent_density(TISSUES[name].material.attenuation(energy), "CaHA", energy))
        for name in ("air", "fat", "muscle")
    )
    assert air == pytest.approx(-0.840, rel=0.01)
    assert fat == pytest.approx(-0.080, abs=1.645 * 0.015)
    assert muscle == pytest.approx(0.030, abs=1.645 * 0.012)


def ct_numbers(energy: float) -> dict[str, float]:
    """Return the CT numbers of the tissues by definition: 1000 (mu / mu_water - 1)."""
    at = np.array(energy)
    water = WATER.attenuation(at)
    return {
        name: float(1000.0 * (tissue.material.attenuation(at) / water - 1.0))
        for name, tissue in TISSUES.items()
    }


def highest_r2(hu: FloatArray, of: FloatArray, energies: FloatArray) -> float:
    r2 = [np.corrcoef(hu, of[:, at])[0, 1] ** 2 for at in range(energies.size)]
    return float(energies[int(np.argmax(r2))])


def test_linear_attenuation_agrees_best_at_the_true_energy_and_mass_attenuation_does_not() -> None:
    # why CT numbers are compared with density times mu/rho: tissues at 70 keV seem to be at 92
    hu = np.array(list(ct_numbers(70.0).values()))
    energies = np.arange(30.0, 150.5, 0.5)
    materials = [tissue.material for tissue in TISSUES.values()]
    by_mass = np.array([m.mass_attenuation(energies) for m in materials])
    linear = np.array([m.attenuation(energies) for m in materials])
    assert highest_r2(hu, by_mass, energies) == pytest.approx(92.0, abs=1.0)
    assert highest_r2(hu, linear, energies) == pytest.approx(70.0, abs=0.5)


def test_the_split_by_mass_bends_where_the_split_by_volume_is_straight() -> None:
    # regressions of mu/rho and of density on CT number, multiplied, are a parabola; its distance
    # from a straight line over 0 to 1500 HU is 0.08 g/cm3 at 70 keV
    energy = np.array(70.0)
    numbers = ct_numbers(70.0)
    hu = np.array(list(numbers.values()))
    by_mass = np.array([TISSUES[n].material.mass_attenuation(energy) for n in numbers])
    water = WATER.attenuation(energy)
    density = (hu / 1000.0 + 1.0) * water / by_mass
    mineral, fat = MINERALS["K2HPO4"], TRIGLYCERIDE
    span = mineral.material.mass_attenuation(energy) - fat.mass_attenuation(energy)
    at = np.linspace(0.0, 1500.0, 151)
    above_fat = np.polyval(np.polyfit(hu, by_mass, 1), at) - fat.mass_attenuation(energy)
    split = np.polyval(np.polyfit(hu, density, 1), at) * above_fat / span
    bend = np.abs(split - np.polyval(np.polyfit(at, split, 1), at)).max()
    assert bend == pytest.approx(0.079, abs=0.005)

    mixture = fat.attenuation(energy) + np.array([0.0, 0.4, 0.8]) * (
        mineral.material.mass_attenuation(energy) - mineral.displaced * fat.attenuation(energy)
    )
    low, mid, high = equivalent_density(mixture, "K2HPO4", energy)
    assert mid == pytest.approx(0.5 * (low + high), rel=1e-12)


def samples(energy: float) -> list[TissueSample]:
    return [
        TissueSample(tissue=name, hu=hu, hu_se=1.0, error_from="slabs", n_voxels=1000)
        for name, hu in ct_numbers(energy).items()
    ]


@pytest.mark.parametrize("kind", ["CaHA", "K2HPO4"])
@pytest.mark.parametrize(("voltage", "energy"), [(80.0, 56.5), (120.0, 69.8), (140.0, 75.5)])
def test_exact_tissues_at_the_expected_energy_give_the_exact_line(
    kind: str, voltage: float, energy: float
) -> None:
    found = calibrate_by_attenuation(samples(energy), kind, voltage)  # type: ignore[arg-type]
    at = np.array(energy)
    exact = float(WATER.attenuation(at) / contrast(kind, at)) / 1000.0  # type: ignore[arg-type]
    # the mean over an uncertain energy of a slope that bends over it: a tenth of its error
    assert found.energy == pytest.approx(energy, abs=0.15 * found.energy_se)
    assert found.curve.slope == pytest.approx(exact, rel=0.01)
    assert found.curve.intercept == pytest.approx(0.0, abs=2e-3)


def test_cortical_bone_tells_more_of_the_energy_than_the_tube_voltage() -> None:
    without = [s for s in samples(70.0) if s.tissue != "cortical bone"]
    alone = calibrate_by_attenuation(without, "CaHA", None)
    with_bone = calibrate_by_attenuation(samples(70.0), "CaHA", None)
    assert with_bone.energy_se < 0.8 * alone.energy_se
    assert with_bone.curve.covariance is not None
    assert alone.curve.covariance is not None
    assert with_bone.curve.covariance[0, 0] < alone.curve.covariance[0, 0]


def test_tissues_that_contradict_each_other_widen_the_error() -> None:
    # muscle as fat is: no energy explains it
    wrong = [
        TissueSample(tissue=s.tissue, hu=-60.0, hu_se=1.0, error_from="slabs", n_voxels=1000)
        if s.tissue == "muscle"
        else s
        for s in samples(70.0)
    ]
    agreeing = calibrate_by_attenuation(samples(70.0), "CaHA", 120.0).curve
    contradicting = calibrate_by_attenuation(wrong, "CaHA", 120.0).curve
    assert contradicting.fit is not None
    assert contradicting.fit.inflation > 1.0
    assert contradicting.relative_uncertainty is not None
    assert agreeing.relative_uncertainty is not None
    assert contradicting.relative_uncertainty > agreeing.relative_uncertainty


@pytest.mark.parametrize("porosity", [0.0, 0.04, 0.07, 0.10, 0.15])
def test_the_pores_of_the_cortex_move_the_line_by_less_than_it_says(porosity: float) -> None:
    energy = np.array(69.8)
    share = float(porous(COMPACT_BONE, porosity).attenuation(energy) / WATER.attenuation(energy))
    seen = [
        dataclasses.replace(s, hu=1000.0 * (share - 1.0)) if s.tissue == "cortical bone" else s
        for s in samples(69.8)
    ]
    curve = calibrate_by_attenuation(seen, "CaHA", 120.0).curve
    true = float(WATER.attenuation(energy) / contrast("CaHA", energy)) / 1000.0
    assert curve.covariance is not None
    assert abs(curve.slope - true) < float(curve.covariance[0, 0]) ** 0.5
    # 9 % at 15 % of pores with a cortex that is taken for solid
    assert curve.slope == pytest.approx(true, rel=0.05)


def test_pores_are_water() -> None:
    energy = np.array(70.0)
    half = porous(COMPACT_BONE, 0.5).attenuation(energy)
    both = COMPACT_BONE.attenuation(energy) + WATER.attenuation(energy)
    assert half == pytest.approx(0.5 * both, rel=1e-12)


def test_two_tissues_do_not_tell_an_energy() -> None:
    with pytest.raises(CalibrationError, match="at least three tissues"):
        calibrate_by_attenuation(samples(70.0)[:2], "CaHA", 120.0)


def test_a_tube_voltage_without_known_spectra_is_refused() -> None:
    with pytest.raises(CalibrationError, match="90 kV"):
        calibrate_by_attenuation(samples(70.0), "CaHA", 90.0)
