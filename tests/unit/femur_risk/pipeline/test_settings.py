"""What a configuration asks for is checked before anything is read."""

from dataclasses import replace
from typing import Any

import pytest

from calibration import average_line, check_ct_numbers
from femur_fea.domain import Acquisition
from femur_fea.errors import (
    CalibrationError,
    ConfigError,
    DensityKindError,
    UnknownNameError,
)
from femur_fea.presets import PRESETS
from femur_risk.config import CalibrationConfig, resolve_config
from femur_risk.pipeline.calibration_by_line import choose_curve
from femur_risk.pipeline.settings import check_settings

FIXED = {
    "method": "fixed",
    "slope_g_per_cm3_per_HU": 0.0008,
    "intercept_g_per_cm3": 0.0,
    "phantom_density": "CaHA",
}


def check(**sections: dict[str, Any]) -> None:
    check_settings(resolve_config(sections))


def test_the_defaults_and_a_fixed_line_can_be_used() -> None:
    check()
    check(calibration=FIXED)
    check(calibration={"tube_voltage_kV": 120.0})


@pytest.mark.parametrize("name", ["Bologna", "bolonga", "bologna "])
def test_an_unknown_preset_is_told_with_the_nearest(name: str) -> None:
    with pytest.raises(UnknownNameError, match="did you mean 'bologna'"):
        check(preset={"name": name})


@pytest.mark.parametrize("name", ["Stance", "stanc", "../stance"])
def test_an_unknown_load_is_told_with_the_nearest(name: str) -> None:
    with pytest.raises(UnknownNameError, match="did you mean 'stance'"):
        check(loads={"names": ["fall", name]})


@pytest.mark.parametrize("key", ["slope_g_per_cm3_per_HU", "intercept_g_per_cm3"])
def test_a_line_of_no_scanner_is_refused_with_the_range_of_scanners(key: str) -> None:
    with pytest.raises(CalibrationError, match="between"):
        check(calibration={**FIXED, key: 0.8})


def test_the_mineral_of_another_preset_is_refused() -> None:
    assert PRESETS["bologna"].density_kind == "CaHA"
    with pytest.raises(DensityKindError, match="K2HPO4"):
        check(calibration={**FIXED, "phantom_density": "K2HPO4"})


def phantom(name: str, **certificate: Any) -> dict[str, Any]:
    return {"method": "phantom", "phantom": {"name": name, **certificate}}


def test_a_phantom_of_the_preset_s_mineral_can_be_used() -> None:
    check(calibration=phantom("qrm_bdc_6"))
    check(calibration=phantom("mindways_model_3_ct"), preset={"name": "nijmegen"})


def test_a_phantom_of_phosphate_is_refused_by_the_preset_of_hydroxyapatite() -> None:
    with pytest.raises(DensityKindError, match="gives density of K2HPO4, for the preset 'bol"):
        check(calibration=phantom("mindways_model_3_ct"))


def test_an_unknown_phantom_is_told_with_the_nearest() -> None:
    with pytest.raises(UnknownNameError, match="did you mean 'qrm_bdc_6'"):
        check(calibration=phantom("qrm_bcd_6"))


def test_a_certificate_has_one_number_for_each_rod() -> None:
    check(calibration=phantom("qrm_bdc_3", densities_g_per_cm3=[0.1012, 0.3987, 0.7989]))
    with pytest.raises(CalibrationError, match=r"2 certificate value\(s\) of rho .* expected 3"):
        check(calibration=phantom("qrm_bdc_3", densities_g_per_cm3=[0.1, 0.4]))
    with pytest.raises(CalibrationError, match="its rods hold no water"):
        check(calibration=phantom("qrm_bdc_3", water_densities_g_per_cm3=[1.0, 1.0, 1.0]))


def test_densities_of_tissues_in_hydroxyapatite_are_refused_by_the_preset_of_phosphate() -> None:
    check(calibration={"method": "air_fat_muscle"})
    with pytest.raises(DensityKindError, match=r"of CaHA, for the preset 'nijmegen'.*of K2HPO4"):
        check(calibration={"method": "air_fat_muscle"}, preset={"name": "nijmegen"})


@pytest.mark.parametrize("preset", ["bologna", "nijmegen"])
def test_attenuation_of_tissues_gives_the_mineral_of_every_preset(preset: str) -> None:
    check(calibration={"method": "multi_tissue"}, preset={"name": preset})


@pytest.mark.parametrize("method", ["air_fat_muscle", "multi_tissue"])
def test_tissues_are_refused_at_a_voltage_whose_energy_is_not_known(method: str) -> None:
    check(calibration={"method": method, "tube_voltage_kV": 140.0})
    with pytest.raises(CalibrationError, match="90 kV"):
        check(calibration={"method": method, "tube_voltage_kV": 90.0})


DIRECTED = {"cortex": "transversely_isotropic"}


def test_a_cortex_with_a_direction_needs_a_linear_model() -> None:
    check(mapping=DIRECTED)
    with pytest.raises(ConfigError, match=r"nonlinear model .* its yield surface knows no direct"):
        check(mapping=DIRECTED, preset={"name": "nijmegen"})


def test_a_cortex_with_a_direction_is_not_exported_for_febio() -> None:
    check(mapping=DIRECTED, solver={"export": ["ccx"]})
    with pytest.raises(ConfigError, match="FEBio writes no direction"):
        check(mapping=DIRECTED, solver={"export": ["ccx", "febio"]})


def test_a_line_of_hydroxyapatite_is_refused_by_the_preset_of_phosphate() -> None:
    with pytest.raises(DensityKindError, match=r"of CaHA, for the preset 'nijmegen'.*of K2HPO4"):
        check(preset={"name": "nijmegen"}, calibration=FIXED)


