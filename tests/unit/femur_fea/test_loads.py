from dataclasses import replace

import numpy as np
import pytest

from femur_fea.errors import FemurFEAWarning, ShortShaftError
from femur_fea.loads import LOAD_CASES, REFERENCE_FORCE, HipContact, HipWithMuscles


def test_stance_presses_the_head_laterally_posteriorly_and_distally(
    ball_on_stick, resultant
) -> None:
    mesh, frame = ball_on_stick
    load = LOAD_CASES["stance"].apply(mesh, frame, fixed_length=10.0)
    force = resultant(mesh, load.traction)
    # OrthoLoad one-leg stance (73.6, -15.0, -248.8) %BW; LPS of a right hip: lateral is -x,
    # posterior is +y, distal is -z
    expected = np.array([-73.6, 15.0, -248.8])
    assert np.allclose(force, REFERENCE_FORCE * expected / np.linalg.norm(expected), rtol=1e-9)


@pytest.mark.parametrize("name", ["stance", "fall"])
def test_the_load_on_a_left_femur_is_the_mirror_image_of_that_on_a_right_one(
    ball_on_stick, name, mirrored
) -> None:
    mesh, frame = ball_on_stick
    left, left_frame = mirrored(mesh, frame)
    on_right = LOAD_CASES[name].apply(mesh, frame, fixed_length=10.0)
    on_left = LOAD_CASES[name].apply(left, left_frame, fixed_length=10.0)
    flip = np.array([-1.0, 1.0, 1.0])
    assert np.allclose(on_left.traction, on_right.traction * flip, atol=1e-12)
    assert np.array_equal(on_left.fixed, on_right.fixed)
    assert np.array_equal(on_left.excluded, on_right.excluded)


def test_the_hip_force_passes_near_the_centre_of_the_head(ball_on_stick, moment) -> None:
    mesh, frame = ball_on_stick
    load = LOAD_CASES["stance"].apply(mesh, frame, fixed_length=10.0)
    # lever arm below a tenth of the radius: the head of this mesh is a staircase of 4 mm
    arm = np.linalg.norm(moment(mesh, load.traction, frame.origin)) / REFERENCE_FORCE
    assert arm < 0.1 * frame.head_radius


def test_the_pressure_on_the_head_ends_forty_degrees_from_the_line_of_force(
    ball_on_stick, resultant
) -> None:
    mesh, frame = ball_on_stick
    load = LOAD_CASES["stance"].apply(mesh, frame, fixed_length=10.0)
    direction = resultant(mesh, load.traction) / REFERENCE_FORCE
    loaded = np.any(load.traction != 0.0, axis=1)
    cosine = -(mesh.points @ direction) / np.linalg.norm(mesh.points, axis=1).clip(1e-9)
    angle = np.degrees(np.arccos(cosine.clip(-1.0, 1.0)))
    assert angle[loaded].max() < 40.0
    # points of this mesh lie 4 mm apart on a radius of 20 mm: 11 degrees
    assert angle[loaded].max() > 29.0


def test_a_fall_has_no_moment_about_the_hinge(ball_on_stick, moment) -> None:
    mesh, frame = ball_on_stick
    fall = LOAD_CASES["fall"]
    load = fall.apply(mesh, frame, fixed_length=10.0)
    direction = frame.direction_to_world(fall.direction)
    hinge = np.array([frame.shaft_point[0], frame.shaft_point[1], -fall.hinge_distance])
    axis = np.cross(direction, frame.axes[2])
    about = moment(mesh, load.traction, hinge) @ axis
    assert abs(about) < 1e-9 * REFERENCE_FORCE * fall.hinge_distance


def test_a_fall_presses_the_trochanter_medially_and_the_head_laterally(ball_on_stick) -> None:
    mesh, frame = ball_on_stick
    load = LOAD_CASES["fall"].apply(mesh, frame, fixed_length=10.0)
    lateral = load.traction @ frame.axes[0]
    across = frame.to_frame(mesh.points)[:, 0]
    assert (lateral[across > 30.0] <= 0.0).all()
    assert lateral[across > 30.0].min() < 0.0
    assert (lateral[across < 15.0] >= 0.0).all()
    assert lateral[across < 15.0].max() > 0.0


def test_the_force_of_a_fall_comes_from_ten_degrees_adduction_and_fifteen_rotation() -> None:
    x, y, z = LOAD_CASES["fall"].direction
    assert np.degrees(np.arcsin(z)) == pytest.approx(10.0)
    assert np.degrees(np.arctan2(-y, x)) == pytest.approx(15.0)


def test_all_loads_of_one_femur_share_their_support(ball_on_stick) -> None:
    mesh, frame = ball_on_stick
    names = [name for name in LOAD_CASES if not name.startswith(("torsion", "bending"))]
    fixed = [LOAD_CASES[name].apply(mesh, frame, fixed_length=10.0).fixed for name in names]
    assert all(np.array_equal(fixed[0], other) for other in fixed[1:])


