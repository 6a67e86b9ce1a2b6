"""Warnings of changed models are passed on once, and not those that were given before."""

import warnings

from femur_fea.errors import FemurFEAWarning
from femur_risk.pipeline.warned import recorded_warnings, unsaid


def test_what_was_said_with_other_numbers_is_not_said_again() -> None:
    said = ["12 % of the contact lies on held bone"]
    found = unsaid(
        ["13.5 % of the contact lies on held bone", "cells of 3 mm lock", "cells of 4.2 mm lock"],
        said,
    )
    assert found == ("cells of 3 mm lock",)


def test_warnings_of_the_project_become_text_and_others_are_handed_on() -> None:
    with warnings.catch_warnings(record=True) as others:
        warnings.simplefilter("always")
        with recorded_warnings() as texts:
            warnings.warn("twice  as\n long", FemurFEAWarning, stacklevel=1)
            warnings.warn("of another library", UserWarning, stacklevel=1)
    assert texts == ["twice as long"]
    assert [str(other.message) for other in others] == ["of another library"]
