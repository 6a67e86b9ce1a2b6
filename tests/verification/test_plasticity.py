"""Perfect plasticity against closed forms, its own energy and the linear solver."""

import dataclasses

import numpy as np
import pytest

from femur_fea.domain import BoneMesh, ElasticField, YieldField, integration_points
from femur_fea.errors import NotConvergedError
from femur_fea.solver import (
    PLATEAU_SLOPE,
    NewtonSettings,
    NonlinearSettings,
    solve_linear,
    solve_nonlinear,
)
from femur_fea.solver.environment import require_dolfinx

THEME = "plasticity"
E, NU, STRENGTH = 10000.0, 0.3, 50.0
NEWTON = "Newton's method stops at 1e-5 of the internal forces"
TIGHT = NewtonSettings(tolerance=1e-10, loosest=1e-9, tightest=1e-11)


def _bone(mesh, strength, fixed, forces_of, *, elastic=None, stiffness=10.0):
    """Return a bone held component by component, under nodal forces for a load of one."""
    require_dolfinx()
    from femur_fea.solver.bone import prepare_bone
    from femur_fea.solver.space import displacement_space

    space = displacement_space(mesh)
    elastic = elastic or ElasticField(E_modulus=np.full((mesh.n_cells, 1), E), nu=NU)
    held = space.held(fixed)
    return prepare_bone(
        space, elastic, strength, held, forces_of(space), machine_stiffness=stiffness
    )


def _follow(bone, **settings):
    from femur_fea.solver.path import follow_path

    return follow_path(bone, NonlinearSettings(**settings))


def _uniform(mesh, tension=STRENGTH, compression=STRENGTH):
    ones = np.ones((mesh.n_cells, 1))
    return YieldField(tension=tension * ones, compression=compression * ones)


def _on(mesh, axis, value):
    return np.isclose(mesh.points[mesh.facets][:, :, axis], value).all(axis=1)


@pytest.fixture(scope="module", params=["tet10", "hex8"])
def cube(request, box):
    return box((1, 1, 1), (2.0, 2.0, 2.0), request.param)


@pytest.mark.parametrize("kind", ["tet10", "tet4", "hex8"])
@pytest.mark.parametrize("sign", [1.0, -1.0])
def test_a_cube_follows_the_bilinear_curve_of_its_material(box, face_forces, agree, kind, sign):
    tension, compression, size = 40.0, 60.0, 2.0
    cube = box((1, 1, 1), (size, size, size), kind)
    limit = tension if sign > 0.0 else compression
    bone = _bone(
        cube,
        _uniform(cube, tension, compression),
        np.isclose(cube.points, 0.0),
        lambda space: face_forces(space, _on(cube, 2, size), [0.0, 0.0, sign / size**2]),
    )
    curve = _follow(bone, max_displacement=0.1).curve
    strain = curve.displacement / size
    exact = size**2 * np.minimum(E * strain, limit)
    agree(
        "uniaxial curve of a cube, largest deviation over the force",
        found=np.abs(curve.force[1:] / exact[1:] - 1.0).max(),
        expected=0.0,
        atol=2e-5,
        origin=NEWTON,
        source="exact: a bilinear curve",
    )
    assert curve.end == "plateau"


@pytest.mark.parametrize("kind", ["tet10", "tet4"])
@pytest.mark.parametrize("sign", [1.0, -1.0])
def test_one_element_follows_the_bilinear_curve_of_its_material(face_forces, agree, kind, sign):
    size, limit = 2.0, 40.0 if sign > 0.0 else 60.0
    corners = np.vstack([np.zeros(3), size * np.eye(3)])
    element = BoneMesh(points=corners, cells=np.array([[0, 1, 2, 3]]), kind=kind, side="left")
    # three faces slide; a uniform traction along z on the oblique one is a uniaxial stress
    oblique = (element.points[element.facets].sum(axis=2) > 0.5 * size).all(axis=1)
    per_area = sign / (0.5 * size**2 * np.sqrt(3.0))
    bone = _bone(
        element,
        _uniform(element, 40.0, 60.0),
        np.isclose(element.points, 0.0),
        lambda space: face_forces(space, oblique, [0.0, 0.0, per_area]),
    )
    curve = _follow(bone, max_displacement=0.1).curve
    # the force crosses the projection of the oblique face; its mean displacement is a third
    strain, area = 3.0 * curve.displacement / size, 0.5 * size**2
    exact = area * np.minimum(E * strain, limit)
    agree(
        "uniaxial curve of one element, largest deviation over the force",
        found=np.abs(curve.force[1:] / exact[1:] - 1.0).max(),
        expected=0.0,
        atol=2e-5,
        origin=NEWTON,
        source="exact: a bilinear curve",
    )
    assert curve.end == "plateau"


