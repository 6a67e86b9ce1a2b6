import pytest

from femur_fea.errors import ConfigError, UnknownNameError
from femur_fea.loads import LOAD_CASES
from femur_fea.registry import Registry


def test_a_citable_record_cannot_be_replaced() -> None:
    registry: Registry[int] = Registry("number")
    registry.add("one", 1)
    with pytest.raises(ConfigError, match="a second number named 'one'"):
        registry.add("one", 2)
    assert registry["one"] == 1


def test_a_record_is_registered_under_the_name_that_it_carries() -> None:
    with pytest.raises(ConfigError, match="calls itself 'stance', to be registered as 'walk'"):
        Registry("load case").add("walk", LOAD_CASES["stance"])


def test_an_unknown_name_is_answered_with_the_nearest_known_one() -> None:
    with pytest.raises(UnknownNameError, match="did you mean 'stance'"):
        LOAD_CASES["stanse"]
