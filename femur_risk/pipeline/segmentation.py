"""Stage segmentation: read CT and masks, check them, and keep the part around the bone."""

import warnings
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

from femur_fea.domain import CTVolume, LabelMask, QualityFlag, Side
from femur_fea.errors import FemurFEAWarning, SideError
from femur_fea.io import read_mask, write_image, write_json
from femur_risk.pipeline import layout
from femur_risk.pipeline.inputs import ROLES, check_unchanged
from femur_risk.pipeline.run import Run
from femur_risk.pipeline.scan import read_scan
from femur_risk.pipeline.stage import Stage

if TYPE_CHECKING:
    from femur_risk.segmentation import FemurMaskReport, LesionMaskReport

__all__ = ["SEGMENTATION"]

_READ = ("ct", "femur", "lesion")
_MARGIN = 10.0  # mm around the bone: the depth from which the surface takes its density, and more


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _CheckedInput:
    """Images that passed every check, and what the checks found."""

    ct: CTVolume
    side: Side
    femur: "FemurMaskReport"
    lesion: "LesionMaskReport | None"
    flags: tuple[QualityFlag, ...]


def _settings(run: Run) -> dict[str, object]:
    given = run.config.input
    return {
        "inputs": {name: run.input_sha256[name] for name in _READ if name in run.input_sha256},
        "labels": {"femur": given.femur_label, "lesion": given.lesion_label},
        "side": given.side,
        "series": given.series,
        "uneven_slices": given.uneven_slices,
    }


def _make(run: Run, place: Path) -> None:
    """Write the checked and cropped CT and masks, and quality.json."""
    checked = _check(run)
    check_unchanged(run.inputs, run.input_sha256)
    _write(place, checked)


def _check(run: Run) -> _CheckedInput:
    from femur_risk.quality import assess_scan
    from femur_risk.segmentation import check_femur, check_lesion

    given = run.config.input
    ct = read_scan(run)
    femur = check_femur(ct, _read_mask(run, "femur", given.femur_label))
    lesion = None
    if run.has_lesion:
        lesion = check_lesion(femur.femur, _read_mask(run, "lesion", given.lesion_label))
    side = _find_side(femur.femur, given.side)
    flags = assess_scan(ct, femur.femur)
    for flag in flags:
        warnings.warn(flag.sentence, FemurFEAWarning, stacklevel=2)
    return _CheckedInput(ct=ct, side=side, femur=femur, lesion=lesion, flags=flags)


def _read_mask(run: Run, name: str, label: int | None) -> LabelMask:
    return read_mask(run.inputs[name], label=label, role=ROLES[name])


def _find_side(femur: LabelMask, stated: Side | None) -> Side:
    """Return the side that the bone's shape shows.

    Raises
    ------
    SideError
        If another side was stated.
    """
    from meshing import smooth_outline
    from meshing.anatomy import detect_side

    detected = detect_side(smooth_outline(femur, side="right"))
    if stated not in (None, detected):
        raise SideError(
            found=f"a femur with the shape of a {detected} one, stated to be {stated}",
            expected=f"a {stated} femur",
            remedy="check --side, the mask, and whether the image was mirrored on its way",
        )
    return detected


def _write(place: Path, checked: _CheckedInput) -> None:
    from femur_risk.segmentation import crop

    masks: dict[Path, LabelMask] = {layout.FEMUR: checked.femur.femur}
    if checked.lesion is not None:
        masks[layout.LESION] = checked.lesion.lesion
    small = crop(checked.ct, *masks.values(), margin=_MARGIN)
    write_image(place / layout.CT, small.ct.grid, small.ct.hu)
    for path, mask in zip(masks, small.masks, strict=True):
        write_image(place / path, mask.grid, mask.inside)
    quality = {
        "side": checked.side,
        "spacing_mm": small.ct.grid.spacing,
        "acquisition": asdict(small.ct.acquisition),
        "voxels_outside": 0 if checked.ct.outside is None else int(checked.ct.outside.sum()),
        "femur": _facts(checked.femur, "femur"),
        "lesion": None if checked.lesion is None else _facts(checked.lesion, "lesion"),
        "flags": [flag.to_dict() for flag in checked.flags],
    }
    write_json(place / layout.QUALITY, quality)


def _facts(report: "FemurMaskReport | LesionMaskReport", mask: str) -> dict[str, Any]:
    """Return all of a report but the mask itself."""
    names = [field.name for field in fields(report) if field.name != mask]
    return {name: getattr(report, name) for name in names}


SEGMENTATION = Stage(
    name="segmentation",
    upstream=(),
    owns=layout.OWNED["segmentation"],
    libraries=("numpy", "pydicom", "scipy", "SimpleITK"),
    settings=_settings,
    make=_make,
)
