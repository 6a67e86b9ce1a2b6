"""Cylinders and holes: Lame, Kirsch, Saint-Venant and Timoshenko."""

import numpy as np
import pytest


def test_lame_thick_cylinder_under_internal_pressure(extruded, quarter_ring, solve, symmetry):
    inner, outer, height = 10.0, 20.0, 1.0
    mesh = extruded(
        lambda occ: quarter_ring(occ, (inner, inner), (outer, outer)),
        height=height,
        layers=1,
        size=lambda x, y, _z: 0.08 * np.hypot(x, y),
    )

    def pressure(corners, normals):
        bore = np.isclose(np.hypot(corners[..., 0], corners[..., 1]), inner).all(axis=1)
        loaded = bore & (np.abs(normals[:, 2]) < 0.5)
        return np.repeat((-normals * loaded[:, None])[:, None], 3, axis=1)

    held = symmetry((0, 0.0), (1, 0.0), (2, 0.0), (2, height))
    (solution,) = solve(mesh, E=1000.0, nu=0.3, held=held, tractions=[pressure])
    at = solution.at(inner, 0.0, 0.0)
    # plane strain, p = 1: hoop stress (ro2 + ri2) / (ro2 - ri2); facets 0.08 radii long lose
    # 0.08^2 / 8 of the bore's radius, 0.1 %
    assert solution.u[at, 0] == pytest.approx(0.0190667, rel=5e-3)
    assert solution.stress[at, 1] == pytest.approx(5.0 / 3.0, rel=5e-3)
    assert solution.stress[at, 0] == pytest.approx(-1.0, rel=1e-2)


def test_kirsch_hole_in_a_wide_plate(extruded, solve, symmetry):
    half_width, thickness = 20.0, 0.25

    def quarter_plate(occ):
        plate = [(2, occ.addRectangle(0, 0, 0, half_width, half_width))]
        return occ.cut(plate, [(2, occ.addDisk(0, 0, 0, 1.0, 1.0))])[0][0][1]

    mesh = extruded(
        quarter_plate,
        height=thickness,
        layers=1,
        size=lambda x, y, _z: 0.08 + 0.15 * (np.hypot(x, y) - 1.0),
    )

    def tension(corners, normals):
        return np.repeat((normals * (normals[:, 1:2] > 0.99))[:, None], 3, axis=1) * (
            np.isclose(corners[:, :, 1:2], half_width)
        )

    held = symmetry((0, 0.0), (1, 0.0), (2, 0.0), (2, thickness))
    (solution,) = solve(mesh, E=1000.0, nu=0.3, held=held, tractions=[tension])
    # Kirsch 1898: an infinite plate; the finite one differs by (1 / 20)^2, the rest is the mesh
    assert solution.stress[solution.at(1.0, 0.0, 0.0), 1] == pytest.approx(3.0, rel=0.02)
    assert solution.stress[solution.at(0.0, 1.0, 0.0), 0] == pytest.approx(-1.0, rel=0.03)


OUTER, INNER, LENGTH, E, NU = 14.0, 7.0, 100.0, 17000.0, 0.3
POLAR = np.pi / 2.0 * (OUTER**4 - INNER**4)


@pytest.fixture(scope="module")
def quarter_tube(extruded, quarter_ring):
    return extruded(
        lambda occ: quarter_ring(occ, (INNER, INNER), (OUTER, OUTER)),
        height=LENGTH,
        layers=14,
        size=lambda x, y, _z: 0.12 * np.hypot(x, y),
    )


def _on_top(normals):
    return (normals[:, 2] > 0.99)[:, None, None]


