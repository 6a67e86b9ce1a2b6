"""Statics of every load of the library, and its rule for short shafts."""

import numpy as np
import pytest

from femur_fea.domain import BoneMesh
from femur_fea.errors import LoadError, LoadOutsideBoneError, NoTrochanterError, ShortShaftError
from femur_fea.loads import (
    LOAD_CASES,
    LOAD_FAMILIES,
    REFERENCE_FORCE,
    REFERENCE_MOMENT,
    HipContact,
    HipWithMuscles,
    from_hip98,
    wrench_of,
    wrench_traction,
)
from femur_fea.loads.patch import head_cap

FLIP = np.array([-1.0, 1.0, 1.0])


HIP = [name for name in LOAD_CASES if isinstance(LOAD_CASES[name], HipContact | HipWithMuscles)]


WITH_MUSCLES = [name for name in LOAD_CASES if isinstance(LOAD_CASES[name], HipWithMuscles)]


def applied(load, mesh, frame):
    return load.apply(mesh, frame, fixed_length=10.0)


def long_femur(ball_on_stick):
    """Return the caricature with its shaft made twice as long, head and trochanter as they are."""
    mesh, frame = ball_on_stick
    z = mesh.points[:, 2]
    stretched = np.where(z < -72.0, -72.0 + 2.0 * (z + 72.0), z)
    points = np.column_stack([mesh.points[:, :2], stretched])
    return BoneMesh(points=points, cells=mesh.cells, kind=mesh.kind, side=mesh.side), frame


@pytest.fixture
def femur(ball_on_stick):
    return long_femur(ball_on_stick)


@pytest.mark.parametrize("name", list(LOAD_CASES))
def test_every_load_on_a_left_femur_is_the_mirror_image_of_that_on_a_right_one(
    femur, mirrored, name
) -> None:
    on_right = applied(LOAD_CASES[name], *femur)
    on_left = applied(LOAD_CASES[name], *mirrored(*femur))
    np.testing.assert_allclose(on_left.traction, on_right.traction * FLIP, atol=1e-12)
    np.testing.assert_allclose(on_left.displacement, on_right.displacement * FLIP, atol=1e-12)
    np.testing.assert_array_equal(on_left.held, on_right.held)
    np.testing.assert_array_equal(on_left.excluded, on_right.excluded)


@pytest.mark.parametrize("family", list(LOAD_FAMILIES))
def test_every_direction_of_a_family_is_mirrored_on_a_left_femur(femur, mirrored, family) -> None:
    left = mirrored(*femur)
    for member in LOAD_FAMILIES[family].members:
        on_right, on_left = applied(member, *femur), applied(member, *left)
        np.testing.assert_allclose(on_left.traction, on_right.traction * FLIP, atol=1e-12)


@pytest.mark.parametrize("name", HIP)
def test_every_hip_force_presses_the_head_with_its_direction(femur, name) -> None:
    mesh, frame = femur
    load = LOAD_CASES[name]
    case = applied(load, mesh, frame)
    on_head = np.linalg.norm(mesh.points, axis=1) < 1.01 * frame.head_radius
    direction = np.array(load.force_percent_BW) / np.linalg.norm(load.force_percent_BW)
    if case.driven.any():
        moved = frame.axes @ case.displacement[case.driven].T
        np.testing.assert_allclose(moved.T, np.broadcast_to(direction, moved.T.shape), atol=1e-12)
        assert on_head[case.driven].all()
        return
    force, _ = wrench_of(mesh, np.where(on_head[:, None], case.traction, 0.0), frame.origin)
    np.testing.assert_allclose(frame.axes @ force, REFERENCE_FORCE * direction, atol=1e-6)


@pytest.mark.parametrize("name", WITH_MUSCLES)
def test_muscles_add_their_share_of_the_body_weight(femur, moment, name) -> None:
    mesh, frame = femur
    load = LOAD_CASES[name]
    force, about = wrench_of(mesh, applied(load, mesh, frame).traction, frame.origin)
    percent = np.array(load.force_percent_BW) + np.sum(
        [muscle.force_percent_BW for muscle in load.muscles], axis=0
    )
    scale = REFERENCE_FORCE / np.linalg.norm(load.force_percent_BW)
    np.testing.assert_allclose(frame.axes @ force, scale * percent, atol=1e-6)
    # an independent quadrature of the same traction
    expected = moment(mesh, applied(load, mesh, frame).traction, frame.origin)
    np.testing.assert_allclose(about, expected, atol=1e-9 * np.abs(expected).max())


