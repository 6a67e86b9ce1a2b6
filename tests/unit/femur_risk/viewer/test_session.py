"""What a page shows for what it chooses, without a browser."""

from typing import Any

import numpy as np
import pytest

from femur_risk.opened import ViewedRun, read_solution
from femur_risk.viewer.choice import MOST_DEFORMED, read_choice
from femur_risk.viewer.compose import Composed, common_scale, compose
from femur_risk.viewer.session import Session

FIELDS = ("risk_factor", "stress")


@pytest.fixture(scope="module")
def page(bar: ViewedRun) -> dict[str, Any]:
    return Session([bar]).first_page()


def composed(run: ViewedRun, page: dict[str, Any], **changes: object) -> Composed:
    bone, twin = (read_solution(run, "stance", healed=healed) for healed in (False, True))
    choice = read_choice({**page, **changes}, [run], tuple(bone.fields))
    return compose(run, choice, bone, twin, common_scale(choice, [(bone, twin)]))


def test_what_a_page_cannot_have_becomes_the_default(bar: ViewedRun, page: dict[str, Any]) -> None:
    hostile = {
        "load": "../../etc/passwd",
        "subject": {"a": 1},
        "field": ["stress"],
        "deformation": 1e9,
        "threshold": float("nan"),
        "cut_axis": "__class__",
        "opacity": "1; alert(1)",
        "cursor": [1e9, "x", float("inf")],
        "beneath": "../ct",
    }
    choice = read_choice({**page, **hostile}, [bar], FIELDS)
    assert (choice.load, choice.subject, choice.field) == ("stance", "bone", "risk_factor")
    assert (choice.deformation, choice.threshold) == (MOST_DEFORMED, 0.0)
    assert choice.cut_axis is None
    assert (choice.cursor, choice.beneath) == ((1000.0, 0.0, 0.0), "ct")


def test_the_face_of_a_cut_lies_in_its_plane_and_the_bone_ends_there(
    bar: ViewedRun, page: dict[str, Any]
) -> None:
    scene = composed(bar, page, cut_axis="proximal", cut_position=-52.0).scene
    np.testing.assert_allclose(scene["face"].surface.points[:, 2], -52.0, atol=1e-4)
    assert scene["face"].surface.area == pytest.approx(30.0 * 20.0, rel=1e-5)
    assert scene["bone"].surface.bounds[5] == pytest.approx(-52.0, abs=1e-4)


def test_cells_below_the_threshold_are_hidden(bar: ViewedRun, page: dict[str, Any]) -> None:
    whole = composed(bar, page, field="stress")
    high = whole.scale.limits[1]
    half = composed(bar, page, field="stress", threshold=0.5)
    left = half.values[half.part.cell_data["cell"]]
    assert left.min() >= 0.5 * high
    assert len(left) == np.count_nonzero(whole.values >= 0.5 * high)


def test_bone_and_twin_have_one_scale_and_their_difference_one_about_zero(
    bar: ViewedRun, page: dict[str, Any]
) -> None:
    bone, twin, apart = (
        composed(bar, page, field="stress", subject=subject)
        for subject in ("bone", "healed", "difference")
    )
    assert bone.scale.limits == twin.scale.limits
    assert apart.scale.limits[0] == -apart.scale.limits[1]
    np.testing.assert_allclose(apart.values, bone.values - twin.values)


def test_equal_values_still_have_a_scale_of_their_difference(
    bar: ViewedRun, page: dict[str, Any]
) -> None:
    apart = composed(bar, page, field="modulus", subject="difference")
    assert np.all(apart.values == 0.0)
    assert apart.scale.limits[1] > 0.0


def test_deformation_moves_the_points_by_its_multiple(bar: ViewedRun, page: dict[str, Any]) -> None:
    # the bar is bent by 0.2 mm at its proximal end, in the direction that is lateral
    rest, bent = (composed(bar, page, deformation=factor).part.points for factor in (0.0, 10.0))
    top = rest[:, 2] > -1e-6
    np.testing.assert_allclose((bent - rest)[top], [[2.0, 0.0, 0.0]] * top.sum(), atol=1e-5)


