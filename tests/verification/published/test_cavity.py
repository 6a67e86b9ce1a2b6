"""The stress around a spherical cavity, the analytic twin of a spherical lytic lesion.

Goodier 1933, J Appl Mech 1:39; for Poisson's ratio 0.3 the largest stress is 2.04545 times a
uniaxial tension and 1.90909 times a pure shear.
"""

import numpy as np
import pytest

THEME = "closed forms"
GOODIER = "Goodier 1933, J Appl Mech 1:39"
HALF, NU = 10.0, 0.3  # half the block over the cavity's radius


@pytest.fixture(scope="module")
def solutions(meshed, solve, symmetry):
    """Tension along z, and pure shear as tension along z with equal compression along x."""

    def octant(occ):
        block = [(3, occ.addBox(0, 0, 0, HALF, HALF, HALF))]
        occ.cut(block, [(3, occ.addSphere(0, 0, 0, 1.0))])

    def size(x, y, z):
        return 0.12 + 0.28 * (np.sqrt(x * x + y * y + z * z) - 1.0)

    def pull(axis, value):
        def traction(corners, normals):
            far = (
                np.isclose(corners[:, :, axis : axis + 1], HALF)
                & (normals[:, axis] > 0.99)[:, None, None]
            )
            return far * value * np.eye(3)[axis]

        return traction

    def shear(corners, normals):
        return pull(2, 1.0)(corners, normals) + pull(0, -1.0)(corners, normals)

    held = symmetry((0, 0.0), (1, 0.0), (2, 0.0))
    mesh = meshed(octant, size=size)
    return solve(mesh, E=1000.0, nu=NU, held=held, tractions=[pull(2, 1.0), shear])


# the block is ten radii wide: the cavity's image there is (1 / 10)^3; the rest is the mesh
ORIGIN = "the mesh: edges of 0.12 radii at the cavity"


@pytest.mark.parametrize("place", [(1, 0, 0), (0, 1, 0)])
def test_tension_is_doubled_at_the_equator(solutions, agree, place):
    tension = solutions[0]
    exact = (27.0 - 15.0 * NU) / (2.0 * (7.0 - 5.0 * NU))
    assert exact == pytest.approx(2.04545, abs=1e-5)
    agree(
        "stress at the equator of a spherical cavity over the tension",
        found=tension.stress[tension.at(*place), 2],
        expected=exact,
        rtol=0.02,
        origin=ORIGIN,
        source=GOODIER,
    )


@pytest.mark.parametrize("axis", [0, 1])
def test_tension_gives_compression_at_the_pole(solutions, agree, axis):
    tension = solutions[0]
    agree(
        "stress at the pole of a spherical cavity over the tension",
        found=tension.stress[tension.at(0, 0, 1), axis],
        expected=-(3.0 + 15.0 * NU) / (2.0 * (7.0 - 5.0 * NU)),
        rtol=0.03,
        origin=ORIGIN,
        source=GOODIER,
    )


@pytest.mark.parametrize(("axis", "sign"), [(2, 1.0), (0, -1.0)])
def test_pure_shear_is_nearly_doubled(solutions, agree, axis, sign):
    shear = solutions[1]
    exact = 15.0 * (1.0 - NU) / (7.0 - 5.0 * NU)
    assert exact == pytest.approx(1.90909, abs=1e-5)
    agree(
        "largest stress at a spherical cavity over the pure shear",
        found=sign * shear.stress[shear.at(0, 1, 0), axis],
        expected=exact,
        rtol=0.02,
        origin=ORIGIN,
        source=GOODIER,
    )
