"""What the certificate of a phantom tells, and what its rods hold."""

from typing import Any

import numpy as np
import pytest

from calibration import PHANTOMS, calibrate_with_phantom, with_certificate
from femur_fea.errors import CalibrationError


def test_a_certificate_speaks_for_the_densities_and_errors_that_it_gives() -> None:
    phantom = PHANTOMS["qrm_bdc_3"]
    rho, rho_se = (0.1012, 0.3987, 0.7989), (0.001, 0.002, 0.004)
    densities = with_certificate(phantom, rho=rho)
    assert (densities.provenance, densities.error_provenance) == ("user", "unverified")
    whole = with_certificate(phantom, rho=rho, rho_se=rho_se)
    assert (whole.provenance, whole.error_provenance) == ("user", "user")
    assert [(rod.rho, rod.rho_se) for rod in whole.rods] == list(zip(rho, rho_se, strict=True))


def test_a_certificate_of_mineral_alone_is_not_one_of_rods_whose_water_differs() -> None:
    phantom = PHANTOMS["mindways_model_3_ct"]
    rho = [rod.rho for rod in phantom.rods]
    assert with_certificate(phantom, rho=rho).provenance == "unverified"
    water = [rod.water or 0.0 for rod in phantom.rods]
    assert with_certificate(phantom, rho=rho, water=water).provenance == "user"


def test_the_water_of_mindways_rods_is_corrected_as_its_guide_tells() -> None:
    phantom = PHANTOMS["mindways_model_3_ct"]
    mineral = np.array([1000.0 * rod.rho for rod in phantom.rods])
    water = np.array([1000.0 * rod.water for rod in phantom.rods])
    sigma_ref, beta_ref = 1.52, -1005.0
    hu = water + sigma_ref * mineral + beta_ref
    sigma, beta = sigma_ref - 0.2174, beta_ref + 999.6
    np.testing.assert_allclose((hu - phantom.excess_hu() - beta) / sigma, mineral, atol=1e-9)


def test_nominal_densities_are_flagged_and_the_curve_says_where_it_is_from(bench: Any) -> None:
    phantom = PHANTOMS["qrm_bdc_6"]
    ct, regions = bench.tiny_scan(np.random.default_rng(1), bench.ct_numbers(phantom), 20.0)
    found = calibrate_with_phantom(ct, phantom, regions)
    assert [flag.name for flag in found.flags] == ["nominal densities"]
    content = found.to_dict()
    assert (content["method"], content["provenance"]) == ("phantom", "unverified")
    assert [item["name"] for item in content["measured"]] == ["A", "B", "C", "D", "E", "F"]
    assert len(content["fit"]["references"]) == 6


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
@pytest.mark.parametrize("column", ["rho", "rho_se", "water", "water_se"])
def test_a_certificate_with_a_number_that_is_none_is_refused(column: str, value: float) -> None:
    phantom = PHANTOMS["mindways_model_3_ct"]
    with pytest.raises(CalibrationError, match="no finite numbers"):
        with_certificate(phantom, **{column: [0.0, 0.1, 0.2, 0.4, value]})
