"""A blurred layer of cortex: its integral, its limits, and its recovery from noisy profiles."""

from dataclasses import replace

import numpy as np
import pytest

from femur_fea.restoration import BlurredLayer, fit_layers

DEPTH = np.arange(-4.0, 9.01, 0.5)
GEOMETRY = ("outer", "inner", "outside", "within")


def layers(thickness: np.ndarray, *, blur: float = 0.7) -> BlurredLayer:
    same = np.ones_like(thickness)
    return BlurredLayer(
        outer=0.3 * same,
        inner=0.3 + thickness,
        outside=0.04 * same,
        cortex=1.15 * same,
        within=0.15 * same,
        blur=blur * same,
        slices=0.2 * same,
    )


def profiles_of(layer: BlurredLayer) -> np.ndarray:
    return layer.at(np.broadcast_to(DEPTH, (len(layer.outer), len(DEPTH))))


def test_blur_moves_mineral_but_keeps_it() -> None:
    depth = np.linspace(-12.0, 20.0, 6401)
    layer = layers(np.array([0.5]))
    sharp = np.where(depth < 0.3, 0.04, np.where(depth < 0.8, 1.15, 0.15))
    blurred = layer.at(depth[None])[0]
    # the rectangle rule on steps of 0.005 mm places an edge to half a step of 1.1 g/cm3
    assert np.trapezoid(blurred - sharp, depth) == pytest.approx(0.0, abs=0.006)
    assert blurred.max() < 0.5


def test_without_blur_the_layer_is_a_step() -> None:
    layer = layers(np.array([2.0]), blur=1e-6)
    layer = replace(layer, slices=np.zeros(1))
    found = layer.at(np.array([[0.0, 0.5, 2.0, 2.5]]))
    assert found[0] == pytest.approx([0.04, 1.15, 1.15, 0.15])


@pytest.mark.parametrize("thickness_mm", [0.4, 0.8, 1.5, 3.0])
def test_thickness_is_recovered_from_profiles_with_noise(thickness_mm: float) -> None:
    true = layers(np.full(400, thickness_mm))
    noise = np.random.default_rng(2).normal(0.0, 0.01, (400, len(DEPTH)))
    start = replace(true, outer=np.zeros(400), inner=np.full(400, 2.5), within=np.full(400, 0.3))
    fit = fit_layers(profiles_of(true) + noise, DEPTH, start, GEOMETRY)
    # noise of 1 % of the density over a blur's width leaves a few hundredths of a millimetre
    assert np.median(fit.layer.thickness) == pytest.approx(thickness_mm, abs=0.01)
    assert np.percentile(np.abs(fit.layer.thickness - thickness_mm), 95) < 0.06
    # four parameters of 27 samples take their share of the noise
    assert np.median(fit.misfit) == pytest.approx(0.01 * np.sqrt(23 / 27), rel=0.05)


def test_blur_and_density_are_recovered_from_a_thick_layer_without_noise() -> None:
    true = layers(np.array([4.0]), blur=0.9)
    start = replace(
        true, inner=np.array([2.5]), cortex=np.array([0.9]), blur=np.array([0.5]), outer=np.zeros(1)
    )
    fit = fit_layers(profiles_of(true), DEPTH, start, (*GEOMETRY, "cortex", "blur"))
    assert fit.layer.blur[0] == pytest.approx(0.9, rel=1e-3)
    assert fit.layer.cortex[0] == pytest.approx(1.15, rel=1e-3)
    assert fit.layer.thickness[0] == pytest.approx(4.0, rel=1e-3)


def test_a_thin_layer_tells_mass_but_not_density() -> None:
    """Why the density must be known: half the density and twice the thickness look the same."""
    thin = layers(np.array([0.3]), blur=1.2)
    lighter = replace(
        thin,
        outer=thin.outer - 0.14,
        inner=thin.inner + 0.14,
        cortex=np.array([0.04 + 1.11 * 0.3 / 0.58]),
    )
    apart = np.abs(profiles_of(thin) - profiles_of(lighter)).max()
    assert apart < 0.02  # g/cm3, about the noise of a scan