@pytest.mark.parametrize("name", WITH_MUSCLES)
def test_abductors_pull_medially_and_up_and_vasti_down(name) -> None:
    # a hip contact force points laterally and down: the abductors balance it (sign trap of HIP98)
    for muscle in LOAD_CASES[name].muscles:
        lateral, _, proximal = muscle.force_percent_BW
        if muscle.muscle == "abductors":
            assert lateral < 0.0 < proximal
        if muscle.muscle.startswith("vastus"):
            assert proximal < 0.0


def test_muscles_are_attached_at_trochanter_and_shaft(femur) -> None:
    mesh, frame = femur
    plain, loaded = (
        applied(LOAD_CASES[n], mesh, frame) for n in ("stairs_up", "stairs_up_muscles")
    )
    extra = (loaded.traction - plain.traction).any(axis=1)
    local = frame.to_frame(mesh.points)
    low = -72.0  # the lesser trochanter: 1.6 head radii below the crossing at -40 mm
    trochanter = extra & (local[:, 2] > low + 20.0)
    shaft = extra & ~trochanter
    assert trochanter.any()
    assert (local[trochanter, 0] > 40.0).all()
    assert (np.abs(local[shaft, 2] - low) < 20.0).all()
    assert local[shaft, 0].min() < 45.0 < local[shaft, 0].max()


def test_the_vectors_of_hip98_and_of_orthoload_have_opposite_signs_of_x() -> None:
    assert from_hip98((-54.0, -32.8, -229.2)) == (54.0, -32.8, -229.2)
    walking, stairs = (LOAD_CASES[n].body_weights for n in ("walking_muscles", "stairs_up"))
    # resultants that Bergmann 2001 reports: 238 and 251 % of body weight
    assert 100.0 * walking == pytest.approx(238.0, abs=0.5)
    assert 100.0 * stairs == pytest.approx(251.0, abs=0.5)


@pytest.mark.parametrize(("name", "percent"), [("stairs_down", 260.0), ("stumble", 870.0)])
def test_activities_of_known_resultant_alone_take_the_direction_of_walking(name, percent) -> None:
    force, walking = (np.array(LOAD_CASES[n].force_percent_BW) for n in (name, "walking"))
    assert np.linalg.norm(force) == pytest.approx(percent)
    np.testing.assert_allclose(np.cross(force, walking), 0.0, atol=1e-9 * percent**2)
    assert LOAD_CASES[name].provenance == "unverified"


def test_a_fall_in_any_direction_is_balanced_about_its_hinge(femur, moment) -> None:
    mesh, frame = femur
    for fall in LOAD_FAMILIES["fall_grid"].members:
        traction = applied(fall, mesh, frame).traction
        hinge = np.array([frame.shaft_point[0], frame.shaft_point[1], -fall.hinge_distance])
        axis = np.cross(frame.direction_to_world(fall.direction), frame.axes[2])
        about = moment(mesh, traction, hinge) @ axis
        assert abs(about) < 1e-9 * REFERENCE_FORCE * fall.hinge_distance


def test_torsion_is_a_pure_couple_about_the_shaft(femur) -> None:
    mesh, frame = femur
    for name, sense in (("torsion_internal", 1.0), ("torsion_external", -1.0)):
        case = applied(LOAD_CASES[name], mesh, frame)
        force, about = wrench_of(mesh, case.traction, frame.origin)
        np.testing.assert_allclose(force, 0.0, atol=1e-9)
        np.testing.assert_allclose(about, [0.0, 0.0, sense * REFERENCE_MOMENT], atol=1e-6)
        assert (case.quantity, case.magnitude) == ("moment", REFERENCE_MOMENT)