def test_a_cube_in_pure_shear_yields_at_the_strength_over_root_three(cube, face_forces, agree):
    def forces(space):
        loads = [((2, 2.0), 0, 1), ((2, 0.0), 0, -1), ((0, 2.0), 2, 1), ((0, 0.0), 2, -1)]
        total = np.zeros((space.n_nodes, 3))
        for (axis, value), component, sign in loads:
            traction = np.zeros(3)
            traction[component] = sign
            total += face_forces(space, _on(cube, axis, value), traction)
        return total

    fixed = np.zeros((cube.n_points, 3), dtype=bool)
    for corner, components in (([0, 0, 0], [0, 1, 2]), ([2, 0, 0], [1, 2]), ([0, 2, 0], [2])):
        at = np.isclose(cube.points, corner).all(axis=1)
        fixed[np.ix_(np.flatnonzero(at), components)] = True
    path = _follow(_bone(cube, _uniform(cube), fixed, forces))
    # the force is the shear stress, the pattern being that of 1 MPa
    for quantity, found, rtol, origin in (
        ("plateau", path.curve.peak_force, 2e-5, NEWTON),
        (
            "first yield",
            path.first_yield_force,
            1e-7,
            "the elastic solution: an energy error of 1e-8",
        ),
    ):
        agree(
            f"{quantity} of a cube in pure shear",
            found=found,
            expected=STRENGTH / np.sqrt(3.0),
            unit="MPa",
            rtol=rtol,
            origin=origin,
            source="von Mises 1913",
        )


def _quarter_tube(box, inner, outer, divisions):
    radial, around = divisions
    block = box((radial, around, 1), (1.0, 1.0, 1.0), "tet10", jitter=0.0)
    share, turn, z = block.points.T
    r, angle = inner + (outer - inner) * share, 0.5 * np.pi * turn
    points = np.column_stack([r * np.cos(angle), r * np.sin(angle), z])
    points[np.abs(points) < 1e-12] = 0.0
    return BoneMesh(points=points, cells=block.cells, kind="tet10", side="left")


def test_a_thick_tube_in_plane_strain_bursts_at_its_limit_pressure(box, face_forces, agree):
    inner, outer = 10.0, 20.0
    tube = _quarter_tube(box, inner, outer, (8, 12))
    x, y, z = tube.points.T
    flat = np.isclose(z, 0.0) | np.isclose(z, 1.0)
    fixed = np.column_stack([x == 0.0, y == 0.0, flat])
    radius = np.linalg.norm(tube.points[:, :2], axis=1)
    inside = np.isclose(radius[tube.facets], inner).all(axis=1)
    normal = tube.facet_area_vectors / np.linalg.norm(tube.facet_area_vectors, axis=1)[:, None]
    bone = _bone(tube, _uniform(tube), fixed, lambda space: face_forces(space, inside, -normal))
    path = _follow(bone, plateau_slope=1e-4, max_displacement=1e6)
    agree(
        "collapse pressure of a thick tube in plane strain",
        found=path.curve.peak_force,
        expected=2.0 / np.sqrt(3.0) * STRENGTH * np.log(outer / inner),
        unit="MPa",
        rtol=1e-4,
        origin="the mesh: 1e-5 on this one, 3e-4 on one twice as coarse",
        source="Hill 1950, The Mathematical Theory of Plasticity; von Mises",
    )
    assert path.curve.end == "plateau"


@pytest.fixture(scope="module", params=["tet10", "hex8"])
def column(request, box, end_load, wavy_modulus):
    """A column of uneven modulus and strength, pressed and bent at its top."""
    mesh = box((3, 3, 5), (9.0, 10.0, 20.0), request.param)
    modulus = wavy_modulus(integration_points(mesh))
    elastic = ElasticField(E_modulus=modulus, nu=0.35)
    load = end_load(mesh, [4.0, 0.0, -8.0])
    force = np.linalg.norm(solve_linear(mesh, elastic, [load])[0].reaction_force)
    return (
        mesh,
        elastic,
        YieldField(tension=0.006 * modulus, compression=0.008 * modulus),
        dataclasses.replace(load, magnitude=float(force)),
    )


@pytest.fixture(scope="module")
def crushed(column):
    settings = NonlinearSettings(newton=dataclasses.replace(TIGHT, tolerance=1e-9))
    return solve_nonlinear(*column, settings=settings)


