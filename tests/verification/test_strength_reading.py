"""Strength as it is read off a plateau at the settings of a run, against closed forms."""

import numpy as np

from femur_fea.domain import PLATEAU_SLOPE, YieldField

THEME = "plasticity"
STRENGTH = 50.0
DEPTH, WIDTH = 10.0, 5.0


def _bent_bar(box, face_forces, plastic_bone, *, weak, strong):
    """Return half of a bar under a pure moment of 1 N mm, whose last `strong` mm do not yield.

    Its symmetry plane slides on itself; stress is uniaxial in all that yields.
    """
    bar = box((12, 8, 2), (weak + strong, DEPTH, WIDTH), "tet10", jitter=0.0)
    x, y, z = bar.points.T
    middle = x == 0.0
    fixed = np.column_stack(
        [
            middle,
            middle & (y == 0.0) & (z == 0.0),
            middle & (z == 0.0) & ((y == 0.0) | np.isclose(y, DEPTH)),
        ]
    )
    end = np.isclose(bar.points[bar.facets][:, :, 0], weak + strong).all(axis=1)
    traction = np.zeros((len(bar.facets), 3))
    traction[:, 0] = 0.5 * DEPTH - bar.facet_centroids[:, 1]

    def forces(space):
        pull = face_forces(space, end, traction)
        return pull / (pull[:, 0] @ (0.5 * DEPTH - space.node_coordinates[:, 1]))

    yields = bar.points[bar.cells].mean(axis=1)[:, 0] < weak
    limit = np.where(yields, STRENGTH, 20.0 * STRENGTH)[:, None]
    return plastic_bone(bar, YieldField(tension=limit, compression=limit), fixed, forces)


def test_a_bent_bar_is_as_strong_as_beam_theory_says_of_a_curve_that_flat(
    box, face_forces, plastic_bone, follow, agree
):
    weak, strong = 20.0, 10.0
    bone = _bent_bar(box, face_forces, plastic_bone, weak=weak, strong=strong)
    # curvature over that at first yield is 1 / sqrt(3 - 2 m) beyond it, m the moment over that at
    # first yield; its derivative by m, mixed with that of what stays elastic, has grown 50 times
    elastic = strong / (weak + strong)
    grown = (1.0 / PLATEAU_SLOPE - elastic) / (1.0 - elastic)
    moment = STRENGTH * WIDTH * DEPTH**2 / 6.0 * 0.5 * (3.0 - grown ** (-2.0 / 3.0))
    path = follow(bone)
    agree(
        "strength of a bent bar",
        found=path.curve.strength.force,
        expected=moment,
        unit="N mm",
        rtol=5e-3,
        origin="the length of the steps and eight cells across, 0.3 % together",
        source="plastic bending of a rectangle, M = M_y (3 - (k_y / k)^2) / 2, at 2 % of its "
        "elastic slope; the fully plastic moment is 1.9 % higher",
    )
    assert path.curve.strength.criterion == "plateau force"
