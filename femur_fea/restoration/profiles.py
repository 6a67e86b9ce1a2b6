"""Layers of cortex found at the surface of a bone, and the blur of the scan that shows them."""

from dataclasses import dataclass, replace

import numpy as np
from scipy.spatial import cKDTree

from femur_fea.domain import BoolArray, DensityField, FloatArray, ImageGrid, IntArray
from femur_fea.errors import CortexError
from femur_fea.restoration.layer import PARAMETERS, BlurredLayer, LayerFit, fit_layers
from femur_fea.restoration.settings import RestorationSettings
from femur_fea.restoration.surface import SurfaceSites, sample_profiles

__all__ = ["CorticalScan", "find_layers", "measure_scan"]

# mm along the inward normal; outside, a neighbour such as the hip socket is not far
DEPTH = np.arange(-3.5, 9.01, 0.5)

_GUESSES = (0.8, 2.5, 5.0)  # mm: thickness from which a fit starts
_FIRST_BLUR = 0.7  # mm
_THICK = 5.0  # in blurs: from here thickness and density of a cortex are told apart
_FEWEST = 50  # sites with a thick cortex
_MOST = 4000  # sites that are tried for a thick cortex
_UPRIGHT = 0.3  # cosine between normal and slices' normal, below which blur is in the plane
_AGREEMENT = 0.2  # of the median, the width of the middle half of what the thick cortex tells
_COMPACT = 1.0  # g/cm3 of a phantom's mineral, a choice: below the peak of healthy cortex
_MISFIT = 0.1  # of the rise from muscle to cortex, above which a profile has no layer
_FARTHEST = 2.5  # mm between the surface of the mask and the beginning of cortex
_AROUND = 9  # neighbouring sites whose median is taken
_REACH = 10.0  # mm within which a site without a layer takes that of its neighbours
_REMEDY = (
    "give both (mapping.blur_fwhm_mm and mapping.cortical_density_g_per_cm3), or leave the cortex "
    "as scanned"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class CorticalScan:
    """What the thick cortex of a bone tells of its scan.

    Attributes
    ----------
    blur : float, mm
        Standard deviation of the in-plane point spread.
    cortex : float, g/cm3
        Density of compact bone.
    n_sites : int
        Sites that it was measured at; 0 where both were given.
    """

    blur: float
    cortex: float
    n_sites: int


def measure_scan(
    density: DensityField, sites: SurfaceSites, settings: RestorationSettings
) -> CorticalScan:
    """Return blur and cortical density: those given, else medians over the thick cortex.

    Raises
    ------
    CortexError
        If one is not given and the scan shows too little thick cortex to measure it.
    """
    if settings.blur is not None and settings.cortical_density is not None:
        return CorticalScan(blur=settings.blur, cortex=settings.cortical_density, n_sites=0)
    spread = _spread_of_slices(density.grid, sites, settings.slice_thickness)
    tried = _some(_is_upright(density.grid, sites))
    profiles = sample_profiles(
        density, SurfaceSites(points=sites.points[tried], inward=sites.inward[tried]), DEPTH
    )
    fit = _best_fit(profiles, spread[tried], blur=settings.blur, cortex=settings.cortical_density)
    thick = _is_sound(fit) & (fit.layer.thickness > _THICK * fit.layer.along)
    thick &= fit.layer.inner < DEPTH[-1] - 2.0 * fit.layer.along
    _check_enough(int(thick.sum()))
    scan = CorticalScan(
        blur=_agreed(fit.layer.blur[thick], "point spreads", "mm"),
        cortex=_agreed(fit.layer.cortex[thick], "cortical densities", "g/cm3"),
        n_sites=int(thick.sum()),
    )
    if settings.cortical_density is None:
        _check_compact(scan.cortex)
    return scan


def find_layers(
    density: DensityField,
    sites: SurfaceSites,
    scan: CorticalScan,
    settings: RestorationSettings,
) -> tuple[BlurredLayer, BoolArray, BoolArray]:
    """Return a layer for every site, where it was fitted there, and where it can be used.

    Each is the median over neighbouring sites that have one; sites farther than 10 mm from any
    have none.

    Raises
    ------
    CortexError
        If there is a layer nowhere.
    """
    spread = _spread_of_slices(density.grid, sites, settings.slice_thickness)
    profiles = sample_profiles(density, sites, DEPTH)
    fit = _best_fit(profiles, spread, blur=scan.blur, cortex=scan.cortex)
    sound = _is_sound(fit)
    if np.count_nonzero(sound) < _AROUND:
        raise CortexError(
            found=f"a layer of cortex at {int(sound.sum())} of {sites.n_sites} sites",
            expected="a bone with a cortex that is denser than what it encloses",
            remedy="leave the cortex as scanned, or check the mask, blur and cortical density",
        )
    smooth, near = _medians(fit.layer.pick(sound), sites, sound)
    return replace(smooth, slices=spread), sound, near


def _agreed(values: FloatArray, what: str, unit: str) -> float:
    """Return the median of what sites tell, if they tell about the same."""
    low, middle, high = np.percentile(values, [25.0, 50.0, 75.0])
    if high - low > _AGREEMENT * middle:
        raise CortexError(
            found=f"{what} between {low:.3g} and {high:.3g} {unit} at the middle half of "
            f"{len(values)} sites with a thick cortex",
            expected=f"a middle half within {_AGREEMENT:.0%} of the median",
            remedy=_REMEDY,
        )
    return float(middle)


def _best_fit(
    profiles: FloatArray, spread: FloatArray, *, blur: float | None, cortex: float | None
) -> LayerFit:
    """Return the best of the fits from several first guesses; what is not given is free."""
    known = {"blur": blur is not None, "cortex": cortex is not None}
    free = tuple(name for name in PARAMETERS if not known.get(name, False))
    fits = [
        fit_layers(
            profiles,
            DEPTH,
            _guess(profiles, spread, thickness, blur=blur or _FIRST_BLUR, cortex=cortex),
            free,
        )
        for thickness in _GUESSES
    ]
    best = np.argmin([fit.misfit for fit in fits], axis=0)
    values = {
        name: np.choose(best, [getattr(fit.layer, name) for fit in fits])
        for name in (*PARAMETERS, "slices")
    }
    return LayerFit(
        layer=BlurredLayer(**values), misfit=np.choose(best, [fit.misfit for fit in fits])
    )


def _guess(
    profiles: FloatArray,
    spread: FloatArray,
    thickness: float,
    *,
    blur: float,
    cortex: float | None,
) -> BlurredLayer:
    n_sites = len(profiles)
    return BlurredLayer(
        outer=np.zeros(n_sites),
        inner=np.full(n_sites, thickness),
        outside=profiles[:, :3].mean(axis=1),
        cortex=profiles.max(axis=1) if cortex is None else np.full(n_sites, cortex),
        within=profiles[:, -4:].mean(axis=1),
        blur=np.full(n_sites, blur),
        slices=spread,
    )


def _is_sound(fit: LayerFit) -> BoolArray:
    layer = fit.layer
    rise = layer.cortex - np.maximum(layer.outside, layer.within)
    sound = (rise > 0.0) & (fit.misfit < _MISFIT * rise)
    return np.asarray(sound & (np.abs(layer.outer) < _FARTHEST))


def _medians(
    layer: BlurredLayer, sites: SurfaceSites, sound: BoolArray
) -> tuple[BlurredLayer, BoolArray]:
    distance, nearest = cKDTree(sites.points[sound]).query(sites.points, k=_AROUND)
    values = {
        name: np.median(getattr(layer, name)[nearest], axis=1) for name in (*PARAMETERS, "slices")
    }
    return BlurredLayer(**values), np.asarray(distance[:, _AROUND // 2] <= _REACH)


def _along_slices(grid: ImageGrid, sites: SurfaceSites) -> FloatArray:
    """Return the cosine between the inward normals and the third axis of the image, (n,)."""
    return np.asarray(sites.inward @ (grid.affine[:3, 2] / grid.spacing[2]))


def _spread_of_slices(grid: ImageGrid, sites: SurfaceSites, thickness: float | None) -> FloatArray:
    """Return the standard deviation of a slice's rectangle along the normals, (n,), mm."""
    whole = float(grid.spacing[2]) if thickness is None else thickness
    return np.asarray(np.abs(_along_slices(grid, sites)) * whole / np.sqrt(12.0))


def _is_upright(grid: ImageGrid, sites: SurfaceSites) -> BoolArray:
    return np.asarray(np.abs(_along_slices(grid, sites)) < _UPRIGHT)


def _some(chosen: BoolArray) -> IntArray:
    """Return the places of at most `_MOST` that are chosen, evenly among them."""
    places = np.flatnonzero(chosen)
    return places[:: max(1, -(-len(places) // _MOST))]


def _check_compact(cortex: float) -> None:
    if cortex < _COMPACT:
        raise CortexError(
            found=f"a cortical density of {cortex:.3g} g/cm3 at the thickest cortex of the scan",
            expected=f"at least {_COMPACT:g} g/cm3, as compact bone has: a thin cortex whose blur "
            "is wide passes for a thick one that is less dense",
            remedy=_REMEDY,
        )


def _check_enough(count: int) -> None:
    if count < _FEWEST:
        raise CortexError(
            found=f"{count} sites with a cortex of more than {_THICK:g} times the blur of the scan",
            expected=f"at least {_FEWEST}, to measure blur and cortical density at",
            remedy=_REMEDY,
        )
