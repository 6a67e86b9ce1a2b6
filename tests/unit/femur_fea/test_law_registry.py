"""Every registered law is the one that its reference prints."""

from pathlib import Path

import numpy as np
import pytest

from femur_fea.errors import OutOfRangeError, UnknownNameError
from femur_fea.materials import (
    CORTEX_ANISOTROPY,
    DENSITY_CONVERSIONS,
    MATERIAL_LAWS,
    STRENGTH_LAWS,
    laws_page,
)

ROOT = Path(__file__).resolve().parents[3]

# density in g/cm3, and the property in MPa worked out by hand from the printed equation
MODULI = {
    "morgan_2003_femoral_neck": ("apparent", 0.5, 2438.6),
    "morgan_2003_femoral_neck_ash": ("ash", 0.3, 2438.6),
    "morgan_2003_greater_trochanter": ("apparent", 0.5, 3312.4),
    "morgan_2003_proximal_tibia": ("apparent", 0.5, 4065.1),
    "morgan_2003_vertebra": ("apparent", 0.5, 1604.2),
    "keaveny_open_femoral_neck": ("apparent", 0.5, 3121.5),
    "keaveny_open_greater_trochanter": ("apparent", 0.5, 4239.9),
    "keaveny_open_vertebra": ("K2HPO4", 0.2, 703.9),
    "keyak_1994": ("ash", 0.6, 5762.0),
    "keller_1994_piecewise": ("ash", 0.4, 2591.8),
    "keller_1994_pooled": ("ash", 0.6, 3260.0),
    "carter_hayes_1977": ("apparent", 0.5, 473.75),
    "kopperdahl_2002_vertebra": ("K2HPO4", 0.2, 549.9),
    "crawford_2003_vertebra": ("K2HPO4", 0.2, 611.3),
    "snyder_1991_trabecular": ("apparent", 0.5, 275.0),
    "snyder_1991": ("apparent", 1.8, 15938.0),
    "wirtz_2000_cortical_axial": ("apparent", 1.8, 12697.6),
    "wirtz_2000_cortical_transverse": ("apparent", 1.8, 5823.0),
    "wirtz_2000_trabecular_axial": ("apparent", 0.4, 423.7),
    "wirtz_2000_trabecular_transverse": ("apparent", 0.4, 226.5),
}
STRENGTHS = {
    "keyak_2001": ("ash", 0.6, 40.67),
    "keyak_1998": ("ash", 0.2, 6.647),
    "keller_1994": ("ash", 0.6, 43.65),
    "kopperdahl_2002_vertebra": ("K2HPO4", 0.2, 3.993),
    "keaveny_open_vertebra": ("K2HPO4", 0.2, 6.133),
}
# from and to, density before and after, g/cm3
CONVERSIONS = {
    "schileo_2008": ("CaHA", "ash", 0.5, 0.5175),
    "kaneko_2004": ("CaHA", "ash", 0.5, 0.4893),
    "keyak_1994": ("K2HPO4", "ash", 0.5, 0.5689),
    "les_1994": ("K2HPO4", "ash", 0.5, 0.6623),
    "trabecular_apparent": ("ash", "apparent", 0.55, 1.0),
    "schileo_2008_apparent": ("ash", "apparent", 0.6, 1.0),
}


@pytest.mark.parametrize(
    ("laws", "expected"), [(MATERIAL_LAWS, MODULI), (STRENGTH_LAWS, STRENGTHS)]
)
def test_every_law_gives_the_value_of_its_printed_equation(laws, expected) -> None:
    assert set(laws) == set(expected)
    for name, (kind, density, value) in expected.items():
        assert laws[name].density_kind == kind, name
        # the values are rounded to four digits
        assert laws[name].value(np.array([density]))[0] == pytest.approx(value, rel=2e-4), name


def test_every_conversion_gives_the_value_of_its_printed_equation() -> None:
    assert set(DENSITY_CONVERSIONS) == set(CONVERSIONS)
    for name, (before, after, density, value) in CONVERSIONS.items():
        record = DENSITY_CONVERSIONS[name]
        assert (record.from_kind, record.to_kind) == (before, after), name
        assert record.slope * density + record.intercept == pytest.approx(value, abs=1e-6), name


def test_a_measured_range_is_a_range_of_positive_densities() -> None:
    for law in (*MATERIAL_LAWS.values(), *STRENGTH_LAWS.values()):
        if law.rho_range is not None:
            low, high = law.rho_range
            assert 0.0 < low < high < 2.5  # mineral without pores has about 3 g/cm3


def test_numbers_that_were_recalled_and_not_read_are_marked() -> None:
    recalled = {name for name, law in MATERIAL_LAWS.items() if law.provenance == "unverified"}
    assert recalled >= {"keyak_1994", "keller_1994_piecewise", "carter_hayes_1977", "snyder_1991"}
    assert {name for name in MATERIAL_LAWS if name.startswith("wirtz")} <= recalled
    assert all(record.provenance == "unverified" for record in CORTEX_ANISOTROPY.values())


def test_carter_and_hayes_bone_stiffens_with_the_rate_of_strain_as_its_power() -> None:
    law = MATERIAL_LAWS["carter_hayes_1977"]
    rho = np.array([0.3, 1.2])
    # 0.01^0.06 = 0.7586
    assert law.at_rate(0.01).value(rho) == pytest.approx(0.7586 * law.value(rho), rel=1e-4)


def test_a_law_of_strain_rate_has_no_value_at_rest() -> None:
    with pytest.raises(OutOfRangeError, match="0 per s"):
        MATERIAL_LAWS["carter_hayes_1977"].at_rate(0.0)


def test_the_rigidity_law_joins_its_lines_where_they_cross() -> None:
    below, above = MATERIAL_LAWS["snyder_1991"].value(np.array([1.12296, 1.12296 + 1e-9]))
    assert above == pytest.approx(below, rel=1e-4)


def test_an_affine_law_ends_below_the_density_where_it_crosses_zero() -> None:
    # 34.7 / 3230 g/cm3: below it the modulus is negative, which mapping raises to its floor
    low, high = MATERIAL_LAWS["crawford_2003_vertebra"].value(np.array([0.0107, 0.0108]))
    assert low < 0.0 < high


def test_an_unknown_law_is_answered_with_the_nearest_name() -> None:
    with pytest.raises(UnknownNameError, match="did you mean 'morgan_2003_femoral_neck"):
        MATERIAL_LAWS["morgan_2003_femur_neck"]


def test_the_page_of_laws_is_that_of_the_registries() -> None:
    page = (ROOT / "docs/laws.md").read_text(encoding="utf-8")
    assert page == laws_page(), "run python .ci/laws_page.py"