def test_bone_above_the_grip_of_torsion_and_outside_the_inner_grips_is_not_judged(femur) -> None:
    mesh, frame = femur
    height = frame.to_frame(mesh.points)[:, 2]
    torsion = applied(LOAD_CASES["torsion_internal"], mesh, frame)
    assert torsion.excluded[height > -72.0].all()
    bending = applied(LOAD_CASES["bending_lateral"], mesh, frame)
    # outer grips at -51 and -191 mm, of 14 mm: inner ones at quarters between them
    judged = height[~bending.excluded]
    assert judged.max() < -86.0
    assert judged.min() > -156.0


@pytest.mark.parametrize(
    ("name", "needed"), [("torsion_internal", "2 diameters"), ("bending_medial", "3 diameters")]
)
def test_a_load_of_the_shaft_is_refused_on_a_short_shaft(ball_on_stick, name, needed) -> None:
    with pytest.raises(ShortShaftError, match=f"48 mm of free shaft.*at least {needed}"):
        LOAD_CASES[name].apply(*ball_on_stick, fixed_length=20.0)


def test_muscles_of_the_shaft_need_a_shaft(ball_on_stick) -> None:
    mesh, frame = ball_on_stick
    above = mesh.points[:, 2] >= -76.0
    cells = mesh.cells[above[mesh.cells].all(axis=1)]
    used, renumbered = np.unique(cells, return_inverse=True)
    stump = BoneMesh(
        points=mesh.points[used],
        cells=renumbered.reshape(cells.shape),
        kind=mesh.kind,
        side=mesh.side,
    )
    with pytest.raises(ShortShaftError, match="4 mm below the lesser trochanter"):
        applied(LOAD_CASES["walking_muscles"], stump, frame)


@pytest.fixture
def ball(ball_on_stick):
    """Return the head and part of the neck alone."""
    mesh, frame = ball_on_stick
    near = np.linalg.norm(mesh.points, axis=1) < 45.0
    cells = mesh.cells[(near & (mesh.points[:, 0] > -19.0))[mesh.cells].all(axis=1)]
    used, renumbered = np.unique(cells, return_inverse=True)
    part = BoneMesh(
        points=mesh.points[used],
        cells=renumbered.reshape(cells.shape),
        kind=mesh.kind,
        side=mesh.side,
    )
    return part, frame


def test_a_fall_on_a_femur_without_trochanter_is_refused(ball) -> None:
    mesh, frame = ball
    with pytest.raises(NoTrochanterError, match="a greater trochanter"):
        LOAD_CASES["fall"].apply(mesh, frame, fixed_length=5.0)


@pytest.mark.parametrize("name", ["stance", "stance_cup"])
def test_a_load_on_a_head_that_is_not_there_is_refused(ball_on_stick, name) -> None:
    mesh, frame = ball_on_stick
    below = mesh.points[:, 2] < -24.0
    cells = mesh.cells[below[mesh.cells].all(axis=1)]
    used, renumbered = np.unique(cells, return_inverse=True)
    headless = BoneMesh(
        points=mesh.points[used],
        cells=renumbered.reshape(cells.shape),
        kind=mesh.kind,
        side=mesh.side,
    )
    with pytest.raises(LoadOutsideBoneError, match=r"a load patch of 0\.0 mm2"):
        applied(LOAD_CASES[name], headless, frame)


def test_a_traction_has_the_force_and_the_moment_that_were_asked_for(femur, moment) -> None:
    mesh, frame = femur
    weight = head_cap(mesh, frame, np.array([0.0, 0.0, -1.0]))
    force, about = np.array([10.0, -20.0, 30.0]), np.array([5.0, 6.0, 7.0])
    torque = np.array([400.0, -500.0, 600.0])
    traction = wrench_traction(mesh, weight, force=force, moment=torque, about=about)
    np.testing.assert_allclose(moment(mesh, traction, about), torque, atol=1e-9)
    np.testing.assert_allclose(wrench_of(mesh, traction, about)[0], force, atol=1e-10)


def test_short_loads_are_load_errors() -> None:
    assert issubclass(ShortShaftError, LoadError)