def test_surfaces_of_a_left_femur_face_outwards(bar: ViewedRun, page: dict[str, Any]) -> None:
    surface = composed(bar, page).scene["bone"].surface
    middle = np.array([0.0, 0.0, -60.0])
    outward = np.einsum("ij,ij->i", surface.point_data["Normals"], surface.points - middle)
    assert outward.min() > 0.0


def test_the_colour_of_every_polygon_is_that_of_its_cells_value(
    bar: ViewedRun, page: dict[str, Any]
) -> None:
    seen = composed(bar, page, field="stress")
    bone = seen.scene["bone"]
    expected = seen.scale.rgb(seen.values[bone.surface.cell_data["cell"]])
    np.testing.assert_array_equal(bone.rgb, expected)


def test_only_surfaces_are_sent(bar: ViewedRun) -> None:
    window = Session([bar]).windows[0].vtk
    actors = window.GetRenderers().GetFirstRenderer().GetActors()
    for actor in actors:
        sent = actor.GetMapper().GetInput()
        names = {
            sent.GetCellData().GetArrayName(k)
            for k in range(sent.GetCellData().GetNumberOfArrays())
        }
        assert sent.GetClassName() == "vtkPolyData"
        assert names <= {"rgb"}


def test_the_lesion_moves_with_the_bone_about_it(bar: ViewedRun, page: dict[str, Any]) -> None:
    rest, bent = (
        composed(bar, page, deformation=factor).scene["lesion"].surface for factor in (0.0, 10.0)
    )
    # half way up, a quarter of the 2 mm at the top; the nearest corner is up to 5 mm off
    apart = np.asarray(bent.points) - np.asarray(rest.points)
    assert apart[:, 0].mean() == pytest.approx(0.5, abs=0.05)
    np.testing.assert_allclose(apart[:, 1:], 0.0, atol=1e-5)


def test_a_pick_moves_the_cursor_and_reads_what_the_images_hold(bar: ViewedRun) -> None:
    session = Session([bar])
    rows, cursor = session.pick([8.0, 0.0, -60.0])
    assert cursor == [8.0, 0.0, -60.0]
    read = {row["name"]: row["value"] for row in rows}
    assert (read["CT number"], read["Density of the voxel"]) == ("0 HU", "0.000 g/cm3")
    outside, _ = session.pick([-8.0, 0.0, -30.0])
    assert {"name": "CT number", "value": "900 HU"} in outside


def test_slices_meet_at_the_cursor_and_a_click_in_one_moves_it_within_its_plane(
    bar: ViewedRun,
) -> None:
    session = Session([bar])
    page = {**session.first_page(), "slices": True, "cursor": [4.0, 2.0, -30.0]}
    shown = session.show(page)["pictures"]
    titles = [each["title"] for each in shown]
    assert titles == ["sagittal, 4.0 mm", "frontal, 2.0 mm", "axial, -30.0 mm"]
    # the upper left corner of the axial slice: lateral and anterior, 8 mm off the bar
    _, cursor = session.aim(2, 0.0, 0.0)
    np.testing.assert_allclose(cursor, [23.0, 18.0, -30.0], atol=0.01)
    read, _ = session.aim(2, 0.5, 0.5)
    assert any(row["name"] == "Von Mises stress, as it is" for row in read)


def test_the_density_of_cells_is_that_of_the_image_and_has_no_twin(
    bar: ViewedRun, page: dict[str, Any]
) -> None:
    session = Session([bar])
    shown = session.show({**page, "field": "density", "subject": "difference"})
    assert [each["value"] for each in shown["subjects"]] == ["bone"]
    values = read_solution(bar, "stance", healed=False).fields["density"]
    at = bar.frame.to_frame(bar.mesh.centroids)
    assert np.all(values[np.linalg.norm(at - [8.0, 0.0, -60.0], axis=1) > 12.0] > 0.89)
    assert values.min() < 0.3


def test_two_runs_share_the_scale_of_the_larger_one(
    bar: ViewedRun, weak_bar: ViewedRun, page: dict[str, Any]
) -> None:
    weak, both = Session([weak_bar]), Session([bar, weak_bar])
    chosen = {**page, "field": "stress"}
    assert both.show(chosen)["bar_ticks"] == weak.show(chosen)["bar_ticks"]
    assert both.show(chosen)["bar_ticks"] != Session([bar]).show(chosen)["bar_ticks"]
    assert len(both.show(chosen)["words"]) == 2
