import numpy as np
import pytest

from femur_fea.domain import DensityField, ImageGrid, LabelMask
from femur_fea.errors import DensityKindError, OutOfRangeError
from femur_fea.materials import DENSITY_CONVERSIONS, MATERIAL_LAWS, STRENGTH_LAWS, clamp_negative
from femur_fea.presets import PRESETS


def densities(values: list[float], kind: str = "CaHA") -> DensityField:
    rho = np.asarray(values, dtype=np.float64).reshape(-1, 1, 1)
    return DensityField(grid=ImageGrid(shape=rho.shape, affine=np.eye(4)), rho=rho, kind=kind)


def all_inside(density: DensityField) -> LabelMask:
    return LabelMask(grid=density.grid, inside=np.ones(density.grid.shape, dtype=bool))


def test_schileo_ash_density_of_three_equivalent_densities() -> None:
    # Schileo 2008: rho_ash = 0.877 rho_CHA + 0.079; values worked out by hand
    ash = DENSITY_CONVERSIONS["schileo_2008"].apply(densities([0.0, 0.5, 1.2]))
    assert ash.kind == "ash"
    assert np.allclose(ash.rho.ravel(), [0.0790, 0.5175, 1.1314], atol=1e-6)


def test_morgan_modulus_in_ash_units_is_14664_mpa_at_unit_density() -> None:
    # 6850 / 0.6**1.49: the same law restated for ash density
    law = MATERIAL_LAWS["morgan_2003_femoral_neck"]
    assert law.value(np.array([1.0 / 0.6]))[0] == pytest.approx(14664.0, rel=1e-4)


def test_a_negative_density_is_refused_by_a_power_law() -> None:
    with pytest.raises(OutOfRangeError, match=r"a density of -0\.1 g/cm3"):
        MATERIAL_LAWS["morgan_2003_femoral_neck"].value(np.array([-0.1, 0.5]))


def test_negative_mineral_is_clamped_before_the_intercept_and_counted() -> None:
    density = densities([-0.2, -0.05, 0.0, 0.3])
    clamped = clamp_negative(density, all_inside(density))
    assert clamped.clamped_voxels == 2
    assert clamped.total_voxels == 4
    assert clamped.density.rho.min() == 0.0


def test_only_voxels_of_the_bone_are_counted_as_clamped() -> None:
    density = densities([-0.2, -0.05, 0.0, 0.3])
    inside = np.array([False, True, True, True]).reshape(-1, 1, 1)
    assert clamp_negative(density, LabelMask(grid=density.grid, inside=inside)).clamped_voxels == 1


def test_fat_and_zero_mineral_get_the_same_stiffness_in_the_bologna_chain() -> None:
    density = densities([-0.1, 0.0])
    preset = PRESETS["bologna"]
    converted = preset.to_law_density(density, all_inside(density))
    modulus = preset.law.value(converted.density.rho.ravel())
    assert modulus[0] == modulus[1]
    # the published intercept leaves zero mineral with this modulus: 6850 (0.079/0.6)^1.49
    assert modulus[0] == pytest.approx(6850 * (0.079 / 0.6) ** 1.49, rel=1e-6)


def test_a_calibration_for_another_phantom_is_refused() -> None:
    density = densities([0.5], kind="K2HPO4")
    with pytest.raises(DensityKindError, match=r"'K2HPO4'.*expected kind 'CaHA'"):
        PRESETS["bologna"].to_law_density(density, all_inside(density))


# Laws evaluated by hand from their published coefficients, MPa at six ash densities in g/cm3
ASH_DENSITIES = np.array([0.05, 0.1, 0.2, 0.4, 0.8, 1.2])


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("keyak_1994", [57, 206, 747, 2710, 9839, 20915]),
        ("keller_1994_pooled", [11, 54, 263, 1288, 6299, 15941]),
    ],
)
def test_laws_for_ash_density_give_their_tabulated_moduli(name, expected) -> None:
    # the table is rounded to whole MPa
    assert np.allclose(MATERIAL_LAWS[name].value(ASH_DENSITIES), expected, atol=0.51)


# coefficients as printed in Morgan 2003 (Table 9.4 of the Biomedical Engineering and Design
# Handbook): modulus at an apparent density of 0.5 g/cm3 = a 0.5^b, worked out by hand
@pytest.mark.parametrize(
    ("site", "modulus"),
    [
        ("femoral_neck", 2438.6),
        ("greater_trochanter", 3312.4),
        ("proximal_tibia", 4065.1),
        ("vertebra", 1604.2),
    ],
)
def test_morgans_laws_at_half_a_gram(site, modulus) -> None:
    law = MATERIAL_LAWS[f"morgan_2003_{site}"]
    assert law.value(np.array([0.5]))[0] == pytest.approx(modulus, abs=0.5)


def test_bologna_takes_poissons_ratio_of_its_authors() -> None:
    assert PRESETS["bologna"].nu == 0.3


def test_the_segments_of_kellers_law_meet() -> None:
    law = MATERIAL_LAWS["keller_1994_piecewise"]
    for border, modulus in ((0.27, 1902.0), (0.60, 3653.0)):
        below, above = law.value(np.array([border, border + 1e-9]))
        # the published coefficients are rounded: they meet to a tenth of a percent
        assert below == pytest.approx(above, rel=1e-3)
        assert below == pytest.approx(modulus, rel=1e-3)


def test_the_segments_of_keyaks_strength_law_meet() -> None:
    below, above = STRENGTH_LAWS["keyak_1998"].value(np.array([0.317, 0.317 + 1e-9]))
    assert below == pytest.approx(15.8, rel=5e-3)
    assert below == pytest.approx(above, rel=5e-3)


def test_keyaks_strength_over_modulus_brackets_the_tensile_yield_strain() -> None:
    # 0.68 to 0.82 % over the densities of bone, around Bayraktar's 0.73 %
    ratio = STRENGTH_LAWS["keyak_2001"].value(ASH_DENSITIES) / MATERIAL_LAWS["keyak_1994"].value(
        ASH_DENSITIES
    )
    assert ratio.min() == pytest.approx(0.0068, abs=5e-5)
    assert ratio.max() == pytest.approx(0.0082, abs=5e-5)


def test_a_law_keeps_the_shape_of_its_densities() -> None:
    rho = np.array([[0.1, 0.3], [0.5, 0.7], [0.9, 1.1]])
    law = MATERIAL_LAWS["keller_1994_piecewise"]
    assert np.array_equal(law.value(rho).ravel(), law.value(rho.ravel()))


def test_every_record_names_its_source() -> None:
    for registry in (MATERIAL_LAWS, STRENGTH_LAWS, DENSITY_CONVERSIONS):
        for record in registry.values():
            assert len(record.source) > 20
