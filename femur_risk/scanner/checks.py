"""Checks that settings make when they are built."""

from femur_fea.errors import OutOfRangeError

__all__ = ["check_not_negative", "check_positive"]


def check_positive(what: str, **values: float) -> None:
    """Raise unless all values are above zero.

    Raises
    ------
    OutOfRangeError
        With what the values belong to, and the first that is not.
    """
    for name, value in values.items():
        if not value > 0.0:  # written so that NaN fails
            raise _wrong(what, name, value, "more than 0")


def check_not_negative(what: str, **values: float) -> None:
    """Raise unless all values are zero or above.

    Raises
    ------
    OutOfRangeError
        As `check_positive`.
    """
    for name, value in values.items():
        if not value >= 0.0:
            raise _wrong(what, name, value, "0 or more")


def _wrong(what: str, name: str, value: float, expected: str) -> OutOfRangeError:
    return OutOfRangeError(
        found=f"{what} with {name} of {value:g}",
        expected=expected,
        remedy="check sign and unit",
    )