def test_the_work_of_the_load_is_stored_or_dissipated(crushed, agree):
    energy = crushed.stored_energy + crushed.dissipated_energy
    agree(
        "work of the load over stored and dissipated energy",
        found=crushed.curve.work_to(crushed.displacement) / energy,
        expected=1.0,
        rtol=1e-7,
        origin="forces out of balance, 1e-9; both sides follow the trapezoidal rule",
        source="conservation of energy",
    )
    assert crushed.dissipated_energy > crushed.stored_energy


def test_the_curve_rises_ever_less_to_its_plateau(crushed):
    slope = np.diff(crushed.curve.force) / np.diff(crushed.curve.displacement)
    assert np.all(np.diff(slope) < 1e-6 * slope[0])
    assert slope[-1] > 0.0
    assert crushed.curve.end == "plateau"
    assert crushed.curve.peak_force > 1.5 * crushed.first_yield_force


def test_plastic_strain_lies_where_bone_has_yielded(crushed):
    assert 0.0 < crushed.yielded_fraction < 1.0
    assert crushed.plastic_magnitude.max() > 0.006


def test_up_to_first_yield_the_linear_solver_finds_the_same(
    column, crushed, agree, agree_everywhere
):
    mesh, elastic, strength, load = column
    short = NonlinearSettings(max_displacement=0.9 * crushed.curve.displacement[1])
    result = solve_nonlinear(mesh, elastic, strength, load, settings=short)
    linear = solve_linear(mesh, elastic, [load])[0]
    assert result.curve.end == "maximum displacement"
    assert result.yielded_fraction == 0.0
    scaled = result.curve.peak_force / load.magnitude * linear.u
    origin, source = "energy errors of 1e-8 of both", "the linear solver"
    agree_everywhere(
        "displacement before yield",
        found=result.u,
        expected=scaled,
        atol=1e-7,
        origin=origin,
        source=source,
    )
    agree(
        "stiffness before yield over the linear one",
        found=result.curve.stiffness * linear.external_work / load.magnitude**2,
        expected=1.0,
        rtol=1e-7,
        origin=origin,
        source=source,
    )


def test_the_path_ends_no_nearer_than_the_largest_displacement(column):
    reach = 0.3
    result = solve_nonlinear(*column, settings=NonlinearSettings(max_displacement=reach))
    # the last step is as long as an elastic bone needs, a yielding one moves a little farther
    assert reach * (1.0 - 1e-9) <= result.curve.displacement[-1] < 1.1 * reach


def test_modulus_and_strength_scaled_by_c_scale_the_force_by_c(column, crushed, agree_everywhere):
    mesh, elastic, strength, load = column
    scaled = solve_nonlinear(
        mesh,
        ElasticField(E_modulus=3.0 * elastic.E_modulus, nu=elastic.nu),
        YieldField(tension=3.0 * strength.tension, compression=3.0 * strength.compression),
        load,
        settings=NonlinearSettings(newton=dataclasses.replace(TIGHT, tolerance=1e-9)),
    )
    for quantity, found, expected in (
        ("displacement", scaled.curve.displacement, crushed.curve.displacement),
        ("force over the scale", scaled.curve.force / 3.0, crushed.curve.force),
    ):
        agree_everywhere(
            f"{quantity} of a bone three times as stiff and strong",
            found=found,
            expected=expected,
            atol=1e-6,
            origin="forces out of balance, 1e-9",
            source="dimensional analysis",
        )


@pytest.mark.parametrize(
    "choice", [{"machine_stiffness": 2.0}, {"growth": 1.2}], ids=["machine", "steps"]
)
def test_strength_depends_neither_on_the_machine_nor_on_the_length_of_the_steps(
    column, crushed, agree, choice
):
    result = solve_nonlinear(*column, settings=NonlinearSettings(**choice))
    found, expected = (r.curve.force_at_slope(PLATEAU_SLOPE) for r in (result, crushed))
    ((name, value),) = choice.items()
    agree(
        f"strength with {name} {value:g} over that with the default",
        found=found / expected,
        expected=1.0,
        rtol=5e-3,
        origin="implicit steps of finite length: 0.4 % here, 0.03 % on a femur",
        source="strength is the bone's",
    )


