"""A layer of cortex between muscle and trabecular bone, blurred by a scanner, and its fit."""

from dataclasses import dataclass, replace

import numpy as np
from scipy import special

from femur_fea.domain import BoolArray, FloatArray, IntArray

__all__ = ["PARAMETERS", "BlurredLayer", "LayerFit", "fit_layers"]

# order of the columns of a Jacobian
PARAMETERS = ("outer", "inner", "outside", "cortex", "within", "blur")

_STEPS = 40
_SMALLEST_BLUR = 0.1  # mm
_CHANGE = 1e-12  # of the sum of squares, below which a profile has settled
_STUCK = 1e4  # damping at which no step downhill is left


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class BlurredLayer:
    """Layers at n sites, each along its inward normal.

    Attributes
    ----------
    outer, inner : (n,), mm
        Where cortex begins and ends, as depth below the surface of the mask.
    outside, cortex, within : (n,), g/cm3
        Density outside the bone, of the cortex, and within it.
    blur : (n,), mm
        Standard deviation of the in-plane point spread.
    slices : (n,), mm
        Standard deviation that the thickness of a slice adds along the normal.
    """

    outer: FloatArray
    inner: FloatArray
    outside: FloatArray
    cortex: FloatArray
    within: FloatArray
    blur: FloatArray
    slices: FloatArray

    @property
    def thickness(self) -> FloatArray:
        """Thickness of the cortex, (n,), mm."""
        return self.inner - self.outer

    @property
    def along(self) -> FloatArray:
        """Standard deviation of the blur along the normal, (n,), mm."""
        return np.hypot(self.blur, self.slices)

    def at(self, depth: FloatArray) -> FloatArray:
        """Return the blurred density at depths (n,) or (n, m), mm, of each site."""
        first, last = _steps(self, depth)
        outside, cortex, within = (
            _against(values, depth) for values in (self.outside, self.cortex, self.within)
        )
        return np.asarray(outside + (cortex - outside) * first + (within - cortex) * last)

    def pick(self, chosen: BoolArray | IntArray) -> "BlurredLayer":
        """Return the layers of some sites."""
        return BlurredLayer(
            **{name: getattr(self, name)[chosen] for name in (*PARAMETERS, "slices")}
        )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class LayerFit:
    """Layers fitted to profiles.

    Attributes
    ----------
    layer : BlurredLayer
        The layers.
    misfit : (n,), g/cm3
        Root mean square of what the layers leave.
    """

    layer: BlurredLayer
    misfit: FloatArray


def fit_layers(
    profiles: FloatArray, depth: FloatArray, start: BlurredLayer, free: tuple[str, ...]
) -> LayerFit:
    r"""Return the layers that fit profiles best, by least squares at all sites at once.

    Parameters
    ----------
    profiles : (n, m), g/cm3
        Density along the inward normals.
    depth : (m,), mm
        Where the samples lie.
    start : BlurredLayer
        First guess, and the values of what is not free.
    free : tuple of str
        Names in `PARAMETERS` of what is sought.

    Notes
    -----
    Treece et al. 2010, piecewise constant density convolved with a Gaussian,

    .. math::
        y(x) = y_0 + (y_1 - y_0) \Phi\Big(\frac{x - x_0}{s}\Big)
             + (y_2 - y_1) \Phi\Big(\frac{x - x_1}{s}\Big),

    with the density of the cortex :math:`y_1` known where it is thin, because then thickness and
    density act by their product alone. They convolve with the rectangle of an oblique slice as
    well; here its variance, that of a rectangle, is added to that of the Gaussian. Levenberg's and
    Marquardt's method, a damping to each site.

    References
    ----------
    Treece, Gee, Mayhew, Poole, Med Image Anal 2010;14:276, doi:10.1016/j.media.2010.01.003.
    """
    columns = [PARAMETERS.index(name) for name in free]
    values = np.stack([getattr(start, name) for name in PARAMETERS], axis=1)
    damping = np.full(len(values), 1e-2)
    left = _sum_of_squares(profiles, depth, values, start)
    at = np.arange(len(values))  # sites that still move
    for _ in range(_STEPS):
        seen, layer = profiles[at], _layer(values, start).pick(at)
        moved = values[at]
        moved[:, columns] += _step(seen, depth, layer, columns, damping[at])
        moved = _within_reason(moved, depth)
        now = _sum_of_squares(seen, depth, moved, layer)
        better = now < left[at]
        gain = np.where(better, left[at] - now, 0.0)
        values[at[better]] = moved[better]
        damping[at] = np.where(better, damping[at] / 4.0, damping[at] * 6.0)
        moves = np.where(better, gain > _CHANGE * left[at], damping[at] < _STUCK)
        left[at[better]] = now[better]
        at = at[moves]
    return LayerFit(layer=_layer(values, start), misfit=np.sqrt(left / len(depth)))