def test_tube_torsion(quarter_tube, solve):
    torque = 10e3  # N mm

    def held(points):
        x, y, z = points.T
        root = np.isclose(z, 0.0)
        on_x, on_y = np.isclose(y, 0.0), np.isclose(x, 0.0)
        # torsion is antisymmetric about planes through the axis: no motion in such a plane
        return np.stack([root | on_x, root | on_y, root | on_x | on_y], axis=1)

    def twist(corners, normals):
        x, y, _ = np.moveaxis(corners, -1, 0)
        return _on_top(normals) * torque / POLAR * np.stack([-y, x, 0 * x], axis=-1)

    (solution,) = solve(quarter_tube, E=E, nu=NU, held=held, tractions=[twist])
    # the traction loses on the polygon what its polar moment does: the rest is the mesh
    tip = solution.at(OUTER, 0.0, LENGTH)
    assert solution.u[tip, 1] / OUTER == pytest.approx(0.00270347, rel=1e-3)
    outside = np.isclose(np.hypot(*solution.mesh.points[:, :2].T), OUTER)
    inside = np.abs(solution.mesh.points[:, 2] - LENGTH / 2) < 30.0
    x, y, _ = solution.mesh.points[outside & inside].T
    yz, xz = solution.stress[outside & inside][:, [3, 4]].T
    tau = (x * yz - y * xz) / OUTER
    # corner stresses scatter with the mesh; their mean does not
    assert tau.mean() == pytest.approx(2.47471, rel=1e-2)
    assert solution.stress[outside & inside][:, 2].max() < 0.02 * 2.47471


def test_tube_tension(quarter_tube, solve, symmetry):
    def tension(_corners, normals):
        force = 1000.0 / (np.pi * (OUTER**2 - INNER**2))
        return _on_top(normals) * np.array([0.0, 0.0, force]) * np.ones((1, 3, 1))

    held = symmetry((0, 0.0), (1, 0.0), (2, 0.0))
    (solution,) = solve(quarter_tube, E=E, nu=NU, held=held, tractions=[tension])
    # constant strain is exact on any mesh: six digits are given
    tip = solution.u[np.isclose(solution.mesh.points[:, 2], LENGTH), 2]
    np.testing.assert_allclose(tip, 0.0127375, rtol=4e-6)
    np.testing.assert_allclose(np.ptp(tip), 0.0, atol=1e-8)


@pytest.mark.parametrize(
    ("nu", "tolerance"),
    [
        (0.0, 5e-3),  # a polygon with facets 0.12 radii long lacks 0.12^2 / 3 of its inertia
        (0.3, 1.5e-2),  # the clamp holds the contraction of the root: 1.3 % on the finest mesh
    ],
)
def test_tube_as_a_cantilever(quarter_tube, solve, nu, tolerance):
    force = 100.0

    def held(points):
        x, y, z = points.T
        root = np.isclose(z, 0.0)
        # a load along x: symmetric about y = 0, antisymmetric about x = 0
        neutral = np.isclose(x, 0.0)
        return np.stack([root, root | np.isclose(y, 0.0) | neutral, root | neutral], axis=1)

    def shear(_corners, normals):
        # the parabolic stress of a beam does not matter to the tip: uniform
        value = force / (np.pi * (OUTER**2 - INNER**2))
        return _on_top(normals) * np.array([value, 0.0, 0.0]) * np.ones((1, 3, 1))

    (solution,) = solve(quarter_tube, E=E, nu=nu, held=held, tractions=[shear])
    m2 = (INNER / OUTER) ** 2
    # Cowper 1966, doi:10.1115/1.3625046, hollow circular section
    factor = 6 * (1 + nu) * (1 + m2) ** 2
    factor /= (7 + 6 * nu) * (1 + m2) ** 2 + (20 + 12 * nu) * m2
    area = np.pi * (OUTER**2 - INNER**2)
    exact = 0.0693197 + force * LENGTH / (factor * E / (2 * (1 + nu)) * area)
    tip = solution.u[np.isclose(solution.mesh.points[:, 2], LENGTH), 0].mean()
    assert tip == pytest.approx(exact, rel=tolerance)
    middle = solution.at(OUTER, 0.0, LENGTH / 2)
    assert solution.stress[middle, 2] == pytest.approx(-4.94942 / 2.0, rel=0.01)
