"""Colours, stress, arrows, and quiet imports."""

import dataclasses
import os
import subprocess
import sys

import numpy as np
import pytest

from femur_fea.domain import LoadCase
from femur_fea.errors import OutOfRangeError
from femur_fea.loads import wrench_traction
from viz import ColourScale, common_limits
from viz.arrows import load_arrows
from viz.bodies import arrow_body


def test_colours_turn_red_at_the_threshold_and_only_there() -> None:
    scale = ColourScale(title="Risk factor", unit="", limits=(0.0, 1.5), threshold=1.0)
    below, above = scale.rgb(np.array([0.98, 1.02]))
    assert below[1] > 0.8, "the end of viridis is yellow"
    assert above[0] > 2.0 * above[1] > 0.0, "above the threshold red dominates"


def test_lightness_rises_with_the_value_below_the_threshold() -> None:
    scale = ColourScale(title="Stress", unit="MPa", limits=(0.0, 100.0))
    luminance = scale.rgb(np.linspace(0.0, 100.0, 40)) @ np.array([0.2126, 0.7152, 0.0722])
    assert np.all(np.diff(luminance) > 0.0)


def test_values_beyond_the_limits_are_told() -> None:
    scale = ColourScale(title="Stress", unit="MPa", limits=(0.0, 100.0))
    assert scale.exceeded(np.array([5.0, np.nan, 101.0])) == (False, True)


@pytest.mark.parametrize("limits", [(1.0, 1.0), (2.0, 1.0), (0.0, float("nan"))])
def test_limits_that_do_not_ascend_are_refused(limits: tuple[float, float]) -> None:
    with pytest.raises(OutOfRangeError):
        ColourScale(title="Stress", unit="MPa", limits=limits)


def test_common_limits_hold_the_percentile_of_every_field_and_are_round() -> None:
    rng = np.random.default_rng(0)
    fields = [rng.uniform(0.0, top, 2000) for top in (31.0, 57.0)]
    low, high = common_limits(*fields)
    assert low == 0.0
    assert high == 60.0


def test_limits_of_fields_without_a_positive_value_are_refused() -> None:
    with pytest.raises(OutOfRangeError):
        common_limits(np.zeros(5), np.full(3, np.nan))


def test_each_loaded_patch_has_an_arrow_of_its_resultant(bone, stance: LoadCase) -> None:
    mesh = bone.mesh
    head, trochanter = sorted(load_arrows(mesh, stance), key=lambda arrow: -arrow.force)
    area = np.linalg.norm(mesh.facet_area_vectors, axis=1)[:, None]
    total = (stance.traction[mesh.facets].mean(axis=1) * area).sum(axis=0)
    direction = [(a.tip - a.start) / np.linalg.norm(a.tip - a.start) for a in (head, trochanter)]
    # linear traction integrates exactly with the mean of the corners
    assert head.force * direction[0] + trochanter.force * direction[1] == pytest.approx(
        total, abs=1e-9 * head.force
    )


def test_a_push_ends_on_the_bone_and_a_pull_starts_there(bone, stance: LoadCase) -> None:
    mesh, frame = bone
    head, trochanter = sorted(load_arrows(mesh, stance), key=lambda arrow: -arrow.force)

    def to_surface(point: np.ndarray) -> float:
        return float(np.linalg.norm(mesh.facet_centroids - point, axis=1).min())

    assert to_surface(head.tip) < 1e-9
    assert to_surface(head.start) > 5.0
    assert to_surface(trochanter.start) < 1e-9
    assert to_surface(trochanter.tip) > 5.0
    assert frame.to_frame(head.start[None])[0, 2] > frame.to_frame(head.tip[None])[0, 2]


@pytest.mark.parametrize("sign", [1.0, -1.0])
def test_a_couple_has_an_arrow_along_its_moment_beyond_the_bone(
    bone, stance: LoadCase, sign: float
) -> None:
    mesh, frame = bone
    head = stance.traction.any(axis=1) & (frame.to_frame(mesh.points)[:, 0] < 20.0)
    weight = head.astype(float)
    twisted = wrench_traction(
        mesh, weight, force=np.zeros(3), moment=1e4 * sign * frame.axes[2], about=frame.origin
    )
    (arrow,) = load_arrows(mesh, dataclasses.replace(stance, traction=twisted))
    along = (arrow.tip - arrow.start) / np.linalg.norm(arrow.tip - arrow.start)
    assert arrow.turns
    # forces at the centroids of facets give the moment of a linear traction up to the facets' size
    assert along @ (sign * frame.axes[2]) > 0.99
    lowest = min(frame.to_frame(np.stack((arrow.start, arrow.tip)))[:, 2])
    assert lowest > frame.to_frame(mesh.points)[head, 2].max()


