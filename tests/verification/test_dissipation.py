"""Plastic work against the integral of the law, and whether what is found is stable."""

import numpy as np
import pytest

from femur_fea.domain import ElasticField, YieldField
from femur_fea.materials import SOFTENING_LAWS
from femur_fea.solver import NewtonSettings
from femur_fea.strength.softening import cell_size, cell_softening

THEME = "plasticity"
LAW = SOFTENING_LAWS["keyak_2005"]
SIZE = LAW.specimen_length
NU = 0.3
TIGHT = NewtonSettings(tolerance=1e-10, loosest=1e-9, tightest=1e-11)


def _material(mesh, rho, *, softens):
    """Return elasticity and yield stresses of cells of densities (n_cells,), g/cm3."""
    rho = rho[:, None]
    strength = 102.0 * rho**1.80
    fall = cell_softening(LAW, rho, cell_size(mesh), smallest=1e-3) if softens else None
    return (
        ElasticField(E_modulus=14900.0 * rho**1.86, nu=NU),
        YieldField(tension=strength, compression=strength, softening=fall),
    )


def _integral_of_law(bone, flow):
    """Return the integral of the yield stress over equivalent plastic strain (n,), N mm per mm3."""
    from femur_fea.solver.softening import plastic_work

    strength = bone.material.tension
    if bone.softening is None:
        return strength * flow
    return plastic_work(bone.softening, strength, flow)


def _at_top(mesh):
    return np.isclose(mesh.points[mesh.facets][:, :, 2], mesh.points[:, 2].max()).all(axis=1)


def _sheared_cube(box, face_forces, plastic_bone, kind, *, softens):
    """Return a cube whose layers slide along x, for a force of 1 N."""
    cube = box((1, 1, 1), (SIZE, SIZE, SIZE), kind)
    elastic, strength = _material(cube, np.full(cube.n_cells, 0.6), softens=softens)
    sideways = np.ones(cube.n_points, dtype=bool)
    fixed = np.column_stack([cube.points[:, 2] == 0.0, sideways, sideways])
    return plastic_bone(
        cube,
        strength,
        fixed,
        lambda space: face_forces(space, _at_top(cube), [1.0 / SIZE**2, 0.0, 0.0]),
        elastic=elastic,
    )


def _bent_bar(box, face_forces, plastic_bone, *, softens):
    """Return a bar of dense shell and lighter core, fixed below, pushed sideways above."""
    across, along = 15.0, 45.0
    bar = box((3, 3, 9), (across, across, along), "tet10", jitter=0.15)
    x, y, z = bar.points[bar.cells].mean(axis=1).T
    depth = np.minimum.reduce([x, across - x, y, across - y])
    rho = 0.5 + 0.4 * np.exp(-depth / 3.0) + 0.1 * z / along
    elastic, strength = _material(bar, rho, softens=softens)
    fixed = np.repeat(bar.points[:, 2:] == 0.0, 3, axis=1)
    push = np.array([1.0, 0.0, -0.25]) / across**2
    return plastic_bone(
        bar, strength, fixed, lambda s: face_forces(s, _at_top(bar), push), elastic=elastic
    )


@pytest.mark.parametrize(("kind", "softens"), [("tet10", False), ("hex8", False), ("hex8", True)])
def test_a_sheared_cube_dissipates_the_area_below_its_law(
    box, face_forces, plastic_bone, follow, agree, kind, softens
):
    bone = _sheared_cube(box, face_forces, plastic_bone, kind, softens=softens)
    state = follow(bone, max_displacement=1.5, fallen=0.4, plateau_slope=1e-9).last
    rho, shear = 0.6, 14900.0 * 0.6**1.86 / (2.0 * (1.0 + NU))
    slip = state.displacement / SIZE - state.force / SIZE**2 / shear
    strength, slope, residual = 102.0 * rho**1.8, 2080.0 * rho**1.45, 43.1 * rho**1.81
    corners = np.cumsum([0.0, 0.00189 + 0.0241 * rho, (strength - residual) / slope, 1.0])
    level = [strength, strength, residual, residual] if softens else [strength] * 4
    way = np.linspace(0.0, slip / np.sqrt(3.0), 100_001)
    assert way[-1] > (corners[2] if softens else 0.003)
    agree(
        f"plastic work of a {'softening' if softens else 'perfectly plastic'} cube of {kind}",
        found=bone.kinematics.integral(state.dissipated) / SIZE**3,
        expected=np.trapezoid(np.interp(way, corners, level), way),
        unit="N mm per mm3",
        rtol=1e-3,
        origin="Newton's method stops at 1e-5 of the internal forces; a step across a corner of "
        "the law counts by its chord, 1.3e-4",
        source="the law by hand: Keyak et al. 2005 as registered",
    )


