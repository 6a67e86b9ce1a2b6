"""The outer shape of a person's femur: modes of the shape model under a published anatomy."""

from dataclasses import dataclass, replace

import numpy as np

from femur_fea.domain import Side, TriangleSurface
from femur_fea.errors import NotConvergedError, OutOfRangeError
from meshing.femora.published import ANATOMY
from meshing.shape import (
    Anatomy,
    FemurShape,
    LocalField,
    Sex,
    ShapeModel,
    femur_length,
    femur_with,
    measure_anatomy,
)

__all__ = ["PersonShape", "draw_shape"]

# Of the logarithm of a person's length over that of the mean femur: how much is a change of size
# alone; the modes make the rest. A choice: the model knows few large and few small femora.
_SIMILARITY = 0.8
_STARTS = 12  # random femora from which one of a drawn anatomy is looked for
_ANATOMIES = 20


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PersonShape:
    """The whole femur of a person.

    Attributes
    ----------
    surface : TriangleSurface
        Closed, LPS, in the pose of the model: supine, mechanical axis along z.
    anatomy : Anatomy
        What it measures.
    side : {"left", "right"}
        Which femur.
    n_refused : int
        Drawn anatomies before this one that no femur of the model has; they are mostly those
        without anteversion, so that the population has a little too much of it.
    """

    surface: TriangleSurface
    anatomy: Anatomy
    side: Side
    n_refused: int


def draw_shape(
    model: ShapeModel,
    local: LocalField,
    *,
    sex: Sex,
    height: float,
    side: Side,
    rng: np.random.Generator,
) -> PersonShape:
    """Return the femur of a random person of a sex and height.

    The length follows from the height; radius of the head, neck-shaft angle and anteversion are
    drawn from `ANATOMY`, independent of each other; all else follows by probability.

    Parameters
    ----------
    model : ShapeModel
        The population of shapes.
    local : LocalField
        `local_field(model)`, made once for many femora.
    sex : {"female", "male"}
        Whose.
    height : float, mm
        Of the person.
    side : {"left", "right"}
        Which femur.
    rng : Generator
        Draws anatomy and shape.

    Raises
    ------
    OutOfRangeError
        If the height is not that of an adult.
    NotConvergedError
        If no femur is found for one drawn anatomy after the other.
    """
    length = femur_length(height, sex)
    scale = (length / measure_anatomy(model.mean, model.landmarks).length) ** _SIMILARITY
    for n_refused in range(_ANATOMIES):
        wanted = _draw_anatomy(sex, rng)
        wanted |= {"length": length / scale, "head_radius": wanted["head_radius"] / scale}
        femur = _found(model, local, wanted, side, rng)
        if femur is not None:
            return _scaled(femur, scale, n_refused)
    raise NotConvergedError(
        found=f"{_ANATOMIES} drawn anatomies in a row without a femur of the shape model, for a"
        f" length of {length:.0f} mm",
        expected="nine in ten that have one",
        remedy="give a height nearer to the mean",
    )


def _draw_anatomy(sex: Sex, rng: np.random.Generator) -> dict[str, float]:
    return {
        name: spread.middle(sex) + spread.sd * float(rng.standard_normal())
        for name, spread in ANATOMY.items()
    }


def _found(
    model: ShapeModel,
    local: LocalField,
    wanted: dict[str, float],
    side: Side,
    rng: np.random.Generator,
) -> FemurShape | None:
    """Return a femur of an anatomy, None where none of many random starts leads to one."""
    for _ in range(_STARTS):
        start, displaced = rng.standard_normal(model.n_modes), local.draw(rng)
        try:
            return femur_with(model, wanted, side=side, start=start, local=displaced)
        except (OutOfRangeError, NotConvergedError):
            continue
    return None


def _scaled(femur: FemurShape, scale: float, n_refused: int) -> PersonShape:
    surface, anatomy = femur.surface, femur.anatomy
    sizes = ("head_radius", "neck_length", "shaft_diameter", "length")
    return PersonShape(
        surface=TriangleSurface(points=scale * surface.points, triangles=surface.triangles),
        anatomy=replace(
            anatomy,
            bow=anatomy.bow / scale,
            **{name: scale * getattr(anatomy, name) for name in sizes},
        ),
        side=femur.side,
        n_refused=n_refused,
    )