def test_loads_and_supports_are_excluded_from_the_failure_check(ball_on_stick) -> None:
    mesh, frame = ball_on_stick
    load = LOAD_CASES["fall"].apply(mesh, frame, fixed_length=10.0)
    assert load.excluded[load.fixed].all()
    assert load.excluded[np.any(load.traction != 0.0, axis=1)].all()
    assert not load.excluded.all()


@pytest.mark.parametrize(
    ("name", "percent"), [("stance", 260.7), ("walking", 247.1), ("chair_rise", 215.0)]
)
def test_the_resultant_of_the_mean_force_is_near_the_mean_resultant(name, percent) -> None:
    # the mean of vectors is at most as long as the mean of their lengths: OrthoLoad Hip III
    resultant_of_mean = np.linalg.norm(LOAD_CASES[name].force_percent_BW)
    assert 0.97 * percent < resultant_of_mean <= 1.001 * percent


def test_stairs_have_the_resultant_that_bergmann_2001_reports() -> None:
    assert np.linalg.norm(LOAD_CASES["stairs_up"].force_percent_BW) == pytest.approx(251, abs=0.5)


def test_every_hip_force_pushes_the_head_laterally_posteriorly_and_distally() -> None:
    # the sign trap between HIP98 (+x medial) and OrthoLoad (+x lateral)
    for load in LOAD_CASES.values():
        if isinstance(load, HipContact | HipWithMuscles):
            lateral, anterior, proximal = load.force_percent_BW
            assert lateral > 0.0
            assert anterior < 0.0
            assert proximal < 0.0


def test_an_embedding_that_reaches_the_head_is_refused(ball_on_stick) -> None:
    mesh, frame = ball_on_stick
    with pytest.raises(ShortShaftError, match="the support to end below the head centre"):
        LOAD_CASES["stance"].apply(mesh, frame, fixed_length=145.0)


def test_the_head_stays_free_where_the_scan_ends_at_the_trochanters(ball_on_stick) -> None:
    mesh, frame = ball_on_stick
    # 125 of 140 mm embedded: the support ends 15 mm below the centre of a head of 20 mm radius
    with pytest.warns(FemurFEAWarning, match="57 mm above the lesser trochanter"):
        load = LOAD_CASES["stance"].apply(mesh, frame, fixed_length=125.0)
    assert np.linalg.norm(mesh.points[load.fixed], axis=1).min() >= frame.head_radius


def test_the_axial_load_points_from_the_head_to_the_knee_on_the_shaft_axis(
    ball_on_stick, resultant
) -> None:
    mesh, frame = ball_on_stick
    load = LOAD_CASES["axial"].apply(mesh, frame, fixed_length=10.0)
    # the shaft axis of this femur runs 40 mm lateral (-x) of the head, the knee is 400 mm below
    expected = np.array([-40.0, 0.0, -400.0])
    force = resultant(mesh, load.traction)
    assert np.allclose(force, REFERENCE_FORCE * expected / np.linalg.norm(expected), atol=1e-6)


def test_the_plate_meets_the_trochanter_also_where_the_shaft_is_tilted_towards_it(
    ball_on_stick,
) -> None:
    mesh, frame = ball_on_stick
    tilted = replace(LOAD_CASES["fall"], adduction=np.radians(-20.0))
    load = tilted.apply(mesh, frame, fixed_length=10.0)
    local = frame.to_frame(mesh.points)
    medially = (load.traction @ frame.axes[0] < 0.0) & (local[:, 0] > frame.head_radius)
    assert medially.any()
    assert local[medially, 2].min() > -3.3 * frame.head_radius


def test_the_force_of_the_plate_is_the_resultant_of_its_traction(ball_on_stick, resultant) -> None:
    mesh, frame = ball_on_stick
    load = LOAD_CASES["fall"].apply(mesh, frame, fixed_length=10.0)
    against = load.traction @ frame.direction_to_world(LOAD_CASES["fall"].direction) < 0.0
    plate = np.where(against[:, None], load.traction, 0.0)
    assert load.plate_force == pytest.approx(np.linalg.norm(resultant(mesh, plate)), rel=1e-9)


def test_a_plate_that_presses_on_the_support_is_warned_of(ball_on_stick) -> None:
    mesh, frame = ball_on_stick
    with (
        pytest.warns(FemurFEAWarning, match="% of the plate's contact in the fall lies on bone"),
        pytest.warns(FemurFEAWarning, match="42 mm above the lesser trochanter"),
    ):
        LOAD_CASES["fall"].apply(mesh, frame, fixed_length=110.0)