@pytest.mark.parametrize("softens", [False, True], ids=["perfect", "softening"])
def test_a_bent_bar_dissipates_the_integral_of_its_law(
    box, face_forces, plastic_bone, follow, agree, softens
):
    bone = _bent_bar(box, face_forces, plastic_bone, softens=softens)
    state = follow(bone).last
    agree(
        f"plastic work of a bent bar, {'softening' if softens else 'perfectly plastic'}",
        found=bone.kinematics.integral(state.dissipated),
        expected=bone.kinematics.integral(_integral_of_law(bone, state.flow)),
        unit="N mm",
        rtol=1e-2,
        origin="the trapezoidal rule, which keeps the balance of energy exact, counts the step in "
        "which a point yields from the stress before it: 0.7 % here, 0.9 % with steps 1.25 times "
        "as long",
        source="integral of the yield stress over equivalent plastic strain, point by point",
    )
    assert state.flow.max() > 0.02


def _lowest_stiffness(bone, start, state):
    """Return the smallest eigenvalue of the tangent of bone and machine, over the elastic one."""
    from femur_fea.solver.tangent import tangent_operator
    from femur_fea.solver.trial import Trial

    free = np.flatnonzero(~bone.machine.system.held)
    pattern = bone.machine.pattern.ravel()[free]

    def smallest(operator):
        x, y = operator.createVecs()
        columns = []
        for i in free:
            x.set(0.0)
            x.array[i] = 1.0
            operator.mult(x, y)
            columns.append(y.array[free].copy())
        matrix = np.array(columns) + bone.machine.stiffness * np.outer(pattern, pattern)
        return np.linalg.eigvalsh(0.5 * (matrix + matrix.T))[0]

    trial = Trial.at(bone, start, state.position, state.u)
    tangent = tangent_operator(bone.tangent, trial.update)
    return smallest(tangent) / smallest(bone.machine.system.stiffness.operator)


@pytest.fixture(scope="module")
def fallen(box, face_forces, plastic_bone, follow):
    """A softening bar whose force has fallen by a tenth, that state and a next one."""
    from femur_fea.solver.equilibrium import advance

    bone = _bent_bar(box, face_forces, plastic_bone, softens=True)
    state = follow(bone, fallen=0.9, newton=TIGHT).last
    return bone, state, advance(bone, state, 1.02 * state.position, state.u, TIGHT)


@pytest.mark.parametrize("share", [0.1, 2.0])
def test_a_perturbed_start_falls_to_the_same_equilibrium(fallen, agree, share):
    from femur_fea.solver.equilibrium import advance

    bone, state, found = fallen
    size = np.abs(found.u - state.u).max()
    noise = np.random.default_rng(3).normal(size=found.u.shape)
    start = state.u + np.where(bone.machine.system.held, 0.0, share * size * noise)
    other = advance(bone, state, found.position, start, TIGHT)
    assert other.newton_iterations > found.newton_iterations
    agree(
        f"displacement of a softening bar found from noise of {share:g} times the step, largest "
        "difference over the step",
        found=np.abs(other.u - found.u).max() / size,
        expected=0.0,
        atol=1e-8,
        origin="forces out of balance, 1e-10",
        source="one minimum of the energy of the step",
    )


def test_beyond_the_peak_bone_and_machine_are_stable(fallen):
    bone, state, found = fallen
    assert found.force < state.force
    # 0.29: the machine holds what has lost its stiffness
    assert _lowest_stiffness(bone, state, found) > 0.1
