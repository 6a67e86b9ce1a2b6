"""What is in the pictures, read back from their pixels."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from femur_fea.domain import (
    BoneMesh,
    FemoralFrame,
    FloatArray,
    ImageGrid,
    LabelMask,
    LoadCase,
    TriangleSurface,
    WeakestSite,
)
from femur_fea.errors import EmptyMaskError, OutOfRangeError, ShapeError
from viz import Panel, Picture, draw_comparison, draw_field, draw_lesion, draw_section

STRESS = {"title": "Von Mises stress", "unit": "MPa", "limits": (0.0, 100.0)}
# the ring's radius and half of its white halo
RING_MM = 5.0


def read(picture: Picture) -> FloatArray:
    """Return the pixels as (height, width, 3) between 0 and 1."""
    from matplotlib.image import imread

    return np.asarray(imread(picture.path))[:, :, :3]


def crop(image: FloatArray, panel: Panel) -> FloatArray:
    (left, top), (wide, high) = panel.corner, panel.window.size
    return image[top : top + high, left : left + wide]


def yellowness(image: FloatArray) -> FloatArray:
    """Return red minus blue: viridis rises from purple to yellow, white and grey give zero."""
    return image[:, :, 0] - image[:, :, 2]


def front_site(bone) -> WeakestSite:
    """Return a place at the front of the neck."""
    at = bone.frame.to_frame(bone.mesh.facet_centroids)
    k = np.argmin(np.linalg.norm(at - np.array([25.0, 14.0, -20.0]), axis=1))
    return WeakestSite(point=bone.mesh.facet_centroids[k], region="neck", mode="tension")


def bump(points: FloatArray, centre: FloatArray) -> FloatArray:
    return 100.0 * np.exp(-(np.linalg.norm(points - centre, axis=1) ** 2) / (2 * 10.0**2))


@pytest.mark.parametrize("name", ["bone", "voxel_bone"])
def test_the_yellowest_pixels_lie_where_the_stress_is_largest(
    name: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    bone = request.getfixturevalue(name)
    site = front_site(bone)
    values = bump(bone.mesh.facet_centroids, site.point)
    picture = draw_field(tmp_path / "a.png", bone.mesh, bone.frame, values, **STRESS)
    panel = picture.panels[0]
    score = yellowness(crop(read(picture), panel))
    row, column = np.unravel_index(np.argsort(score, axis=None)[-200:], score.shape)
    seen = np.array([column.mean(), row.mean()]) + np.array(panel.corner)
    expected = panel.to_pixel(site.point[None])[0]
    # the field is constant on facets of 5 mm
    assert np.linalg.norm(seen - expected) < 5.0 * panel.window.scale


def test_the_ring_surrounds_the_pixel_of_the_weakest_site(bone, tmp_path: Path) -> None:
    site = front_site(bone)
    values = np.full(bone.mesh.n_cells, 50.0)
    args = (bone.mesh, bone.frame, values)
    plain = draw_field(tmp_path / "a.png", *args, **STRESS)
    marked = draw_field(tmp_path / "b.png", *args, **STRESS, weakest_site=site)
    panel = marked.panels[0]
    changed = np.abs(read(marked) - read(plain)).max(axis=2) > 0.02
    rows, columns = np.nonzero(changed)
    places = np.column_stack((columns + 0.5, rows + 0.5))
    centre = panel.to_pixel(site.point[None])[0]
    distance = np.linalg.norm(places - centre, axis=1)
    ring = places[distance < RING_MM * panel.window.scale]
    angles = np.arctan2(*(ring - centre).T)
    assert len(ring) > 100
    # a ring about another centre would leave a sector bare
    assert np.histogram(angles, bins=12, range=(-np.pi, np.pi))[0].min() > 5
    assert np.linalg.norm((ring.min(axis=0) + ring.max(axis=0)) / 2.0 - centre) < 3.0


@pytest.mark.parametrize("name", ["bone", "voxel_bone"])
def test_a_site_at_the_front_is_ringed_there_and_not_in_the_posterior_view(
    name: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    bone = request.getfixturevalue(name)
    args = (bone.mesh, bone.frame, np.full(bone.mesh.n_cells, 50.0))
    plain = draw_field(tmp_path / "a.png", *args, **STRESS)
    marked = draw_field(tmp_path / "b.png", *args, **STRESS, weakest_site=front_site(bone))
    behind = marked.panels[1]
    assert behind.view.name == "posterior"
    assert np.array_equal(crop(read(plain), behind), crop(read(marked), behind))
    front = marked.panels[0]
    assert not np.array_equal(crop(read(plain), front), crop(read(marked), front))


def test_a_mirrored_left_femur_gives_the_picture_of_the_right(
    bone, mirrored_bone, tmp_path: Path
) -> None:
    pictures = []
    for name, (mesh, frame) in (("right", bone), ("left", mirrored_bone)):
        values = bump(mesh.centroids, frame.to_world(np.array([[25.0, 14.0, -20.0]])))
        pictures.append(draw_field(tmp_path / f"{name}.png", mesh, frame, values, **STRESS))
    for right, left in zip(*(p.panels for p in pictures), strict=True):
        a, b = crop(read(pictures[0]), right), crop(read(pictures[1]), left)
        assert a.shape == b.shape
        # edges of the outline may fall on the other side of a pixel by round-off
        assert np.abs(a - b).mean() < 1e-3


def test_the_picture_does_not_depend_on_how_the_patient_lies(bone, tmp_path: Path) -> None:
    mesh, frame = bone
    angle = np.radians(30.0)
    turn = np.array(
        [[np.cos(angle), 0, np.sin(angle)], [0, 1, 0], [-np.sin(angle), 0, np.cos(angle)]]
    )
    turned = BoneMesh(points=mesh.points @ turn.T, cells=mesh.cells, kind="tet4", side="right")
    turned_frame = FemoralFrame(
        origin=turn @ frame.origin,
        axes=frame.axes @ turn.T,
        side="right",
        head_radius=frame.head_radius,
        neck_axis=turn @ frame.neck_axis,
        shaft_point=turn @ frame.shaft_point,
        neck_shaft_angle=frame.neck_shaft_angle,
        shaft_length=frame.shaft_length,
        shaft_reference="shaft",
    )
    values = bump(mesh.centroids, front_site(bone).point)
    lying = draw_field(tmp_path / "a.png", mesh, frame, values, **STRESS)
    tilted = draw_field(tmp_path / "b.png", turned, turned_frame, values, **STRESS)
    # edges of the outline may fall on the other side of a pixel by round-off
    assert np.abs(read(lying) - read(tilted)).mean() < 1e-3


def test_equal_stress_has_one_colour_in_both_rows_of_a_comparison(bone, tmp_path: Path) -> None:
    mesh, frame = bone
    values = bump(mesh.facet_centroids, front_site(bone).point)
    same = draw_comparison(tmp_path / "a.png", mesh, frame, values, values, **STRESS)
    image = read(same)
    n = len(same.panels) // 2
    for upper, lower in zip(same.panels[:n], same.panels[n:], strict=True):
        assert np.array_equal(crop(image, upper), crop(image, lower))


def test_the_healed_row_is_drawn_on_the_scale_of_the_row_with_the_lesion(
    bone, tmp_path: Path
) -> None:
    mesh, frame = bone
    values = bump(mesh.facet_centroids, front_site(bone).point)
    picture = draw_comparison(tmp_path / "a.png", mesh, frame, values, 0.5 * values, **STRESS)
    swapped = draw_comparison(tmp_path / "b.png", mesh, frame, 0.5 * values, values, **STRESS)
    n = len(picture.panels) // 2
    image, other = read(picture), read(swapped)
    assert np.array_equal(crop(image, picture.panels[n]), crop(other, swapped.panels[0]))
    peak = [yellowness(crop(image, picture.panels[k])).max() for k in (0, n)]
    assert peak[0] > peak[1] + 0.2


def test_triangles_without_a_value_are_grey(bone, tmp_path: Path) -> None:
    mesh, frame = bone
    values = np.full(len(mesh.facets), 50.0)
    values[frame.to_frame(mesh.facet_centroids)[:, 2] < -60.0] = np.nan
    picture = draw_field(tmp_path / "a.png", mesh, frame, values, **STRESS)
    panel, image = picture.panels[0], read(picture)
    column, row = panel.to_pixel(frame.to_world(np.array([[45.0, 15.0, -85.0]])))[0].astype(int)
    red, green, blue = image[row, column]
    assert red == pytest.approx(green, abs=0.01)
    assert green == pytest.approx(blue, abs=0.01)
    assert 0.4 < red < 0.95


def test_the_support_and_the_arrow_on_the_head_are_drawn_where_they_act(
    bone, stance: LoadCase, tmp_path: Path
) -> None:
    mesh, frame = bone
    values = np.full(mesh.n_cells, 100.0)
    picture = draw_field(tmp_path / "a.png", mesh, frame, values, **STRESS, load=stance)
    panel, image = picture.panels[0], read(picture)
    foot, above_head, shaft = panel.to_pixel(
        frame.to_world(np.array([[45.0, 15.0, -106.0], [0.0, 0.0, 36.0], [45.0, 15.0, -80.0]]))
    ).astype(int)
    around = image[above_head[1] - 5 : above_head[1] + 5, above_head[0] - 40 : above_head[0] + 40]
    assert around.min() < 0.2, "a dark shaft stands above the head"
    assert yellowness(image)[shaft[1], shaft[0]] > 0.3
    assert yellowness(image)[foot[1], foot[0]] < 0.0, "the support hides the field"


def ball(frame: FemoralFrame, centre: FloatArray, radius: float) -> LabelMask:
    """Return a ball about a place of the frame, on an image grid of 1 mm."""
    middle = frame.to_world(centre[None])[0]
    affine = np.eye(4)
    affine[:3, 3] = middle - 20.0
    grid = ImageGrid(shape=(41, 41, 41), affine=affine)
    index = np.indices(grid.shape).reshape(3, -1).T.astype(float)
    inside = np.linalg.norm(grid.to_world(index) - middle, axis=1) < radius
    return LabelMask(grid=grid, inside=inside.reshape(grid.shape))


def magenta(image: FloatArray) -> FloatArray:
    return (image[:, :, 0] > 0.6) & (image[:, :, 1] < 0.25) & (image[:, :, 2] > 0.35)


@pytest.mark.parametrize("view", ["anterior", "lateral"])
def test_the_border_of_a_lesion_encloses_its_place(bone, tmp_path: Path, view: str) -> None:
    mesh, frame = bone
    centre = np.array([40.0, 2.0, -50.0])
    picture = draw_field(
        tmp_path / "a.png", mesh, frame, np.full(mesh.n_cells, 50.0), **STRESS,
        lesion=ball(frame, centre, 8.0), views=(view,),
    )  # fmt: skip
    (panel,) = picture.panels
    rows, columns = np.nonzero(magenta(crop(read(picture), panel)))
    middle = np.array([columns.min() + columns.max(), rows.min() + rows.max()]) / 2.0
    diameter = (columns.max() - columns.min()) / panel.window.scale
    expected = panel.to_pixel(frame.to_world(centre[None]))[0] - np.array(panel.corner)
    # a dash may end before the outermost pixel; the mask's voxels are 1 mm
    assert np.linalg.norm(middle - expected) < 1.0 * panel.window.scale
    assert diameter == pytest.approx(16.0, abs=1.5)


def test_a_lesion_may_be_given_as_a_surface(bone, tmp_path: Path) -> None:
    mesh, frame = bone
    corner = np.array([35.0, -5.0, -55.0])
    corners = corner + 12.0 * np.vstack((np.zeros(3), np.eye(3)))
    surface = TriangleSurface(
        points=frame.to_world(corners),
        triangles=np.array([[0, 2, 1], [0, 1, 3], [1, 2, 3], [0, 3, 2]]),
    )
    picture = draw_field(
        tmp_path / "a.png", mesh, frame, np.full(mesh.n_cells, 50.0), **STRESS, lesion=surface
    )
    assert magenta(crop(read(picture), picture.panels[0])).any()


def test_a_lesion_within_the_bone_is_seen_through_it_at_its_place(bone, tmp_path: Path) -> None:
    mesh, frame = bone
    centre = np.array([40.0, 2.0, -50.0])
    picture = draw_lesion(tmp_path / "a.png", mesh, frame, ball(frame, centre, 8.0), title="Lesion")
    image = read(picture)
    for panel in picture.panels:
        seen = crop(image, panel)
        # red and blue far above green: grey glass before it leaves that of the lesion
        rows, columns = np.nonzero(np.minimum(seen[:, :, 0], seen[:, :, 2]) - seen[:, :, 1] > 0.15)
        middle = np.array([columns.min() + columns.max(), rows.min() + rows.max()]) / 2.0
        expected = panel.to_pixel(frame.to_world(centre[None]))[0] - np.array(panel.corner)
        assert np.linalg.norm(middle - expected) < 1.0 * panel.window.scale
        diameter = (columns.max() - columns.min()) / panel.window.scale
        assert diameter == pytest.approx(16.0, abs=1.5)


def test_the_border_of_the_bone_at_rest_stays_where_the_deformed_one_left(
    bone, tmp_path: Path
) -> None:
    mesh, frame = bone
    aside = replace(mesh, points=mesh.points + 20.0 * frame.axes[0])
    values = np.full(mesh.n_cells, 50.0)
    args = (aside, frame, values)
    picture = draw_field(tmp_path / "b.png", *args, **STRESS, at_rest=mesh, views=("anterior",))
    (panel,) = picture.panels
    seen = crop(read(picture), panel)
    grey = (np.ptp(seen, axis=2) < 0.05) & (seen.mean(axis=2) < 0.75)
    columns = np.nonzero(grey)[1]
    medial = panel.to_pixel(mesh.points)[:, 0]
    moved = panel.to_pixel(aside.points)[:, 0]
    # the border at rest reaches 20 mm beyond the bone on one side
    reach = (medial.min(), columns.min() + panel.corner[0], moved.min())
    outer = (medial.max(), columns.max() + panel.corner[0], moved.max())
    assert min(abs(reach[0] - reach[1]), abs(outer[0] - outer[1])) < 3.0
    assert max(abs(reach[1] - reach[2]), abs(outer[1] - outer[2])) > 15.0 * panel.window.scale


@pytest.mark.parametrize("name", ["bone", "voxel_bone"])
def test_a_section_shows_the_inside_of_the_head(
    name: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    bone = request.getfixturevalue(name)
    mesh, frame = bone
    depth = np.linalg.norm(frame.to_frame(mesh.centroids), axis=1)
    values = np.where(depth < 10.0, 100.0, 20.0)
    picture = draw_section(
        tmp_path / "a.png", mesh, frame, values, **STRESS,
        lesion=ball(frame, np.array([45.0, 0.0, -60.0]), 8.0),
    )  # fmt: skip
    (panel,) = picture.panels
    image = read(picture)
    core, rim = panel.to_pixel(
        frame.to_world(np.array([[0.0, 0.0, 0.0], [0.0, 0.0, 17.0]]))
    ).astype(int)
    assert yellowness(image)[core[1], core[0]] > 0.5
    assert yellowness(image)[rim[1], rim[0]] < 0.0
    assert magenta(crop(image, panel)).any()


def test_a_field_of_another_mesh_is_refused(bone, tmp_path: Path) -> None:
    with pytest.raises(ShapeError, match="for facets"):
        draw_field(tmp_path / "a.png", bone.mesh, bone.frame, np.ones(7), **STRESS)
    assert not (tmp_path / "a.png").exists()


def test_a_field_without_any_value_is_refused(bone, tmp_path: Path) -> None:
    values = np.full(bone.mesh.n_cells, np.nan)
    with pytest.raises(OutOfRangeError, match="finite"):
        draw_field(tmp_path / "a.png", bone.mesh, bone.frame, values, **STRESS)


def test_an_empty_lesion_is_refused(bone, tmp_path: Path) -> None:
    empty = ball(bone.frame, np.zeros(3), 0.0)
    with pytest.raises(EmptyMaskError):
        draw_field(
            tmp_path / "a.png", bone.mesh, bone.frame, np.ones(bone.mesh.n_cells), **STRESS,
            lesion=empty,
        )  # fmt: skip
