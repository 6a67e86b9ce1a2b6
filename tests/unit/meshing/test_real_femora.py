"""Facts about real femora: LibHip's surfaces and a coarse clinical CT.

LibHip (Moshfeghifar et al. 2022, doi:10.1016/j.cmpb.2022.107140) gives a hip joint centre and two
radii of each head. What they are follows from the surfaces: the largest distance of the head from
the given centre equals its "simplified radius" to 0.1 mm in all four femora, and the mean distance
its "mean actual radius" to the whole millimetre to which it is given. So the mean actual radius is
the one that a fitted sphere has. The files are in LPS: left femora lie at positive x, and the
lesser trochanter and the shaft lie at larger y than the anteverted head.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from femur_fea.domain import FemoralFrame, FloatArray, ImageGrid, LabelMask, Side, TriangleSurface
from meshing import extract_surface, measure_quality, mesh_mask
from meshing.anatomy import detect_side, find_frame

pytestmark = pytest.mark.realdata


@dataclass(frozen=True)
class Published:
    side: Side
    centre: tuple[float, float, float]  # mm
    mean_radius: float  # mm


PUBLISHED = {
    "m3_lfemur": Published("left", (89.5, -124.73, -831.56), 25.0),
    "m3_rfemur": Published("right", (-78.27, -122.37, -838.85), 24.0),
    "m4_lfemur": Published("left", (78.34, 28.85, -365.2), 25.0),
    "m4_rfemur": Published("right", (-92.6, 18.49, -356.62), 25.0),
}


@pytest.fixture(scope="module")
def libhip(shared_data: Path) -> dict[str, TriangleSurface]:
    import pyvista

    surfaces = {}
    for name in PUBLISHED:
        mesh = pyvista.read(shared_data / "proximal-femurs-libhip" / f"{name}.ply")
        triangles = mesh.faces.reshape(-1, 4)[:, 1:]
        surfaces[name] = TriangleSurface(points=np.array(mesh.points), triangles=triangles)
    return surfaces


@pytest.fixture(scope="module")
def frames(libhip: dict[str, TriangleSurface]) -> dict[str, FemoralFrame]:
    return {name: find_frame(libhip[name], known.side) for name, known in PUBLISHED.items()}


@pytest.fixture(scope="module")
def ct_femur(shared_data: Path) -> LabelMask:
    import SimpleITK as sitk

    image = sitk.ReadImage(shared_data / "ct-pelvis-3mm" / "right_hip_crop_femur.nii.gz")
    inside = sitk.GetArrayFromImage(image).transpose(2, 1, 0) > 0
    affine = np.eye(4)
    affine[:3, :3] = np.reshape(image.GetDirection(), (3, 3)) @ np.diag(image.GetSpacing())
    affine[:3, 3] = image.GetOrigin()
    return LabelMask(grid=ImageGrid(shape=inside.shape, affine=affine), inside=inside)


def distances_over_head(
    surface: TriangleSurface, centre: FloatArray, neck: FloatArray
) -> FloatArray:
    """Distances from a centre to the half of the head that lies away from the neck, mm."""
    arm = surface.points - centre
    distance = np.linalg.norm(arm, axis=1)
    return distance[(arm @ neck > 0.3 * distance) & (distance < 40.0)]


@pytest.mark.parametrize("name", PUBLISHED)
def test_the_side_is_detected(libhip: dict[str, TriangleSurface], name: str) -> None:
    assert detect_side(libhip[name]) == PUBLISHED[name].side


@pytest.mark.parametrize("name", ["m4_lfemur", "m4_rfemur"])
def test_the_head_agrees_with_the_published_centre(
    frames: dict[str, FemoralFrame], name: str
) -> None:
    frame = frames[name]
    assert np.linalg.norm(frame.origin - PUBLISHED[name].centre) < 2.0
    assert frame.head_radius == pytest.approx(PUBLISHED[name].mean_radius, abs=2.0)


@pytest.mark.parametrize("name", ["m3_lfemur", "m3_rfemur"])
def test_where_the_published_centre_lies_off_the_head_ours_is_the_better_sphere(
    libhip: dict[str, TriangleSurface], frames: dict[str, FemoralFrame], name: str
) -> None:
    surface, published, frame = libhip[name], PUBLISHED[name], frames[name]
    ours = distances_over_head(surface, frame.origin, frame.neck_axis)
    theirs = distances_over_head(surface, np.array(published.centre), frame.neck_axis)
    # the published centres lie 5.1 and 2.8 mm off the sphere: their own mean radius is matched
    assert theirs.mean() == pytest.approx(published.mean_radius, abs=1.0)
    assert ours.std() < 0.6 < 1.0 < theirs.std()


@pytest.mark.parametrize("name", PUBLISHED)
def test_anterior_is_anterior_and_the_shaft_is_used(
    frames: dict[str, FemoralFrame], name: str
) -> None:
    frame = frames[name]
    lateral, anterior, proximal = frame.axes
    outwards = 1.0 if PUBLISHED[name].side == "left" else -1.0
    assert lateral[0] * outwards > 0.8
    assert anterior[1] < -0.8
    assert proximal[2] > 0.9
    assert frame.shaft_reference == "shaft"
    assert 110.0 < np.degrees(frame.neck_shaft_angle) < 140.0  # adults


def test_a_coarse_ct_femur_becomes_a_faithful_mesh(ct_femur: LabelMask) -> None:
    mesh = mesh_mask(ct_femur, edge_length=3.0, kind="tet10", side="right")
    quality = measure_quality(mesh, ct_femur)
    assert abs(quality.volume_ratio - 1.0) < 0.03
    assert quality.smallest_inverse_condition > 0.1


def test_a_femur_cut_above_its_shaft_takes_the_axis_of_the_scanner(ct_femur: LabelMask) -> None:
    surface = extract_surface(ct_femur, edge_length=3.0)
    assert detect_side(surface) == "right"
    frame = find_frame(surface, "right")
    assert frame.shaft_reference == "scanner"
    assert frame.axes[2] == pytest.approx([0.0, 0.0, 1.0])
    assert 20.0 < frame.head_radius < 28.0  # adults
    assert frame.axes[0, 0] < -0.8
    assert frame.axes[1, 1] < -0.8


def test_the_head_of_a_coarse_ct_does_not_move_with_the_edge_length(ct_femur: LabelMask) -> None:
    frames = [
        find_frame(extract_surface(ct_femur, edge_length=edge), "right")
        for edge in (2.0, 2.2, 2.5, 2.9, 3.0, 3.3, 4.0)
    ]
    centres = np.array([frame.origin for frame in frames])
    # a third of the CT's voxel of 3 mm
    assert np.ptp(centres, axis=0).max() < 1.0
    assert np.ptp([frame.head_radius for frame in frames]) < 1.0


# neck-shaft angles in degrees of the data's own morphology files
@pytest.mark.parametrize(
    ("name", "published"),
    [("m3_lfemur", 125.0), ("m3_rfemur", 123.0), ("m4_lfemur", 126.0), ("m4_rfemur", 120.0)],
)
def test_the_neck_shaft_angle_lies_up_to_ten_degrees_below_the_published_one(
    frames: dict[str, FemoralFrame], name: str, published: float
) -> None:
    # the neck axis here passes the narrowest section, which lies lower than the middle of the neck
    # that radiographic definitions use: a known bias, bounded here
    angle = np.degrees(frames[name].neck_shaft_angle)
    assert published - 10.0 < angle < published
