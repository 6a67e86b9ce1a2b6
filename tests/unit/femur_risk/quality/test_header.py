"""What the header tells becomes a flag with its published effect."""

from collections.abc import Callable

import pytest

from femur_fea.domain import QualityFlag
from femur_risk.quality import assess_scan
from femur_risk.quality.kernels import effect_of_kernel


def named(flags: tuple[QualityFlag, ...], name: str) -> QualityFlag:
    (found,) = [flag for flag in flags if flag.name == name]
    return found


def test_a_header_without_fault_has_no_flag(thigh: Callable) -> None:
    scan = thigh(tube_voltage_kV=120.0, kernel="B30f", slice_thickness_mm=1.5, contrast_agent=False)
    assert assess_scan(scan.ct, scan.femur) == ()


def test_what_the_header_does_not_tell_is_no_fault(thigh: Callable) -> None:
    assert assess_scan(thigh().ct, thigh().femur) == ()


@pytest.mark.parametrize(
    ("facts", "name", "effect"),
    [
        ({"slice_thickness_mm": 3.0}, "slice thickness", 0.04),
        ({"kernel": "B70s"}, "kernel", 0.20),
    ],
)
def test_published_effects_come_with_their_source(
    thigh: Callable, facts: dict, name: str, effect: float
) -> None:
    scan = thigh(**facts)
    flag = named(assess_scan(scan.ct, scan.femur), name)
    assert (flag.effect.fraction, flag.effect.provenance) == (effect, "published")
    assert "doi:" in flag.effect.source
    assert f"up to {effect:.0%}" in flag.sentence


def test_an_effect_that_nobody_published_is_not_made_up(thigh: Callable) -> None:
    scan = thigh(contrast_agent=True)
    flag = named(assess_scan(scan.ct, scan.femur), "contrast agent")
    assert (flag.effect.fraction, flag.effect.provenance) == (None, "unverified")
    assert "up to" not in flag.sentence


def test_the_tube_voltage_is_left_to_the_calibration(thigh: Callable) -> None:
    scan = thigh(tube_voltage_kV=100.0)
    assert assess_scan(scan.ct, scan.femur) == ()


@pytest.mark.parametrize(
    ("image_type", "severity", "meaning"),
    [
        ("DERIVED SECONDARY AXIAL", "note", "blur or resample"),
        ("ORIGINAL PRIMARY AXIAL VMI", "caution", "one energy"),
        ("DERIVED PRIMARY AXIAL MONO_E40", "caution", "one energy"),
        ("DERIVED PRIMARY AXIAL DE_MIXED", "caution", "several tube voltages"),
        ("ORIGINAL PRIMARY AXIAL MAT_REMOVED", "caution", "of a material or without one"),
    ],
)
def test_an_image_that_was_computed_is_flagged(
    thigh: Callable, image_type: str, severity: str, meaning: str
) -> None:
    scan = thigh(image_type=image_type)
    flag = named(assess_scan(scan.ct, scan.femur), "image type")
    assert flag.severity == severity
    assert meaning in flag.found
    assert image_type in flag.sentence


def test_tin_in_the_beam_is_flagged_and_other_metals_are_not(thigh: Callable) -> None:
    scan = thigh(beam_filter="TIN ALUMINUM")
    assert "hardens" in named(assess_scan(scan.ct, scan.femur), "beam filter").found
    scan = thigh(beam_filter="ALUMINUM")
    assert assess_scan(scan.ct, scan.femur) == ()


def test_an_original_image_is_not_flagged(thigh: Callable) -> None:
    scan = thigh(image_type="ORIGINAL PRIMARY AXIAL")
    assert assess_scan(scan.ct, scan.femur) == ()


@pytest.mark.parametrize("kernel", ["B50s", "B60s", "B80s"])
def test_names_that_were_read_in_a_manual(kernel: str) -> None:
    effect = effect_of_kernel(kernel)
    assert effect is not None
    assert effect.provenance == "published"


@pytest.mark.parametrize(
    "kernel",
    ["B70f", "Br64d", "BONE", "BONEPLUS", "HD BONE", "HD BONEPLUS", "HD LUNG", "FC30", "YD"],
)
def test_names_from_memory_are_flagged_as_unverified(kernel: str, thigh: Callable) -> None:
    scan = thigh(kernel=kernel)
    flag = named(assess_scan(scan.ct, scan.femur), "kernel")
    assert (flag.effect.fraction, flag.effect.provenance) == (0.20, "unverified")
    assert "from memory" in flag.effect.source


@pytest.mark.parametrize(
    "kernel", ["B30f", "B40s", "Br40d", "STANDARD", "HD STD", "SOFT", "FC08", "B", "A"]
)
def test_names_of_soft_kernels(kernel: str) -> None:
    assert effect_of_kernel(kernel) is None
