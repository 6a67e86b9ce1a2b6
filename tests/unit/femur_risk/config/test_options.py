"""Options of the command line: each stands for a setting, and takes what the engine knows."""

from collections.abc import Collection
from typing import get_args

import pytest

from calibration import PHANTOMS
from femur_fea.domain import ElementKind
from femur_fea.mapping import MAPPING_METHODS
from femur_fea.presets import PRESETS
from femur_risk.config import OPTIONS, Option, PhantomConfig
from femur_risk.pipeline.calibration_methods import METHODS

BY_NAME = {option.name: option for option in OPTIONS}


@pytest.mark.parametrize("option", OPTIONS, ids=lambda option: option.name)
def test_an_option_stands_for_a_setting_that_there_is_and_tells_what_it_takes(
    option: Option,
) -> None:
    assert option.metavar


def test_a_setting_has_one_option_at_the_most() -> None:
    assert len({option.place for option in OPTIONS}) == len(BY_NAME) == len(OPTIONS)


@pytest.mark.parametrize(
    ("name", "known"),
    [
        ("--element", get_args(ElementKind.__value__)),
        ("--mapping", tuple(MAPPING_METHODS)),
        ("--calibration", tuple(METHODS)),
        ("--model", {preset.model for preset in PRESETS.values()}),
    ],
)
def test_an_option_offers_what_the_engine_knows_and_nothing_else(
    name: str, known: Collection[str]
) -> None:
    assert set(BY_NAME[name].choices) == set(known)


def test_numbers_lists_and_words_are_told_apart() -> None:
    assert BY_NAME["--ranks"].metavar == "auto|N"
    assert [option.name for option in OPTIONS if option.takes_list] == ["--loads", "--export"]
    assert not BY_NAME["--case-id"].takes_number


def test_every_phantom_is_named_where_the_configuration_explains_the_setting() -> None:
    described = PhantomConfig.model_fields["name"].description or ""
    assert [name for name in PHANTOMS if repr(name) not in described] == []