@pytest.mark.parametrize("calibration", [{}, FIXED])
def test_what_lacks_a_mineral_is_told_every_calibration_that_gives_it(
    calibration: dict[str, Any],
) -> None:
    with pytest.raises((CalibrationError, DensityKindError)) as caught:
        check(preset={"name": "nijmegen"}, calibration=calibration)
    for way in ("--phantom mindways_model_3_ct", "--calibration multi_tissue", "method = 'fixed'"):
        assert way in caught.value.remedy
    assert "qrm_bdc_6" not in caught.value.remedy, "which is a phantom of the other mineral"


def test_a_calibration_of_another_mineral_is_told_the_presets_that_take_it() -> None:
    with pytest.raises(DensityKindError) as caught:
        check(preset={"name": "nijmegen"}, calibration=FIXED)
    assert "bologna, keaveny_open" in caught.value.remedy


def test_a_phantom_without_a_name_is_told_all_names_with_their_minerals() -> None:
    with pytest.raises(ConfigError) as caught:
        check(calibration={"method": "phantom"})
    assert "mindways_model_3_ct (K2HPO4)" in caught.value.expected
    assert "qrm_bdc_6 (CaHA)" in caught.value.expected
    assert "--phantom NAME" in caught.value.remedy


def test_the_preset_of_phosphate_is_refused_where_no_average_line_gives_it() -> None:
    with pytest.raises(CalibrationError, match=r"'nijmegen'.*phantom_density = 'K2HPO4'"):
        check(preset={"name": "nijmegen"})


@pytest.mark.parametrize(("preset", "model"), [("bologna", "linear"), ("nijmegen", "nonlinear")])
def test_the_model_of_the_preset_may_be_named(preset: str, model: str) -> None:
    line = {**FIXED, "phantom_density": PRESETS[preset].density_kind}
    check(preset={"name": preset}, solver={"model": model}, calibration=line)


def test_linear_tetrahedra_are_refused_where_they_lock() -> None:
    line = {**FIXED, "phantom_density": "K2HPO4"}
    with pytest.raises(ConfigError, match="lock"):
        check(preset={"name": "nijmegen"}, mesh={"element": "tet4"}, calibration=line)


def test_a_tube_voltage_without_an_average_line_is_refused() -> None:
    with pytest.raises(CalibrationError, match="140 kV"):
        check(calibration={"tube_voltage_kV": 140.0})


def curve_for(stated: float | None, in_file: float | None) -> object:
    config = CalibrationConfig(tube_voltage_kV=stated)
    return choose_curve(config, Acquisition(tube_voltage_kV=in_file), PRESETS["bologna"]).slope


def test_tube_voltages_of_file_and_configuration_that_contradict_each_other_are_refused() -> None:
    with pytest.raises(ConfigError, match=r"tube_voltage_kV = 120 .* header says 100 kV"):
        curve_for(120.0, 100.0)


def test_the_voltage_of_the_file_counts_where_none_is_stated() -> None:
    with pytest.raises(CalibrationError, match="100 kV"):
        curve_for(None, 100.0)


def test_the_voltage_that_is_stated_counts_where_the_file_does_not_tell() -> None:
    assert curve_for(120.0, None) == curve_for(None, 120.0) == curve_for(120.0, 120.0)


def test_a_voltage_that_nobody_knows_is_not_taken_for_120() -> None:
    assert curve_for(None, None) == average_line(None).slope
    assert curve_for(None, None) != curve_for(120.0, None)


def test_an_image_for_one_energy_has_no_average_line_whatever_its_voltage() -> None:
    facts = Acquisition(tube_voltage_kV=120.0, image_type="ORIGINAL PRIMARY AXIAL VMI")
    with pytest.raises(CalibrationError, match="one energy"):
        choose_curve(CalibrationConfig(), facts, PRESETS["bologna"])
    fixed = choose_curve(CalibrationConfig(**FIXED), facts, PRESETS["bologna"])
    assert fixed.method == "fixed"


def test_a_beam_through_tin_has_no_average_line_and_a_fixed_one() -> None:
    facts = Acquisition(tube_voltage_kV=120.0, beam_filter="TIN")
    with pytest.raises(CalibrationError, match="filter of tin"):
        choose_curve(CalibrationConfig(), facts, PRESETS["bologna"])
    fixed = choose_curve(CalibrationConfig(**FIXED), facts, PRESETS["bologna"])
    assert fixed.method == "fixed"
    without = replace(facts, beam_filter="ALUMINUM")
    assert choose_curve(CalibrationConfig(), without, PRESETS["bologna"]).method == "average"


def test_an_image_blended_from_voltages_has_the_line_of_an_unknown_one() -> None:
    facts = Acquisition(tube_voltage_kV=120.0, image_type="DERIVED PRIMARY AXIAL DE_MIXED")
    blended = choose_curve(CalibrationConfig(), facts, PRESETS["bologna"])
    unknown = choose_curve(CalibrationConfig(), Acquisition(), PRESETS["bologna"])
    assert (blended.slope, blended.relative_uncertainty) == (
        unknown.slope,
        unknown.relative_uncertainty,
    )


def test_an_image_of_a_material_is_no_ground_for_any_line() -> None:
    facts = Acquisition(tube_voltage_kV=120.0, image_type="ORIGINAL PRIMARY AXIAL MAT_REMOVED")
    with pytest.raises(CalibrationError, match="MAT_REMOVED"):
        check_ct_numbers(facts)
    check_ct_numbers(Acquisition(image_type="ORIGINAL PRIMARY AXIAL VMI"))
