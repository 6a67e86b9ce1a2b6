"""Cylinders and holes: Lame, Kirsch, Saint-Venant and Timoshenko."""

import numpy as np
import pytest

THEME = "closed forms"


def test_lame_thick_cylinder_under_internal_pressure(
    extruded, quarter_ring, solve, symmetry, agree
):
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
    source = "Lame 1852, plane strain, pressure 1 MPa"
    # facets 0.08 radii long lose 0.08^2 / 8 of the bore's radius, 0.1 %
    mesh_size = "the mesh: facets 0.08 radii long lose 0.1 % of the bore's radius"
    agree(
        "displacement of the bore of a thick cylinder",
        found=solution.u[at, 0],
        # (1 + nu) p ri / E ((1 - 2 nu) ri2 + ro2) / (ro2 - ri2)
        expected=1.3 * inner / 1000.0 * (0.4 * inner**2 + outer**2) / (outer**2 - inner**2),
        unit="mm",
        rtol=5e-3,
        origin=mesh_size,
        source=source,
    )
    agree(
        "hoop stress at the bore of a thick cylinder",
        found=solution.stress[at, 1],
        expected=(outer**2 + inner**2) / (outer**2 - inner**2),
        unit="MPa",
        rtol=5e-3,
        origin=mesh_size,
        source=source,
    )
    agree(
        "radial stress at the bore of a thick cylinder",
        found=solution.stress[at, 0],
        expected=-1.0,
        unit="MPa",
        rtol=1e-2,
        origin=mesh_size,
        source=source,
    )


def test_kirsch_hole_in_a_wide_plate(extruded, solve, symmetry, agree):
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
    origin = "the finite plate differs by (1 / 20)^2; the mesh, edges of 0.08 radii at the hole"
    for place, axis, exact, rtol in (((1.0, 0.0), 1, 3.0, 0.02), ((0.0, 1.0), 0, -1.0, 0.03)):
        agree(
            f"stress at the hole of a plate over the tension, at {place}",
            found=solution.stress[solution.at(*place, 0.0), axis],
            expected=exact,
            rtol=rtol,
            origin=origin,
            source="Kirsch 1898, infinite plate",
        )


OUTER, INNER, LENGTH, E, NU = 14.0, 7.0, 100.0, 17000.0, 0.3
POLAR = np.pi / 2.0 * (OUTER**4 - INNER**4)
AREA = np.pi * (OUTER**2 - INNER**2)
SAINT_VENANT = "Saint-Venant 1855, circular tube"


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


def test_tube_torsion(quarter_tube, solve, agree):
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
    agree(
        "twist of a tube under torsion",
        found=solution.u[solution.at(OUTER, 0.0, LENGTH), 1] / OUTER,
        expected=torque * LENGTH / (E / (2.0 * (1.0 + NU)) * POLAR),
        unit="rad",
        rtol=1e-3,
        origin="the mesh",
        source=SAINT_VENANT,
    )
    outside = np.isclose(np.hypot(*solution.mesh.points[:, :2].T), OUTER)
    inside = np.abs(solution.mesh.points[:, 2] - LENGTH / 2) < 30.0
    x, y, _ = solution.mesh.points[outside & inside].T
    yz, xz = solution.stress[outside & inside][:, [3, 4]].T
    largest = torque * OUTER / POLAR
    agree(
        "mean shear stress on the outside of a tube under torsion",
        found=((x * yz - y * xz) / OUTER).mean(),
        expected=largest,
        unit="MPa",
        rtol=1e-3,
        origin="stresses at corners scatter with the mesh; their mean does not",
        source=SAINT_VENANT,
    )
    agree(
        "largest axial stress on the outside of a tube under torsion, over the shear stress",
        found=np.abs(solution.stress[outside & inside][:, 2]).max() / largest,
        expected=0.0,
        atol=2e-3,
        origin="stresses at corners scatter with the mesh",
        source=SAINT_VENANT,
    )


def test_tube_tension(quarter_tube, solve, symmetry, agree):
    def tension(_corners, normals):
        return _on_top(normals) * np.array([0.0, 0.0, 1000.0 / AREA]) * np.ones((1, 3, 1))

    held = symmetry((0, 0.0), (1, 0.0), (2, 0.0))
    (solution,) = solve(quarter_tube, E=E, nu=NU, held=held, tractions=[tension])
    tip = solution.u[np.isclose(solution.mesh.points[:, 2], LENGTH), 2]
    exact = 1000.0 * LENGTH / (E * AREA)
    # the traction, not the force, is given, and its strain lies in the element's space
    origin = "an energy error of 1e-9: constant strain is exact on any mesh"
    agree(
        "lengthening of a tube under tension",
        found=tip.mean(),
        expected=exact,
        unit="mm",
        rtol=1e-7,
        origin=origin,
        source="Hooke's law",
    )
    agree(
        "unevenness of the end of a tube under tension, over its lengthening",
        found=np.ptp(tip) / exact,
        expected=0.0,
        atol=1e-7,
        origin=origin,
        source="Hooke's law",
    )


@pytest.mark.parametrize(
    ("nu", "tolerance", "origin"),
    [
        (0.0, 5e-3, "the mesh: facets 0.12 radii long lack 0.12^2 / 3 of the inertia"),
        (0.3, 1.5e-2, "the clamp holds the contraction of the root: 1.3 % on the finest mesh"),
    ],
    ids=["nu0", "nu0.3"],
)
def test_tube_as_a_cantilever(quarter_tube, solve, agree, nu, tolerance, origin):
    force = 100.0

    def held(points):
        x, y, z = points.T
        root = np.isclose(z, 0.0)
        # a load along x: symmetric about y = 0, antisymmetric about x = 0
        neutral = np.isclose(x, 0.0)
        return np.stack([root, root | np.isclose(y, 0.0) | neutral, root | neutral], axis=1)

    def shear(_corners, normals):
        # the parabolic stress of a beam does not matter to the tip: uniform
        return _on_top(normals) * np.array([force / AREA, 0.0, 0.0]) * np.ones((1, 3, 1))

    (solution,) = solve(quarter_tube, E=E, nu=nu, held=held, tractions=[shear])
    m2 = (INNER / OUTER) ** 2
    # Cowper 1966, doi:10.1115/1.3625046, hollow circular section
    factor = 6 * (1 + nu) * (1 + m2) ** 2
    factor /= (7 + 6 * nu) * (1 + m2) ** 2 + (20 + 12 * nu) * m2
    inertia = POLAR / 2.0
    agree(
        "deflection of a tube as a cantilever",
        found=solution.u[np.isclose(solution.mesh.points[:, 2], LENGTH), 0].mean(),
        expected=force * LENGTH**3 / (3.0 * E * inertia)
        + force * LENGTH / (factor * E / (2.0 * (1.0 + nu)) * AREA),
        unit="mm",
        rtol=tolerance,
        origin=origin,
        source="Timoshenko's beam; shear factor of Cowper 1966, doi:10.1115/1.3625046",
    )
    agree(
        "bending stress at half the length of a tube as a cantilever",
        found=solution.stress[solution.at(OUTER, 0.0, LENGTH / 2), 2],
        expected=-force * LENGTH / 2.0 * OUTER / inertia,
        unit="MPa",
        rtol=0.01,
        origin="the mesh",
        source="Bernoulli's beam",
    )
