"""Enhanced multi-frame CT."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pydicom.encaps import encapsulate
from pydicom.pixels import get_encoder
from pydicom.uid import RLELossless

from femur_fea.errors import FemurFEAWarning


def test_frames_of_one_file_read_as_slices_of_many(scanner: Any) -> None:
    scanner.write([scanner.enhanced()])
    ct = scanner.read()
    assert ct.hu.shape == (10, 8, 6)
    for k in range(6):
        np.testing.assert_array_equal(ct.hu[:, :, 5 - k], scanner.hu(k))
    np.testing.assert_allclose(ct.grid.affine[:, 3], [-20.0, 7.5, -307.5, 1.0])
    np.testing.assert_allclose(ct.grid.spacing, [0.6, 0.8, 1.5])


def test_facts_of_frames_are_read(scanner: Any) -> None:
    scanner.write([scanner.enhanced()])
    facts = scanner.read().acquisition
    assert facts.tube_voltage_kV == 120.0
    assert facts.beam_filter == "COPPER"
    assert facts.kernel == "B60f"
    assert facts.slice_thickness_mm == 2.0
    assert facts.reconstruction_diameter_mm == 360.0
    assert facts.exposure_mAs == 102.5  # mean of 100 to 105


def test_each_frame_has_its_own_rescale(scanner: Any) -> None:
    data = scanner.enhanced()
    line = data.PerFrameFunctionalGroupsSequence[2].PixelValueTransformationSequence[0]
    line.RescaleSlope, line.RescaleIntercept = 2, -1024
    scanner.write([data])
    ct = scanner.read()
    np.testing.assert_array_equal(ct.hu[:, :, 3], 2 * scanner.stored(2).T.astype(int) - 1024)


def test_a_frame_without_a_place_is_named(scanner: Any) -> None:
    data = scanner.enhanced()
    del data.PerFrameFunctionalGroupsSequence[3].PlanePositionSequence
    scanner.write([data])
    assert "frame 4 of DICOM file number 1 without ImagePositionPatient" in scanner.refusal()


@pytest.mark.parametrize("n", [5, 7, 2_000_000_000])
def test_more_or_fewer_frames_than_announced_are_refused(scanner: Any, n: int) -> None:
    scanner.write([scanner.enhanced(NumberOfFrames=6)])
    data = scanner.enhanced()
    data.NumberOfFrames = n
    scanner.write([data])
    assert f"number 2 that announces {n} frames and places 6" in scanner.refusal()


def test_frames_without_places_are_refused(scanner: Any) -> None:
    scanner.write(scanner.series(1, NumberOfFrames=4))
    assert "announces 4 frames and places 0" in scanner.refusal()


def test_a_scout_frame_is_left_out(scanner: Any) -> None:
    data = scanner.enhanced()
    kinds = [["ORIGINAL", "PRIMARY", "LOCALIZER"]] + [["ORIGINAL", "PRIMARY", "VOLUME"]] * 5
    for group, kind in zip(data.PerFrameFunctionalGroupsSequence, kinds, strict=True):
        frame = type(data)()
        frame.FrameType = kind
        group.CTImageFrameTypeSequence = [frame]
    scanner.write([data])
    with pytest.warns(FemurFEAWarning, match="scout view"):
        assert scanner.read().hu.shape[2] == 5


@pytest.mark.parametrize("n_fragments", [1, 2])
@pytest.mark.parametrize("has_table", [True, False])
def test_compressed_frames_are_told_apart(scanner: Any, n_fragments: int, has_table: bool) -> None:
    data = scanner.enhanced()
    encode = get_encoder(RLELossless).encode
    frames = [
        encode(
            scanner.stored(k), rows=8, columns=10, samples_per_pixel=1, number_of_frames=1,
            bits_allocated=16, bits_stored=16, pixel_representation=0,
            photometric_interpretation="MONOCHROME2",
        )
        for k in range(6)
    ]  # fmt: skip
    data.PixelData = encapsulate(frames, fragments_per_frame=n_fragments, has_bot=has_table)
    data["PixelData"].is_undefined_length = True
    scanner.write([data], RLELossless)
    if n_fragments > 1 and not has_table:
        assert "12 compressed pieces for 6 frames" in scanner.refusal()
        return
    ct = scanner.read()
    for k in range(6):
        np.testing.assert_array_equal(ct.hu[:, :, 5 - k], scanner.hu(k))


def test_a_truncated_file_of_frames_is_refused(scanner: Any) -> None:
    (path,) = scanner.write([scanner.enhanced()])
    assert isinstance(path, Path)
    path.write_bytes(path.read_bytes()[:-100])
    assert "number 1 with 860 bytes of pixels" in scanner.refusal()
