"""How the scan was made."""

from typing import Any

import pytest

from femur_fea.errors import FemurFEAWarning


def test_the_facts_of_the_scan_are_read(scanner: Any) -> None:
    slices = scanner.series(
        Manufacturer="SIEMENS",
        ManufacturerModelName="SOMATOM Force",
        ReconstructionDiameter=350,
        ContrastBolusAgent="iodine",
    )
    for k, data in enumerate(slices):
        data.Exposure = 200 + k
    scanner.write(slices)
    facts = scanner.read().acquisition
    assert facts.tube_voltage_kV == 120.0
    assert facts.exposure_mAs == 202.5  # mean of 200 to 205
    assert facts.kernel == "B60f"
    assert facts.slice_thickness_mm == 2.0
    assert facts.reconstruction_diameter_mm == 350.0
    assert facts.gantry_tilt_deg == 0.0
    assert facts.contrast_agent is True
    assert (facts.manufacturer, facts.scanner_model) == ("SIEMENS", "SOMATOM Force")


def test_known_words_of_the_image_type_are_kept_and_no_other(scanner: Any) -> None:
    words = ["DERIVED", "PRIMARY", "AXIAL", "DOE JOHN", "MONO_E70"]
    scanner.write(scanner.series(ImageType=words))
    assert scanner.read().acquisition.image_type == "DERIVED PRIMARY AXIAL MONO_E70"


@pytest.mark.parametrize(
    ("tags", "expected"),
    [
        ({"FilterMaterial": "TIN"}, "TIN"),
        ({"FilterMaterial": ["ALUMINUM", "TIN"]}, "TIN ALUMINUM"),
        ({"FilterType": "SN_0.6_MM"}, "TIN"),
        ({"FilterType": "Sn100kV"}, "TIN"),
        ({"FilterType": "WEDGE_2"}, None),
        ({"FilterType": "DOE TINA"}, None),
        ({}, None),
    ],
)
def test_metals_in_the_beam_are_kept_and_no_other_word(
    scanner: Any, tags: dict[str, Any], expected: str | None
) -> None:
    scanner.write(scanner.series(2, **tags))
    assert scanner.read().acquisition.beam_filter == expected


def test_an_image_blended_from_two_voltages_is_told_by_its_header(scanner: Any) -> None:
    scanner.write(scanner.series(MultienergyCTAcquisition="YES", KVP=None))
    facts = scanner.read().acquisition
    assert facts.image_type == "ORIGINAL PRIMARY AXIAL MULTI_ENERGY"
    assert facts.tube_voltage_kV is None


def test_facts_that_the_header_lacks_are_unknown(scanner: Any) -> None:
    slices = scanner.series(KVP=None, ConvolutionKernel=None, Exposure=0)
    for data in slices:
        data.SliceThickness = None
    scanner.write(slices)
    facts = scanner.read().acquisition
    assert facts.tube_voltage_kV is None
    assert facts.exposure_mAs is None
    assert facts.kernel is None
    assert facts.slice_thickness_mm is None
    assert facts.reconstruction_diameter_mm is None
    assert facts.contrast_agent is None
    assert facts.manufacturer is None


@pytest.mark.parametrize(
    ("tags", "expected"),
    [
        ({"ContrastBolusAgent": "Omnipaque 300"}, True),
        ({"ContrastBolusAgent": "No contrast"}, False),
        ({"ContrastBolusAgent": ""}, None),
        ({"ContrastBolusVolume": 80}, True),
        ({"ContrastBolusVolume": 0, "ContrastBolusAgent": ""}, False),
        ({}, None),
    ],
)
def test_contrast_agent_is_given_not_given_or_unknown(
    scanner: Any, tags: dict[str, Any], expected: bool | None
) -> None:
    scanner.write(scanner.series(2, **tags))
    assert scanner.read().acquisition.contrast_agent is expected


def test_contrast_agent_in_any_slice_counts(scanner: Any) -> None:
    slices = scanner.series(ContrastBolusAgent="none")
    slices[3].ContrastBolusAgent = "iohexol"
    scanner.write(slices)
    assert scanner.read().acquisition.contrast_agent is True


def test_exposure_in_microampere_seconds_is_converted(scanner: Any) -> None:
    scanner.write(scanner.series(2, ExposureInuAs=150000))
    assert scanner.read().acquisition.exposure_mAs == 150.0


def test_facts_that_slices_state_differently_are_unknown(scanner: Any) -> None:
    slices = scanner.series()
    slices[1].KVP = 80
    scanner.write(slices)
    with pytest.warns(FemurFEAWarning, match="differ in tube_voltage_kV"):
        assert scanner.read().acquisition.tube_voltage_kV is None
