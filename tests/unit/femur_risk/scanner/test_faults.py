"""Faults of rays: beam hardening, metal, truncation."""

from collections.abc import Callable

import numpy as np
import pytest

from femur_fea.errors import OutOfRangeError
from femur_risk.scanner import (
    Anatomy,
    BeamHardening,
    BodyBuild,
    MetalArtefact,
    ScannedBone,
    ScannerSettings,
    Truncation,
    mirrored,
    prosthesis,
    screw,
    simulate_scan,
)
from femur_risk.scanner.projection import projector
from femur_risk.scanner.resampling import axes_of

HEADS = {"heights_mm": (-4.0, 4.0), "slice_spacing_mm": 4.0, "centre_mm": (0.0, 0.0)}


def difference(
    anatomy: Anatomy, with_fault: ScannerSettings, without: ScannerSettings
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return what a fault adds at the level of the heads, HU, and the axes."""
    scans = [simulate_scan(anatomy, settings, seed=0) for settings in (with_fault, without)]
    x, y, _ = axes_of(scans[0].ct.grid)
    return scans[0].ct.hu[:, :, 1].astype(float) - scans[1].ct.hu[:, :, 1], x, y


def test_a_disc_survives_projection_and_reconstruction() -> None:
    beams = projector(96, 4.0, 180)
    away = 4.0 * (np.arange(96) - 47.5)
    radius = np.hypot(away[:, None], away[None, :])
    disc = np.where(radius < 120.0, 0.02, 0.0).astype(np.float32)[:, :, None]
    rays = beams.project(disc)
    middle = np.argmin(np.abs(beams.places))
    # a pixel of 60 at the ends, and the ripple of rays driven by pixels
    assert rays[:, middle, 0].mean() == pytest.approx(0.02 * 240.0, rel=0.017)
    assert rays[:, middle, 0].std() < 0.03 * 0.02 * 240.0
    inside = beams.reconstruct(rays)[radius < 90.0]
    np.testing.assert_allclose(inside.mean(), 0.02, rtol=0.02)
    assert inside.std() < 0.03 * 0.02


def test_no_fault_adds_nothing(
    bone: ScannedBone, lean: BodyBuild, protocol: Callable[..., ScannerSettings]
) -> None:
    anatomy = Anatomy(bones=(bone,), body=lean)
    none = BeamHardening(water=0.0, bone=0.0)
    added, _, _ = difference(
        anatomy,
        protocol(hardening=none, metal=MetalArtefact(), view=HEADS),
        protocol(view=HEADS),
    )
    assert np.abs(added).max() == 0.0


def test_water_hardening_darkens_the_middle_of_the_body_more_than_its_rim(
    bone: ScannedBone, lean: BodyBuild, protocol: Callable[..., ScannerSettings]
) -> None:
    anatomy = Anatomy(bones=(bone, mirrored(bone, 0.0)), body=lean)
    hard = protocol(hardening=BeamHardening(bone=0.0), view=HEADS)
    added, x, y = difference(anatomy, hard, protocol(view=HEADS))
    middle = added[np.ix_(np.abs(x) < 15.0, np.abs(y) < 15.0)].mean()
    rim = added[np.ix_(np.abs(np.abs(x) - 150.0) < 10.0, np.abs(y) < 15.0)].mean()
    assert middle < rim - 3.0
    assert middle < -5.0


def test_bone_hardening_makes_a_dark_band_between_the_heads(
    bone: ScannedBone, lean: BodyBuild, protocol: Callable[..., ScannerSettings]
) -> None:
    anatomy = Anatomy(bones=(bone, mirrored(bone, 0.0)), body=lean)
    hard = protocol(hardening=BeamHardening(water=0.0), view=HEADS)
    added, x, y = difference(anatomy, hard, protocol(view=HEADS))
    between = added[np.ix_(np.abs(x) < 20.0, np.abs(y) < 10.0)].mean()
    beside = added[np.ix_(np.abs(x) < 20.0, np.abs(np.abs(y) - 60.0) < 10.0)].mean()
    assert between < beside - 3.0
    assert between < -3.0


def test_a_fault_doubles_with_its_coefficient(
    bone: ScannedBone, lean: BodyBuild, protocol: Callable[..., ScannerSettings]
) -> None:
    anatomy = Anatomy(bones=(bone,), body=lean)
    once, twice = (
        difference(
            anatomy,
            protocol(hardening=BeamHardening(water=water, bone=0.0), view=HEADS),
            protocol(view=HEADS),
        )[0]
        for water in (1e-3, 2e-3)
    )
    unclipped = np.abs(twice) < 200.0
    np.testing.assert_allclose(twice[unclipped], 2.0 * once[unclipped], atol=1.5)  # rounding


def test_metal_makes_streaks_in_slices_that_show_it_and_none_elsewhere(
    bone: ScannedBone, lean: BodyBuild, protocol: Callable[..., ScannerSettings]
) -> None:
    metal = screw(np.array([-125.0, 0.0, 0.0]), np.array([-70.0, 0.0, 0.0]))
    anatomy = Anatomy(bones=(bone,), body=lean, metal=metal)
    view = {"heights_mm": (-80.0, 10.0), "slice_spacing_mm": 5.0}
    seen, clean = (
        simulate_scan(anatomy, protocol(metal=artefact, view=view), seed=0)
        for artefact in (MetalArtefact(), None)
    )
    added = np.abs(seen.ct.hu.astype(int) - clean.ct.hu)
    height = axes_of(seen.ct.grid)[2]
    muscle = np.abs(clean.ct.hu - seen.tube.hu_of_tissue("muscle")) < 1.0
    level = int(np.argmin(np.abs(height)))
    assert added[:, :, level][muscle[:, :, level]].std() > 10.0
    assert added[:, :, height < -30.0].max() == 0
    assert clean.n_clipped > 0
    assert clean.ct.hu.max() == 3071


def test_a_prosthesis_replaces_the_head_of_the_other_side(
    bone: ScannedBone, lean: BodyBuild, protocol: Callable[..., ScannerSettings]
) -> None:
    other = mirrored(bone, 0.0)
    anatomy = Anatomy(bones=(bone, other), body=lean, metal=prosthesis(other))
    scan = simulate_scan(anatomy, protocol(view={**HEADS, "diameter_mm": 250.0}), seed=0)
    x, y, _ = axes_of(scan.ct.grid)
    ball = np.hypot(x[:, None] - 85.0, y[None, :]) < 11.0
    mirror = np.hypot(x[:, None] + 85.0, y[None, :]) < 11.0
    assert scan.ct.hu[:, :, 1][ball].min() == 3071
    assert scan.ct.hu[:, :, 1][mirror].max() < 1000


def test_a_body_beyond_the_measured_field_gets_a_bright_rim(
    bone: ScannedBone, lean: BodyBuild, protocol: Callable[..., ScannerSettings]
) -> None:
    anatomy = Anatomy(bones=(bone, mirrored(bone, 0.0)), body=lean)
    cut = protocol(truncation=Truncation(diameter_mm=300.0), view=HEADS)
    added, x, y = difference(anatomy, cut, protocol(view=HEADS))
    rim = added[np.ix_((np.abs(x) > 135.0) & (np.abs(x) < 148.0), np.abs(y) < 10.0)].mean()
    middle = added[np.ix_(np.abs(x) < 40.0, np.abs(y) < 10.0)].mean()
    assert rim > 50.0
    assert abs(middle) < 0.2 * rim


def test_impossible_faults_are_refused() -> None:
    with pytest.raises(OutOfRangeError, match="scatter of 0; expected more than 0"):
        MetalArtefact(scatter=0.0)
    with pytest.raises(OutOfRangeError, match=r"bone of -0\.1; expected 0 or more"):
        BeamHardening(bone=-0.1)
    with pytest.raises(OutOfRangeError, match="diameter_mm of nan"):
        Truncation(diameter_mm=float("nan"))


def test_corners_are_marked_as_not_measured(
    bone: ScannedBone, lean: BodyBuild, protocol: Callable[..., ScannerSettings]
) -> None:
    anatomy = Anatomy(bones=(bone,), body=lean)
    scan = simulate_scan(anatomy, protocol(pads_corners=True, view=HEADS), seed=0)
    assert scan.ct.outside is not None
    # a square less its circle
    assert scan.ct.outside.mean() == pytest.approx(1.0 - np.pi / 4.0, abs=0.01)
    assert np.all(scan.ct.hu[scan.ct.outside] == -1024)
