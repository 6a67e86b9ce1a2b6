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
        ([], "tube"),
    ],
)
def test_the_spectrum_of_an_image(words: list[str], spectrum: str) -> None:
    assert spectrum_of(image_type_of(words)) == spectrum


@pytest.mark.parametrize("word", ["DOE^JOHN", "1234567", "MONO_1234567", "A 1950-01-01", ""])
def test_a_word_that_may_name_somebody_is_left_out(word: str) -> None:
    assert image_type_of(["ORIGINAL", word]) == "ORIGINAL"
    assert image_type_of([word]) is None
