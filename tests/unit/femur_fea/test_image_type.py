"""What an image says of itself: by which X-rays it was made, and nothing that names anybody."""

import pytest

from femur_fea.domain import image_type_of, spectrum_of


@pytest.mark.parametrize(
    ("words", "spectrum"),
    [
        (["ORIGINAL", "PRIMARY", "AXIAL"], "tube"),
        (["DERIVED", "SECONDARY", "MPR"], "tube"),
        # PS3.17 JJJJ.5
        (["ORIGINAL", "PRIMARY", "AXIAL", "EFF_ATOMIC_NUM"], "material"),
        (["ORIGINAL", "PRIMARY", "AXIAL", "MAT_SPECIFIC"], "material"),
        (["DERIVED", "PRIMARY", "AXIAL", "VNC"], "material"),
        (["ORIGINAL", "PRIMARY", "AXIAL", "VMI"], "one energy"),
        (["derived", "primary", "axial", "mono_e70"], "one energy"),
        (["DERIVED", "PRIMARY", "AXIAL", "MONO", "70KEV"], "one energy"),
        (["DERIVED", "PRIMARY", "AXIAL", "M_0.5"], "several tubes"),
        (["DERIVED", "SECONDARY", "AXIAL", "MONO 40KEV"], "one energy"),
        (["DERIVED", "SECONDARY", "AXIAL", "GSI MONO"], "one energy"),
        (["DERIVED", "PRIMARY", "AXIAL", "MONO+ 40 KEV"], "one energy"),
        (["DERIVED", "PRIMARY", "AXIAL", "VIRTUAL MONOENERGETIC"], "one energy"),
        (["DERIVED", "PRIMARY", "AXIAL", "VMI_ONLY"], "one energy"),
        (["DERIVED", "PRIMARY", "AXIAL", "VNCA"], "material"),
        (["DERIVED", "PRIMARY", "AXIAL", "CALCIUM"], "material"),
        (["DERIVED", "PRIMARY", "AXIAL", "PURE CALCIUM"], "material"),
        (["DERIVED", "PRIMARY", "AXIAL", "CALCIUM SUPPRESSED"], "material"),
        (["DERIVED", "PRIMARY", "AXIAL", "WATER"], "material"),
        (["DERIVED", "PRIMARY", "AXIAL", "WATER(IODINE)"], "material"),
        (["DERIVED", "PRIMARY", "AXIAL", "VIRTUAL_NON_CONTRAST"], "material"),
        (["DERIVED", "PRIMARY", "AXIAL", "HAP"], "material"),
        (["DERIVED", "PRIMARY", "AXIAL", "CALCIUM SCORING"], "tube"),
        (["DERIVED", "PRIMARY", "AXIAL", "CONVENTIONAL"], "tube"),
        ([], "tube"),
    ],
)
def test_the_spectrum_of_an_image(words: list[str], spectrum: str) -> None:
    assert spectrum_of(image_type_of(words)) == spectrum


@pytest.mark.parametrize("word", ["DOE^JOHN", "DE LA CRUZ", "1234567", "A 1950-01-01", ""])
def test_a_word_that_may_name_somebody_is_left_out(word: str) -> None:
    assert image_type_of(["ORIGINAL", word]) == "ORIGINAL"
    assert image_type_of([word]) is None


def test_of_a_value_that_is_known_in_part_that_part_is_kept() -> None:
    assert image_type_of(["MONO_1234567"]) == "MONO"
    assert image_type_of(["Doe GSI 19500101"]) == "GSI"