def test_a_couple_is_drawn_alike_on_a_left_femur_that_is_shown_as_a_right_one(
    bone, mirrored_bone
) -> None:
    bounds = []
    for (mesh, frame), sign in ((bone, 1.0), (mirrored_bone, -1.0)):
        local = frame.to_frame(mesh.points)
        head = np.isin(np.arange(mesh.n_points), mesh.facets) & (local[:, 0] < 20.0)
        # a mirror image turns the other way about its axis
        twisted = wrench_traction(
            mesh, head.astype(float), force=np.zeros(3), moment=1e4 * sign * frame.axes[2],
            about=frame.origin,
        )  # fmt: skip
        load = LoadCase.on_fixed_points(
            name="twist", traction=twisted, fixed=local[:, 2] < local[:, 2].min() + 10.0,
            magnitude=1e4, excluded=head, quantity="moment",
        )  # fmt: skip
        (arrow,) = load_arrows(mesh, load)
        surface = arrow_body(arrow, frame).surface
        bounds.append([*surface.bounds, *surface.center_of_mass()])
    np.testing.assert_allclose(bounds[0], bounds[1], atol=1e-3)  # mm: solids in single precision


def test_what_is_driven_has_an_arrow_along_its_way_and_no_known_force(bone, stance) -> None:
    mesh, frame = bone
    cap = stance.traction.any(axis=1) & (frame.to_frame(mesh.points)[:, 0] < 20.0)
    way = frame.direction_to_world(np.array([0.0, 0.0, -1.0]))
    driven = dataclasses.replace(
        stance,
        traction=np.zeros_like(stance.traction),
        held=stance.held | cap[:, None],
        displacement=np.outer(cap, way),
        magnitude=0.0,
    )
    (arrow,) = load_arrows(mesh, driven)
    along = arrow.tip - arrow.start
    np.testing.assert_allclose(along / np.linalg.norm(along), way, atol=1e-12)
    assert np.isnan(arrow.force)


def test_the_arrow_of_a_grip_all_round_pushes_on_the_bone(bone, stance) -> None:
    mesh, frame = bone
    height = frame.to_frame(mesh.points)[:, 2]
    surface = np.isin(np.arange(mesh.n_points), mesh.facets)
    ring = surface & (height < height.min() + 40.0) & (height > height.min() + 20.0)
    way = frame.direction_to_world(np.array([1.0, 0.0, 0.0]))
    gripped = dataclasses.replace(stance, traction=np.outer(ring, way))
    (arrow,) = load_arrows(mesh, gripped)
    # it ends on the medial side, from which it pushes laterally
    nearest = int(np.argmin(np.linalg.norm(mesh.facet_centroids - arrow.tip, axis=1)))
    assert mesh.facet_area_vectors[nearest] @ way < 0.0
    assert np.linalg.norm(mesh.facet_centroids[nearest] - arrow.tip) < 1e-9


def run_python(code: str) -> subprocess.CompletedProcess[str]:
    environment = {k: v for k, v in os.environ.items() if k != "DISPLAY"}
    return subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env=environment
    )


def test_importing_viz_loads_no_graphics_library() -> None:
    code = (
        "import sys, viz; "
        "print(sorted({'pyvista', 'vtk', 'vtkmodules', 'matplotlib'} & sys.modules.keys()))"
    )
    assert run_python(code).stdout.strip() == "[]"


def test_drawing_without_a_display_says_nothing_on_the_terminal() -> None:
    code = """
import numpy as np, pyvista as pv
from viz.bodies import Body
from viz.picture import Window
from viz.render import render
from viz import VIEWS
ball = pv.Sphere(radius=10.0)
window = Window(lower=np.array([-15.0, -15.0]), size=(60, 60), scale=2.0)
image = render([Body(surface=ball, rgb=np.ones((ball.n_cells, 3)))], VIEWS["medial"], window)
assert image[30, 30, 3] == 1.0 and image[0, 0, 3] == 0.0
"""
    finished = run_python(code)
    assert (finished.stdout, finished.stderr) == ("", "")
