"""Real proximal femora that the shipped model has not seen: four of LibHip, left out; two others.

The surfaces of Narra et al. 2018 (doi:10.1038/s41598-018-23248-y) are open at the lesser
trochanter, lie in no scanner's orientation, and are not in the model.
"""

from pathlib import Path

import numpy as np
import pytest

from meshing.anatomy import find_frame
from meshing.shape import find_side, register_surface, registered_frame
from meshing.shape.sources import read_surface

pytestmark = pytest.mark.realdata

MEAN, AT_95 = 1.5, 4.0  # mm: what the project asks of its shape model


@pytest.mark.parametrize("number", [1, 8])
def test_a_femur_of_unknown_orientation_and_side_is_followed(model, shared_data: Path, number):
    surface = read_surface(shared_data / f"proximal-femurs-ricci/femur_{number:02d}.ply")
    side = find_side(model, surface)
    found = register_surface(model, surface, side=side)
    assert side == "right"  # all ten look alike
    assert max(found.quality.mean, found.quality.modes_mean) < MEAN
    assert max(found.quality.p95, found.quality.modes_p95) < AT_95
    frame = registered_frame(found)
    assert frame.shaft_reference == "model"
    assert 18.0 < frame.head_radius < 30.0


@pytest.mark.parametrize(("name", "side"), [("m3_lfemur", "left"), ("m4_rfemur", "right")])
def test_the_frame_by_registration_is_the_one_by_sections(model, shared_data: Path, name, side):
    surface = read_surface(shared_data / f"proximal-femurs-libhip/{name}.ply")
    found, direct = (
        registered_frame(register_surface(model, surface, side=side)),
        find_frame(surface, side),
    )
    assert found.shaft_reference == "model"
    assert np.linalg.norm(found.origin - direct.origin) < 0.5
    assert found.head_radius == pytest.approx(direct.head_radius, abs=0.3)
    assert found.shaft_length == pytest.approx(direct.shaft_length, abs=6.0)
    # the completed shaft is fitted farther down, where its bow turns it by some degrees
    assert found.axes[2] @ direct.axes[2] > np.cos(np.deg2rad(5.0))
    assert found.neck_axis @ direct.neck_axis > np.cos(np.deg2rad(1.0))