def _layer(values: FloatArray, like: BlurredLayer) -> BlurredLayer:
    return replace(like, **dict(zip(PARAMETERS, values.T, strict=True)))


def _within_reason(values: FloatArray, depth: FloatArray) -> FloatArray:
    """Return parameters of a layer that is not inside out and lies on its profile."""
    outer = np.clip(values[:, 0], depth[0], depth[-1])
    inner = np.clip(values[:, 1], outer, depth[-1])
    blur = np.maximum(values[:, 5], _SMALLEST_BLUR)
    return np.column_stack([outer, inner, values[:, 2:5], blur])


def _sum_of_squares(
    profiles: FloatArray, depth: FloatArray, values: FloatArray, like: BlurredLayer
) -> FloatArray:
    there = np.broadcast_to(depth, profiles.shape)
    return np.asarray(((profiles - _layer(values, like).at(there)) ** 2).sum(axis=1))


def _step(
    profiles: FloatArray,
    depth: FloatArray,
    layer: BlurredLayer,
    columns: list[int],
    damping: FloatArray,
) -> FloatArray:
    """Return the damped Gauss-Newton step of the free parameters, (n, n_free)."""
    there = np.broadcast_to(depth, profiles.shape)
    jacobian = _jacobian(layer, there)[:, :, columns]
    residual = profiles - layer.at(there)
    normal = np.einsum("nmp,nmq->npq", jacobian, jacobian)
    diagonal = np.einsum("npp->np", normal)
    # a parameter without influence, such as the blur at a layer of no thickness, stays where it is
    floor = 1e-9 * diagonal.max(axis=1, keepdims=True) + 1e-30
    damped = damping[:, None] * np.maximum(diagonal, floor) + floor
    normal = normal + damped[:, :, None] * np.eye(len(columns))
    slope = np.einsum("nmp,nm->np", jacobian, residual)
    return np.asarray(np.linalg.solve(normal, slope[:, :, None])[:, :, 0])


def _jacobian(layer: BlurredLayer, depth: FloatArray) -> FloatArray:
    """Return the derivatives of the density by `PARAMETERS`, (n, m, 6)."""
    along = _against(layer.along, depth)
    first, last = _steps(layer, depth)
    rise = _against(layer.cortex - layer.outside, depth)
    fall = _against(layer.within - layer.cortex, depth)
    u, v = (depth - _against(edge, depth) for edge in (layer.outer, layer.inner))
    u, v = u / along, v / along
    bell_u, bell_v = (np.exp(-0.5 * w**2) / np.sqrt(2.0 * np.pi) / along for w in (u, v))
    by_along = -(rise * bell_u * u + fall * bell_v * v)
    return np.stack(
        [
            -rise * bell_u,
            -fall * bell_v,
            1.0 - first,
            first - last,
            last,
            by_along * _against(layer.blur, depth) / along,
        ],
        axis=2,
    )


def _steps(layer: BlurredLayer, depth: FloatArray) -> tuple[FloatArray, FloatArray]:
    along = _against(layer.along, depth)
    first = special.ndtr((depth - _against(layer.outer, depth)) / along)
    last = special.ndtr((depth - _against(layer.inner, depth)) / along)
    return np.asarray(first), np.asarray(last)


def _against(values: FloatArray, depth: FloatArray) -> FloatArray:
    """Return values of sites (n,) in a shape that goes with depths (n,) or (n, m)."""
    return values if depth.ndim == 1 else values[:, None]