@pytest.fixture(scope="module")
def pressed(column, crushed):
    """The column as a bone, and its state a third of the way to the end of the curve."""
    require_dolfinx()
    from femur_fea.solver.forms import traction_load

    mesh, elastic, strength, load = column
    bone = _bone(
        mesh,
        strength,
        load.held,
        lambda space: traction_load(space, load.traction) / load.magnitude,
        elastic=elastic,
    )
    way = crushed.curve.displacement[-1] / 3.0
    return bone, _follow(bone, max_displacement=way, newton=TIGHT).last


def test_unloading_is_elastic_and_leaves_the_plastic_strain(cube, face_forces, agree):
    require_dolfinx()
    from femur_fea.solver.equilibrium import advance

    bone = _bone(
        cube,
        _uniform(cube),
        np.isclose(cube.points, 0.0),
        lambda space: face_forces(space, _on(cube, 2, 2.0), [0.0, 0.0, 0.25]),
    )
    loaded = _follow(bone, max_displacement=0.05, newton=TIGHT).last
    way = 0.999 * loaded.force / bone.machine.elastic_stiffness
    back = advance(
        bone,
        loaded,
        loaded.position - way - 0.999 * loaded.force / bone.machine.stiffness,
        loaded.u,
        TIGHT,
    )
    np.testing.assert_array_equal(back.plastic_strain, loaded.plastic_strain)
    left = loaded.displacement - loaded.force / bone.machine.elastic_stiffness
    for quantity, found, expected, unit in (
        ("force after unloading by 99.9 %", back.force / loaded.force, 0.001, ""),
        ("displacement after unloading", back.displacement, loaded.displacement - way, "mm"),
        ("plastic strain that is left", back.plastic_strain[2].mean(), left / 2.0, ""),
    ):
        agree(
            f"{quantity} of a cube",
            found=found,
            expected=expected,
            unit=unit,
            rtol=1e-5,
            origin="elastic stiffness solved for to 1e-8, of which a thousandth is left",
            source="exact: the elastic slope",
        )


def test_a_little_unloading_is_nearly_elastic_everywhere(pressed, agree):
    from femur_fea.solver.equilibrium import advance

    bone, state = pressed
    compliance = 1.0 / bone.machine.elastic_stiffness + 1.0 / bone.machine.stiffness
    way = 0.02 * state.force * compliance
    back = advance(bone, state, state.position - way, state.u, TIGHT)
    slope = (back.force - state.force) / (back.displacement - state.displacement)
    agree(
        "slope of a little unloading over the elastic stiffness",
        found=slope / bone.machine.elastic_stiffness,
        expected=1.0,
        rtol=1e-4,
        origin="a few points beside the plastic zone flow on while the load falls",
        source="theory of plasticity",
    )


def test_newton_s_method_converges_quadratically(pressed):
    from femur_fea.solver.equilibrium import advance

    bone, state = pressed
    onward = advance(bone, state, 1.2 * state.position, state.u, TIGHT)
    before, last = (e for e in onward.imbalances[-3:-1])
    # from an imbalance of 1e-3 or less, the next one is below its square times a constant
    assert onward.imbalances[-1] < 1e-8 or last < 100.0 * before**2
    assert onward.newton_iterations <= 7


def test_the_tangent_is_the_derivative_of_the_internal_forces(pressed, agree_everywhere):
    from femur_fea.solver.plasticity import return_stress
    from femur_fea.solver.tangent import tangent_operator

    bone, state = pressed
    rng = np.random.default_rng(2)
    held = bone.machine.system.held
    direction = np.where(held, 0.0, rng.normal(size=held.shape))
    u = 1.05 * state.u

    def update(at):
        return return_stress(bone.material, bone.kinematics.strain(at) - state.plastic_strain)

    matrix = tangent_operator(bone.tangent, update(u))
    x, y = matrix.createVecs()
    x.array = direction.ravel()
    matrix.mult(x, y)
    step = 1e-8
    ends = [bone.kinematics.force(update(u + s * step * direction).stress) for s in (1.0, -1.0)]
    difference = np.where(held, 0.0, ends[0] - ends[1]) / (2.0 * step)
    agree_everywhere(
        "tangent against the difference of internal forces",
        found=y.array.reshape(-1, 3),
        expected=difference,
        atol=1e-6,
        origin="a step of 1e-8: few points cross the yield surface within it",
        source="central difference",
    )


def test_a_step_that_does_not_converge_is_reported_with_the_force_reached(column):
    hopeless = NonlinearSettings(max_cuts=1, newton=NewtonSettings(tolerance=1e-17))
    with pytest.raises(NotConvergedError, match="N, with a step"):
        solve_nonlinear(*column, settings=hopeless)
