"""Lines from the tissues of real scans, which show no phantom."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy import ndimage

from calibration import (
    Calibration,
    CalibrationCurve,
    air_fat_muscle,
    multi_tissue,
    thick_cortex,
    tissues_of_scan,
)
from femur_fea.domain import Acquisition, BoolArray, CTVolume, LabelMask
from femur_fea.io import read_ct, read_image, read_json, read_mask

pytestmark = pytest.mark.realdata

NORMAL_95 = 1.645


@pytest.fixture(scope="module")
def pelvis(shared_data: Path) -> tuple[CTVolume, LabelMask]:
    """A pelvis at 3 mm with its intact right femur; the file does not tell the tube voltage."""
    folder = shared_data / "ct-pelvis-3mm"
    return read_ct(folder / "ct.nii.gz"), read_mask(folder / "femur_right.nii.gz")


@pytest.fixture(scope="module")
def shoulder(shared_data: Path) -> tuple[CTVolume, LabelMask]:
    """A shoulder at 0.8 mm and 120 kV, and its humerus: the piece above 300 HU at the right."""
    ct = read_ct(shared_data / "ct-right-shoulder" / "right_shoulder_ct.nii.gz")
    ct = CTVolume(grid=ct.grid, hu=ct.hu, acquisition=Acquisition(tube_voltage_kV=120.0))
    pieces, _ = ndimage.label(ct.hu > 300)
    largest = 1 + np.argsort(np.bincount(pieces.ravel())[1:])[-2:]
    side = [ct.grid.to_world(np.argwhere(pieces == n).mean(axis=0)[None])[0, 0] for n in largest]
    return ct, LabelMask(grid=ct.grid, inside=pieces == largest[int(np.argmin(side))])


@pytest.fixture(scope="module", params=["pelvis", "shoulder"])
def lines(request: pytest.FixtureRequest) -> tuple[CalibrationCurve, CalibrationCurve]:
    ct, bone = request.getfixturevalue(request.param)
    return air_fat_muscle(ct, bone).curve, by_attenuation(ct, bone).curve


def by_attenuation(ct: CTVolume, bone: LabelMask) -> Calibration:
    return multi_tissue(ct, "CaHA", tissues_of_scan(ct, bone))


@pytest.mark.parametrize("hu", [0.0, 250.0, 500.0, 1000.0, 1500.0])
def test_both_methods_agree_within_their_intervals(
    lines: tuple[CalibrationCurve, CalibrationCurve], hu: float
) -> None:
    # at every CT number of bone the difference is within the 90 % interval of a difference
    at = np.array(hu)
    peaks, attenuation = lines
    errors = [line.standard_error(at) for line in lines]
    allowed = NORMAL_95 * float(np.hypot(*[error for error in errors if error is not None]))
    assert abs(float(peaks.density(at) - attenuation.density(at))) < allowed


def test_the_resolved_cortex_of_a_humerus_has_the_published_density(
    shoulder: tuple[CTVolume, LabelMask],
) -> None:
    # human cortical bone by peripheral QCT: 1.188 +- 0.043 and 1.117 g/cm3 in two groups, Table 1
    # of doi:10.1098/rsif.2015.0070; here 10 % for porosity and the lines' own standard errors
    ct, bone = shoulder
    cortex = np.array(float(np.median(ct.hu[thick_cortex(ct, bone)])))
    for curve in (air_fat_muscle(ct, bone).curve, by_attenuation(ct, bone).curve):
        assert 0.9 * 1.117 < float(curve.density(cortex)) < 1.1 * 1.188


def test_a_femoral_head_has_the_published_density(
    pelvis: tuple[CTVolume, LabelMask], shared_data: Path
) -> None:
    # trabecular density of the femoral head by QCT: 0.220 +- 0.046 g/cm3 in healthy adults and
    # 0.153 +- 0.038 in those with a hip fracture (Wei et al. 2014,
    # doi:10.3969/j.issn.2095-252X.2014.11.007); two deviations either way
    ct, bone = pelvis
    hip = read_mask(shared_data / "ct-pelvis-3mm" / "hip_right.nii.gz")
    hu = np.array(float(ct.hu[core_of_head(bone, hip)].mean()))
    for curve in (air_fat_muscle(ct, bone).curve, by_attenuation(ct, bone).curve):
        assert 0.153 - 2.0 * 0.038 < float(curve.density(hu)) < 0.220 + 2.0 * 0.046


def test_no_voxel_of_a_femur_at_3_mm_is_denser_than_solid_cortex(
    pelvis: tuple[CTVolume, LabelMask],
) -> None:
    # a voxel as thick as the cortex shows less than its density, and more than spongy bone
    ct, bone = pelvis
    assert not thick_cortex(ct, bone).any()
    densest = np.array(float(np.percentile(ct.hu[bone.inside], 99.5)))
    for curve in (air_fat_muscle(ct, bone).curve, by_attenuation(ct, bone).curve):
        assert 0.3 < float(curve.density(densest)) < 1.188


LIBRARY = {"air_fat_muscle": air_fat_muscle, "multi_tissue": by_attenuation}


@pytest.mark.parametrize("method", list(LIBRARY))
def test_the_command_line_gives_the_line_of_the_library_and_the_density_image(
    method: str,
    pelvis: tuple[CTVolume, LabelMask],
    femur_fea: Any,
    shared_data: Path,
    artefacts: Any,
    tmp_path: Path,
) -> None:
    images = shared_data / "ct-pelvis-3mm"
    done = femur_fea(
        *("calibrate", "--ct", images / "ct.nii.gz", "--femur", images / "femur_right.nii.gz"),
        *("--calibration", method, "--case-id", "a", "--out", tmp_path, "--json"),
    )
    assert done.returncode == 0, done.stderr
    curve = json.loads(done.stdout)
    # the file tells no voltage and the mask has no specks, so the scan is the one of the library
    of_library = json.loads(json.dumps(LIBRARY[method](*pelvis).to_dict()))
    assert curve == {"schema_version": 1, **of_library}
    assert curve["method"] == method
    assert {"air", "fat", "muscle"} <= {item.get("tissue") for item in curve["measured"]}
    assert "extrapolation" in {flag["name"] for flag in curve["flags"]}
    case = tmp_path / "a"
    assert f"calibration {method}" in read_json(case / "manifest.json")["unverified_constants"]
    _, hu = read_image(case / "segmentation/ct.nii.gz")
    _, rho = read_image(case / "calibration/density.nii.gz")
    line = curve["slope_g_per_cm3_per_HU"] * hu + curve["intercept_g_per_cm3"]
    np.testing.assert_allclose(rho, line, atol=1e-6)  # single precision of values near 1
    assert (case / "calibration/curve.png").read_bytes().startswith(b"\x89PNG")
    assert artefacts.unexplained(case) == []


def core_of_head(femur: LabelMask, hip: LabelMask) -> BoolArray:
    """Return the femur's voxels within 12 mm of the middle of what faces the acetabulum."""
    spacing = femur.grid.spacing
    from_hip = ndimage.distance_transform_edt(~hip.inside, sampling=spacing)
    centre = np.argwhere(femur.inside & (from_hip < 10.0)).mean(axis=0)
    apart = np.linalg.norm((np.argwhere(femur.inside) - centre) * spacing, axis=1)
    core = np.zeros(femur.grid.shape, dtype=bool)
    core[tuple(np.argwhere(femur.inside)[apart < 12.0].T)] = True
    return core
