"""How much bone people have, by age and sex."""

import numpy as np
import pytest

from femur_fea.errors import OutOfRangeError
from meshing.bone import (
    AGE_COURSES,
    contralateral,
    draw_quality,
    mean_quality,
)


def test_the_two_femora_of_a_person_are_alike_but_not_the_same() -> None:
    """Calcif Tissue Int 1997;61:189, doi:10.1007/s002239900321: sides differ by 7.8 %."""
    rng = np.random.default_rng(0)
    right = draw_quality(70.0, "female", rng)
    ratios = [contralateral(right, rng).trabecular / right.trabecular for _ in range(400)]
    assert np.std(np.log(ratios)) == pytest.approx(0.078, rel=0.1)  # 3 standard errors of 400
    left = contralateral(right, rng)
    assert left.pattern_seed == right.pattern_seed
    assert left.texture_seed != right.texture_seed


def test_people_of_one_age_differ_by_the_stated_spread() -> None:
    rng = np.random.default_rng(1)
    drawn = [draw_quality(70.0, "male", rng) for _ in range(2000)]
    logs = np.log([[q.trabecular, q.cortex] for q in drawn])
    assert logs.std(axis=0) == pytest.approx([0.24, 0.14], rel=0.05)
    assert np.corrcoef(logs.T)[0, 1] == pytest.approx(0.6, abs=0.05)


def test_a_child_has_no_place_on_an_adults_course() -> None:
    with pytest.raises(OutOfRangeError):
        mean_quality(9.0, "male")


@pytest.mark.parametrize("name", list(AGE_COURSES))
def test_a_course_meets_the_values_at_both_of_its_ages(name: str) -> None:
    course = AGE_COURSES[name]
    for n, age in enumerate(course.ages):
        assert course.at(age, "female") == pytest.approx(course.female[n])
        assert course.at(age, "male") == pytest.approx(course.male[n])
