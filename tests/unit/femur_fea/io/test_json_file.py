"""JSON files and the frame in one."""

import json
import math
from pathlib import Path

import numpy as np
import pytest

from femur_fea.domain import FemoralFrame
from femur_fea.errors import InputError, MissingInputError, OutOfRangeError
from femur_fea.io import frame_to_dict, read_frame, read_json, write_frame, write_json


def test_numpy_values_are_written_as_plain_numbers(tmp_path: Path) -> None:
    content = {
        "n_points": np.int64(3),
        "rho": np.float32(0.5),
        "is_whole": np.bool_(True),
        "point_mm": np.array([1.0, 2.0]),
        "loads": {"stance": (np.float64(0.1), None)},
        "folder": Path("mesh"),
    }
    write_json(tmp_path / "a.json", content)
    assert read_json(tmp_path / "a.json") == {
        "schema_version": 1,
        "n_points": 3,
        "rho": 0.5,
        "is_whole": True,
        "point_mm": [1.0, 2.0],
        "loads": {"stance": [0.1, None]},
        "folder": "mesh",
    }


def test_a_schema_version_that_is_given_stays(tmp_path: Path) -> None:
    write_json(tmp_path / "a.json", {"schema_version": 7})
    assert read_json(tmp_path / "a.json") == {"schema_version": 7}


@pytest.mark.parametrize("bad", [math.nan, -math.inf, np.float32("nan")])
def test_a_number_that_json_cannot_hold_is_named(bad: float, tmp_path: Path) -> None:
    with pytest.raises(OutOfRangeError, match=r"loads\.stance\[1\]"):
        write_json(tmp_path / "a.json", {"loads": {"stance": [1.0, bad]}})
    assert not list(tmp_path.iterdir())


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(MissingInputError, match=r"a\.json"):
        read_json(tmp_path / "a.json")


@pytest.mark.parametrize("raw", [b"{", b"[1, 2]", b"\xff\xfe"])
def test_what_is_not_a_json_object_is_refused(raw: bytes, tmp_path: Path) -> None:
    (tmp_path / "a.json").write_bytes(raw)
    with pytest.raises(InputError, match="one JSON object"):
        read_json(tmp_path / "a.json")


def frame() -> FemoralFrame:
    """Return a turned frame of a left femur."""
    turned, _ = np.linalg.qr(np.random.default_rng(0).normal(size=(3, 3)))
    axes = turned if np.linalg.det(turned) < 0 else -turned
    return FemoralFrame(
        origin=np.array([98.1, -4.2, -301.0]),
        axes=axes,
        side="left",
        head_radius=23.4,
        neck_axis=np.array([0.6, 0.0, 0.8]),
        shaft_point=np.array([120.0, 3.0, -340.0]),
        neck_shaft_angle=math.radians(127.3),
        shaft_length=61.5,
        shaft_reference="shaft",
    )


def test_a_frame_is_read_back_as_it_was_written(tmp_path: Path) -> None:
    write_frame(tmp_path / "frame.json", frame())
    back = read_frame(tmp_path / "frame.json")
    for name in ("origin", "axes", "neck_axis", "shaft_point"):
        np.testing.assert_array_equal(getattr(back, name), getattr(frame(), name))
    assert (back.side, back.shaft_reference) == ("left", "shaft")
    assert (back.head_radius, back.shaft_length) == (23.4, 61.5)
    # radians to degrees and back rounds twice
    assert back.neck_shaft_angle == pytest.approx(frame().neck_shaft_angle, rel=4e-16)


def test_the_angle_of_a_frame_is_written_in_degrees() -> None:
    assert frame_to_dict(frame())["neck_shaft_angle_deg"] == pytest.approx(127.3, rel=1e-15)


def test_a_frame_without_a_key_is_refused(tmp_path: Path) -> None:
    content = frame_to_dict(frame())
    del content["axes"]
    (tmp_path / "frame.json").write_text(json.dumps(content))
    with pytest.raises(InputError, match="'axes'"):
        read_frame(tmp_path / "frame.json")
