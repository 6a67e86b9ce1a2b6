"""Phantoms by name: the densities of their rods, and what is known of their shape."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from calibration.curve import CurveProvenance
from femur_fea.domain import DensityKind, FloatArray
from femur_fea.errors import CalibrationError
from femur_fea.registry import Registry

__all__ = ["PHANTOMS", "Phantom", "PhantomRod", "WaterCorrection", "with_certificate"]

_OGO = (
    "Bonelab Ogo, https://github.com/Bonelab/Ogo, table of phantoms, read in its code; standard"
    " errors and shape are assumptions, not read anywhere"
)
_ASSUMED_SE = 0.001  # g/cm3; a certificate tells better
_TYPICAL_SLOPE = 0.8e-3  # g/cm3 per HU; only the order of rods by CT number is taken from it


@dataclass(frozen=True, slots=True, kw_only=True)
class PhantomRod:
    """One rod of a phantom, as its certificate tells.

    Attributes
    ----------
    name : str
        What the certificate calls it.
    rho, rho_se : float, g/cm3
        Equivalent density of the phantom's mineral and its standard error.
    water, water_se : float, g/cm3
        Density of its water, for phantoms that need `WaterCorrection`, and its standard error.
    """

    name: str
    rho: float
    rho_se: float
    water: float | None = None
    water_se: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class WaterCorrection:
    """Constants that relate rods whose water differs to bone, in which mineral displaces water.

    Attributes
    ----------
    displacement : float
        Water that the mineral of bone displaces, per density of mineral.
    offset : float, HU
        CT number of water, by which zero on its scale lies above zero attenuation.
    source : str
        Citation.

    Notes
    -----
    A rod of mineral density K and water density W (mg/cm3) has the CT number
    h = W + sigma_ref K + beta_ref; in bone it is h = sigma_CT K + beta_CT, with
    sigma_CT = sigma_ref - `displacement` and beta_CT = beta_ref + `offset`. Both steps in one:
    h - W - `displacement` K + `offset`, plotted over K, lies on the line of bone.
    """

    displacement: float
    offset: float
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Phantom:
    """A calibration phantom with parallel rods.

    Attributes
    ----------
    label : str
        Name of the product.
    kind : {"CaHA", "K2HPO4"}
        The mineral.
    rods : tuple of PhantomRod
        The rods; a label image of the rods numbers them in this order, from 1.
    side_by_side : bool
        Whether the rods lie in this order in the phantom, from either end.
    radius_range : (2,), mm
        Between which radii its rods are looked for.
    provenance : {"published", "user", "unverified"}
        Whether the densities are those of the phantom in the scan: "user" where they come from
        its own certificate.
    error_provenance : {"published", "user", "unverified"}
        Whether their standard errors are.
    source : str
        Where the densities come from.
    water : WaterCorrection, optional
        For rods whose water differs.
    """

    label: str
    kind: DensityKind
    rods: tuple[PhantomRod, ...]
    side_by_side: bool
    radius_range: tuple[float, float]
    provenance: CurveProvenance
    error_provenance: CurveProvenance
    source: str
    water: WaterCorrection | None = None

    def excess_hu(self) -> FloatArray:
        """Return by how much the CT number of each rod exceeds that of bone of its density, HU."""
        if self.water is None:
            return np.zeros(len(self.rods))
        water = np.array([np.nan if rod.water is None else rod.water for rod in self.rods])
        mineral = np.array([rod.rho for rod in self.rods])
        return 1000.0 * (water + self.water.displacement * mineral) - self.water.offset

    def excess_hu_se(self) -> FloatArray:
        """Return the standard error of `excess_hu`, HU."""
        if self.water is None:
            return np.zeros(len(self.rods))
        water = np.array([rod.water_se for rod in self.rods])
        mineral = np.array([rod.rho_se for rod in self.rods])
        return np.asarray(1000.0 * np.hypot(water, self.water.displacement * mineral))

    def typical_hu(self) -> FloatArray:
        """Return roughly the CT number of each rod, HU, to tell the rods by their order."""
        rho = np.array([rod.rho for rod in self.rods])
        return rho / _TYPICAL_SLOPE + self.excess_hu()


def with_certificate(
    phantom: Phantom,
    *,
    rho: Sequence[float] | None = None,
    rho_se: Sequence[float] | None = None,
    water: Sequence[float] | None = None,
    water_se: Sequence[float] | None = None,
) -> Phantom:
    """Return a phantom with the numbers of its own certificate where they are given.

    Parameters
    ----------
    phantom
        The record of the product.
    rho, rho_se : (n_rods,), g/cm3, optional
        Densities of mineral and their standard errors, in the record's order.
    water, water_se : (n_rods,), g/cm3, optional
        Densities of water and their standard errors, for phantoms with `WaterCorrection`.

    Returns
    -------
    Phantom
        Of provenance "user" once every density it needs is the certificate's, and of error
        provenance "user" once every standard error is.

    Raises
    ------
    CalibrationError
        If there is not one finite number for each rod, or water for a phantom that needs none.
    """
    given = {"rho": rho, "rho_se": rho_se, "water": water, "water_se": water_se}
    columns = {name: values for name, values in given.items() if values is not None}
    for name, values in columns.items():
        _check_column(phantom, name, values)
    rods = tuple(
        PhantomRod(
            name=rod.name,
            rho=rod.rho if rho is None else rho[n],
            rho_se=rod.rho_se if rho_se is None else rho_se[n],
            water=rod.water if water is None else water[n],
            water_se=rod.water_se if water_se is None else water_se[n],
        )
        for n, rod in enumerate(phantom.rods)
    )
    needed = {"rho"} if phantom.water is None else {"rho", "water"}
    known = replace(phantom, rods=rods)
    if {f"{name}_se" for name in needed} <= columns.keys():
        known = replace(known, error_provenance="user")
    if needed <= columns.keys():
        source = "certificate of the phantom, from the user"
        known = replace(known, provenance="user", source=source)
    return known


def _check_column(phantom: Phantom, name: str, values: Sequence[float]) -> None:
    n_rods = 0 if name.startswith("water") and phantom.water is None else len(phantom.rods)
    if len(values) != n_rods:
        raise CalibrationError(
            found=f"{len(values)} certificate value(s) of {name} for the phantom {phantom.label}",
            expected=f"{n_rods}, one for each rod" if n_rods else "none: its rods hold no water",
            remedy="give them in the order of the rods in the record",
        )
    if not np.isfinite(values).all():
        raise CalibrationError(
            found=f"certificate values of {name} for the phantom {phantom.label} that are no "
            "finite numbers",
            expected="a finite number for each rod",
            remedy="give all numbers of the certificate, or leave the whole list out",
        )


PHANTOMS: Registry[Phantom] = Registry("phantom")

_MINDWAYS_WATER = WaterCorrection(
    displacement=0.2174,
    offset=999.6,
    source="QCT PRO User Guide, Mindways Software, v5.0 (2011), eq. 4 and 5, as told by"
    " https://ogo.readthedocs.io (ogo.calibration.mindways_calibration)",
)


def _rods(*densities: float) -> tuple[PhantomRod, ...]:
    """Return rods of nominal density, called A, B, C and so on."""
    return tuple(
        PhantomRod(name=chr(ord("A") + n), rho=rho, rho_se=_ASSUMED_SE + 0.01 * rho)
        for n, rho in enumerate(densities)
    )


def _dissolved(*densities: tuple[float, float]) -> tuple[PhantomRod, ...]:
    """Return rods of known density of mineral and of water, called A, B, C and so on."""
    return tuple(
        PhantomRod(name=chr(ord("A") + n), rho=rho, rho_se=_ASSUMED_SE, water=water, water_se=0.002)
        for n, (rho, water) in enumerate(densities)
    )


PHANTOMS.add(
    "mindways_model_3_ct",
    Phantom(
        label="Mindways Model 3 CT",
        kind="K2HPO4",
        rods=_dissolved(
            (-0.05183, 1.01225),
            (-0.05340, 1.05695),
            (0.05888, 1.10357),
            (0.15705, 1.11952),
            (0.37583, 0.92320),
        ),
        side_by_side=True,
        radius_range=(5.0, 16.0),
        provenance="unverified",
        error_provenance="unverified",
        source=f"densities of phantoms 4541A and 4560, others differ: {_OGO}",
        water=_MINDWAYS_WATER,
    ),
)
PHANTOMS.add(
    "qrm_bdc_3",
    Phantom(
        label="QRM-BDC with 3 rods",
        kind="CaHA",
        rods=_rods(0.1, 0.4, 0.8),
        side_by_side=False,
        radius_range=(5.0, 16.0),
        provenance="unverified",
        error_provenance="unverified",
        source=f"densities of phantom BDC-71: {_OGO}",
    ),
)
PHANTOMS.add(
    "qrm_bdc_6",
    Phantom(
        label="QRM-BDC with 6 rods",
        kind="CaHA",
        rods=_rods(0.0, 0.1, 0.2, 0.4, 0.6, 0.8),
        side_by_side=False,
        radius_range=(5.0, 16.0),
        provenance="unverified",
        error_provenance="unverified",
        source=f"densities of phantom BDC-106: {_OGO}",
    ),
)
PHANTOMS.add(
    "siemens_osteo",
    Phantom(
        label="Siemens Osteo, water- and bone-equivalent",
        kind="CaHA",
        rods=_rods(0.0, 0.2),
        side_by_side=True,
        radius_range=(5.0, 16.0),
        provenance="unverified",
        error_provenance="unverified",
        source="nominal densities, not read in any text; the certificate tells",
    ),
)
