"""Settings of the calibration: what each method needs, and what it would ignore."""

import tomllib

import pytest

from femur_fea.errors import ConfigError
from femur_risk.config import resolve_config, resolved_toml


def test_a_fixed_calibration_needs_its_whole_line() -> None:
    for key in ("slope_g_per_cm3_per_HU", "intercept_g_per_cm3"):
        part = {name: value for name, value in FIXED.items() if name != key}
        with pytest.raises(ConfigError, match=key):
            resolve_config({"calibration": part})


def test_a_fixed_line_is_of_no_mineral_until_one_is_named() -> None:
    line = {name: value for name, value in FIXED.items() if name != "phantom_density"}
    with pytest.raises(ConfigError, match="phantom_density"):
        resolve_config({"calibration": line})


FIXED = {
    "method": "fixed",
    "slope_g_per_cm3_per_HU": 0.0008,
    "intercept_g_per_cm3": 0.0,
    "phantom_density": "CaHA",
}


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("slope_g_per_cm3_per_HU", 0.0008),
        ("intercept_g_per_cm3", 0.0),
        ("phantom_density", "CaHA"),
        ("relative_uncertainty", 0.0),
    ],
)
def test_a_setting_of_the_fixed_method_is_refused_rather_than_ignored_by_the_average(
    key: str, value: object
) -> None:
    with pytest.raises(ConfigError, match=f"'average' without {key}"):
        resolve_config({"calibration": {key: value}})


def test_a_tube_voltage_is_refused_rather_than_ignored_by_the_fixed_method() -> None:
    with pytest.raises(ConfigError, match="'fixed' without tube_voltage_kV"):
        resolve_config({"calibration": {**FIXED, "tube_voltage_kV": 120.0}})


def test_the_uncertainty_of_a_fixed_line_is_not_made_up() -> None:
    assert resolve_config({"calibration": FIXED}).calibration.relative_uncertainty is None


PHANTOM = {"method": "phantom", "phantom": {"name": "qrm_bdc_3"}}


def test_a_phantom_is_refused_rather_than_ignored_by_another_method() -> None:
    with pytest.raises(ConfigError, match="'average' without phantom"):
        resolve_config({"calibration": {"phantom": {"name": "qrm_bdc_3"}}})


@pytest.mark.parametrize("method", ["air_fat_muscle", "multi_tissue"])
@pytest.mark.parametrize("section", [{"phantom": {"name": "qrm_bdc_3"}}, {**FIXED}])
def test_what_a_calibration_by_tissues_ignores_is_refused(
    method: str, section: dict[str, object]
) -> None:
    with pytest.raises(ConfigError, match=f"'{method}' without"):
        resolve_config({"calibration": {**section, "method": method}})


def test_a_misspelt_key_of_a_table_within_a_section_is_told_with_the_nearest() -> None:
    with pytest.raises(ConfigError, match="did you mean 'densities_g_per_cm3'"):
        resolve_config({"calibration": {"phantom": {"density_g_per_cm3": [0.1]}}})


def test_an_option_leaves_the_rest_of_a_table_within_a_section_as_it_is() -> None:
    table = {"name": "qrm_bdc_6", "densities_g_per_cm3": [0.1, 0.4, 0.8]}
    config = resolve_config(
        {"calibration": {"method": "phantom", "phantom": table}},
        {"calibration": {"method": None, "phantom": {"name": "qrm_bdc_3"}}},
    )
    assert config.calibration.phantom.name == "qrm_bdc_3"
    assert config.calibration.phantom.densities_g_per_cm3 == (0.1, 0.4, 0.8)


@pytest.mark.parametrize(
    "section",
    [
        {},
        FIXED,
        {**FIXED, "relative_uncertainty": 0.0},
        PHANTOM,
        {"method": "air_fat_muscle"},
        {"method": "multi_tissue", "tube_voltage_kV": 120.0},
    ],
)
def test_every_calibration_read_back_from_a_run_is_the_same(section: dict[str, object]) -> None:
    config = resolve_config({"calibration": section})
    assert resolve_config(tomllib.loads(resolved_toml(config))) == config
