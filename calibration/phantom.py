"""Calibration by a phantom that lies in the scan."""

from collections.abc import Sequence

from calibration.axes import labels_along_table, scan_along_table
from calibration.common_error import CommonError
from calibration.cylinders import find_cylinders
from calibration.fit import fit_line
from calibration.phantoms import PHANTOMS, Phantom
from calibration.quality import USUAL_SLOPES, Calibration, flags_of_fit
from calibration.references import Reference
from calibration.regions import measure_labelled_rods
from calibration.rods import MeasuredRod, measure_rods
from calibration.rows import MIN_R2, OWN_R2, fitting_phantoms
from femur_fea.domain import NO_PUBLISHED_EFFECT, CTVolume, LabelImage, QualityFlag
from femur_fea.errors import CalibrationError

__all__ = ["PHANTOM_OF_BONE", "calibrate_with_phantom"]

# Of bone in the body against rods below it.
PHANTOM_OF_BONE = CommonError(
    scale=0.025,
    offset=0.006,
    provenance="unverified",
    source="a choice: what beam hardening and metal do to the line of simulated scans"
    " (docs/theory.md): 2.4 to 3.0 % in the slope, 0.005 to 0.007 g/cm3 at 0 HU",
)


def calibrate_with_phantom(
    ct: CTVolume, phantom: Phantom, regions: LabelImage | None = None
) -> Calibration:
    """Return the line through the rods of a phantom in the scan.

    Parameters
    ----------
    ct : CTVolume
        The whole scan.
    phantom : Phantom
        The phantom, with the densities of its certificate.
    regions : LabelImage, optional
        Where its rods are; found where absent.

    Returns
    -------
    Calibration
        The line to density of the phantom's mineral, with what was measured. Its error holds
        `PHANTOM_OF_BONE`, how far the line of bone within the body may be from that of rods below
        it.

    Raises
    ------
    CalibrationError
        If there is no such phantom in the scan, or its rods do not lie on a line.
    """
    rods = (
        measure_rods(scan_along_table(ct), phantom)
        if regions is None
        else measure_labelled_rods(scan_along_table(ct), labels_along_table(regions), phantom)
    )
    curve = fit_line(
        references_of(rods, phantom),
        kind=phantom.kind,
        method="phantom",
        label=f"phantom {phantom.label}",
        provenance=phantom.provenance,
        error_provenance=phantom.error_provenance,
        source=phantom.source,
    ).with_common_error(PHANTOM_OF_BONE)
    r2 = None if curve.fit is None else curve.fit.r2
    if r2 is not None and r2 < MIN_R2:
        numbers = ", ".join(f"{phantom.rods[rod.rod].name} {rod.hu:.0f} HU" for rod in rods)
        raise CalibrationError(
            found=f"rods of the phantom {phantom.label} that do not lie on a line: {numbers}, "
            f"R2 {r2:.4f}",
            expected=f"R2 of {MIN_R2:g} or more",
            remedy="check the phantom's name, its certificate and the regions of its rods",
        )
    flags = flags_of_fit(curve)
    others: tuple[QualityFlag, ...] = ()
    if "slope" in {flag.name for flag in flags}:
        others = _flags_of_name(ct, phantom, "with an unusual slope")
    elif r2 is not None and r2 < OWN_R2:
        others = _flags_of_name(
            ct,
            phantom,
            f"with an R2 of {r2:.4f}",
            least_rods=len(rods),
            least_r2=OWN_R2,
        )
    return Calibration(
        curve=curve,
        flags=(*flags, *others, *_flags_of_phantom(rods, phantom)),
        measured=tuple(rod.to_dict(phantom) for rod in rods),
    )


def references_of(rods: Sequence[MeasuredRod], phantom: Phantom) -> tuple[Reference, ...]:
    """Return the rods as references: their CT numbers less what water of their own adds."""
    excess, excess_se = phantom.excess_hu(), phantom.excess_hu_se()
    return tuple(
        Reference(
            name=phantom.rods[rod.rod].name,
            rho=phantom.rods[rod.rod].rho,
            rho_se=phantom.rods[rod.rod].rho_se,
            hu=float(rod.hu - excess[rod.rod]),
            hu_se=float((rod.hu_se**2 + excess_se[rod.rod] ** 2) ** 0.5),
        )
        for rod in rods
    )


def _flags_of_name(
    ct: CTVolume, phantom: Phantom, doubt: str, *, least_rods: int = 0, least_r2: float = MIN_R2
) -> tuple[QualityFlag, ...]:
    """Return which other phantom has a row in the scan that gives a line of a usual slope."""
    cylinders = find_cylinders(scan_along_table(ct), phantom.radius_range)
    fitting = fitting_phantoms(cylinders, USUAL_SLOPES, least_rods=least_rods, least_r2=least_r2)
    others = [name for name in fitting if PHANTOMS[name].label != phantom.label]
    if not others:
        return ()
    return (
        QualityFlag(
            name="another phantom",
            severity="severe",
            found=f"rods that fit the record {others[0]!r} with a usual slope, and that of the "
            f"{phantom.label} {doubt}",
            expected="the name of the phantom that lies in the scan",
            effect=NO_PUBLISHED_EFFECT,
        ),
    )


def _flags_of_phantom(rods: Sequence[MeasuredRod], phantom: Phantom) -> tuple[QualityFlag, ...]:
    flags = []
    absent = sorted(set(range(len(phantom.rods))) - {rod.rod for rod in rods})
    if absent:
        names = ", ".join(phantom.rods[n].name for n in absent)
        flags.append(
            QualityFlag(
                name="rod absent",
                severity="note",
                found=f"a line that was fitted without the phantom's rod {names}",
                expected=f"all {len(phantom.rods)} rods",
                effect=NO_PUBLISHED_EFFECT,
            )
        )
    if phantom.provenance != "user":
        flags.append(
            QualityFlag(
                name="nominal densities",
                severity="caution",
                found="densities of rods that are not those of this phantom's own certificate, "
                "with standard errors that are assumed",
                expected="both from its certificate, in [calibration.phantom]",
                effect=NO_PUBLISHED_EFFECT,
            )
        )
    return tuple(flags)
