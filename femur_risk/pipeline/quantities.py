"""Which quantities are drawn of one load at failure, by the model that found it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from femur_fea.domain import FloatArray
from femur_risk.pipeline.solved import SolvedLoad

__all__ = ["QUANTITIES", "Quantity"]


_SCALE = (
    "The colours reach as far as bone that is judged: lesion, its rim and bone next to loads and "
    "support may lie beyond."
)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Quantity:
    """One quantity to draw on the bone, and on its twin if there is one.

    Attributes
    ----------
    suffix : str
        What its file is called beside the name of the load.
    title : str
        Its name.
    unit : str
        Its unit; empty for a number without one.
    limits : (low, high)
        Ends of the colour scale.
    values : sequence of (n_cells,)
        Of the bone and then of its twin.
    caption : str
        What the picture shows.
    twin_caption : str
        What is below, where there is a twin.
    headings : (str, str)
        What stands over the rows of bone and twin: at which force each is shown.
    """

    suffix: str
    title: str
    unit: str
    limits: tuple[float, float]
    values: Sequence[FloatArray]
    caption: str
    twin_caption: str
    headings: tuple[str, str]


def _linear(load: str, sides: Sequence[SolvedLoad]) -> tuple[Quantity, Quantity]:
    """Return strain over its limit and stress, of bone and twin under the same force."""
    bone, twin = sides[0], sides[-1]
    # over its own maximum, so that rounding does not lift the weakest site above 1
    highest = float(np.nanmax(bone.measure))
    stress = [side.stress * (bone.strength / side.force) for side in sides]
    below = f"Below, the lesion-free twin under the same load; it fails at {_load(twin)}."
    headings = (f"With lesion, at {_load(bone)}", f"Lesion-free twin, at {_load(bone)} as well")
    return (
        Quantity(
            suffix="",
            title="Strain over its limit at failure",
            unit="",
            limits=(0.0, 1.0),
            values=[side.measure / highest for side in sides],
            caption=f"Strain over its limit when the bone fails under {load} at "
            f"{_load(bone)}. {_ring(bone, 'the weakest site')}",
            twin_caption=below,
            headings=headings,
        ),
        _stress(
            stress,
            sides,
            when=f"when the bone fails under {load} at {_load(bone)}",
            twin=below,
            headings=headings,
        ),
    )


def _nonlinear(load: str, sides: Sequence[SolvedLoad]) -> tuple[Quantity, Quantity]:
    """Return plastic strain and stress at failure, of bone and twin each at its own.

    Plastic strain is scaled by the cells that have yielded, for most have not.
    """
    from viz import common_limits

    bone, twin = sides[0], sides[-1]
    plastic = [100.0 * side.measure for side in sides]
    at_failure = f"when the bone fails under {load} at {_load(bone)}"
    below = f"Below, the lesion-free twin when it fails itself, at {_load(twin)}."
    headings = (f"With lesion, at {_load(bone)}", f"Lesion-free twin, at its own {_load(twin)}")
    return (
        Quantity(
            suffix="",
            title="Plastic strain at failure",
            unit="%",
            limits=common_limits(*(values[values > 0.0] for values in _judged(plastic, sides))),
            values=plastic,
            caption=f"Equivalent plastic strain {at_failure}, mean of each cell at the surface. "
            f"{_SCALE} {_ring(bone, 'the surface nearest to the weakest site')}",
            twin_caption=below,
            headings=headings,
        ),
        _stress(
            [side.stress for side in sides],
            sides,
            when=at_failure,
            twin=below,
            headings=headings,
        ),
    )


def _stress(
    values: Sequence[FloatArray],
    sides: Sequence[SolvedLoad],
    *,
    when: str,
    twin: str,
    headings: tuple[str, str],
) -> Quantity:
    from viz import common_limits

    return Quantity(
        suffix="_stress",
        title="Von Mises stress at failure",
        unit="MPa",
        limits=common_limits(*_judged(values, sides)),
        values=values,
        caption=f"Von Mises stress {when}, mean of each cell at the surface. {_SCALE}",
        twin_caption=twin,
        headings=headings,
    )


def _judged(fields: Sequence[FloatArray], sides: Sequence[SolvedLoad]) -> tuple[FloatArray, ...]:
    return tuple(field[side.judged] for field, side in zip(fields, sides, strict=True))


def _load(side: SolvedLoad) -> str:
    return f"{side.strength:,.0f} {side.units.label}"


def _ring(bone: SolvedLoad, place: str) -> str:
    return f"The ring marks {place}: {bone.site.region}, in {bone.site.mode}."


QUANTITIES: Mapping[str, Callable[[str, Sequence[SolvedLoad]], tuple[Quantity, Quantity]]] = {
    "linear": _linear,
    "nonlinear": _nonlinear,
}
