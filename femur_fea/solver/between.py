"""The bone under a force between those of two computed states."""

from collections.abc import Iterable
from dataclasses import replace
from itertools import pairwise

from femur_fea.solver.state import Equilibrium

__all__ = ["state_at"]


def state_at(force: float, states: Iterable[Equilibrium]) -> Equilibrium | None:
    """Return the bone under a force, N, between those of two successive states, or of one of them.

    None if it lies outside.

    Notes
    -----
    Displacement, stress and plastic strain are interpolated over the force. Both states are in
    equilibrium and obey Hooke's law, so what lies between does; and no stress leaves the yield
    surface where it is convex and does not shrink. The plastic work follows from the same line of
    stress over plastic strain. What is said of the iterations is that of the later state.
    """
    for before, after in pairwise(states):
        if before.force <= force <= after.force and before.force < after.force:
            return _between(before, after, (force - before.force) / (after.force - before.force))
    return None


def _between(before: Equilibrium, after: Equilibrium, share: float) -> Equilibrium:
    bend = ((after.stress - before.stress) * (after.plastic_strain - before.plastic_strain)).sum(
        axis=0
    )
    mean = {
        name: (1.0 - share) * getattr(before, name) + share * getattr(after, name)
        for name in (
            "position", "displacement", "force", "u", "plastic_strain", "flow", "stress",
            "dissipated",
        )
    }  # fmt: skip
    work = mean.pop("dissipated") - 0.5 * share * (1.0 - share) * bend
    return replace(after, **mean, dissipated=work)
