"""Commands of the interface that this version does not have."""

from collections.abc import Callable

import typer

from femur_fea import __version__
from femur_risk.errors import UnavailableError

__all__ = ["register"]

_PURPOSE = {
    "segment": "Find the femur in a CT.",
    "predict": "Predict strength with the surrogate.",
    "train": "Train the surrogate.",
}
_INSTEAD = {
    "segment": "segment with another tool and pass the mask to 'femur-fea run --femur'",
    "predict": "use 'femur-fea run', which solves the finite-element model",
}
_ANY_ARGUMENTS = {"allow_extra_args": True, "ignore_unknown_options": True}


def register(app: typer.Typer) -> None:
    """Add each such command to `app`, so that it answers with what to do instead."""
    for name, purpose in _PURPOSE.items():
        app.command(
            name,
            help=f"(later) {purpose} Not available in this version.",
            context_settings=_ANY_ARGUMENTS,
        )(_refusal(name))


def _refusal(name: str) -> Callable[[], None]:
    def refuse() -> None:
        raise UnavailableError(
            found=f"the command {name!r}, which is not available in this version ({__version__})",
            expected="one of the commands that 'femur-fea --help' does not mark with (later)",
            remedy=_INSTEAD.get(name, "use a later version"),
        )

    return refuse
