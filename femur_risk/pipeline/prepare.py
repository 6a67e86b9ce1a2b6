"""Stage segmentation: read CT and masks, check them, and keep the part around the bone."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

from femur_fea.domain import CTVolume, LabelMask, Side
from femur_fea.io import read_ct, read_mask, write_image, write_json
from femur_risk.pipeline import layout
from femur_risk.pipeline.bone import find_side
from femur_risk.pipeline.cache import Run, cached
from femur_risk.pipeline.manifest import StageRecord

if TYPE_CHECKING:
    from femur_risk.segmentation import FemurMaskReport, LesionMaskReport

__all__ = ["check_input"]

_MARGIN = 10.0  # mm around the bone: the depth from which the surface takes its density, and more


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _CheckedInput:
    """Images that passed every check, and what the checks found."""

    ct: CTVolume
    side: Side
    femur: "FemurMaskReport"
    lesion: "LesionMaskReport | None"


def check_input(run: Run) -> StageRecord:
    """Make stage `segmentation`: the checked and cropped CT and masks, and quality.json."""
    stated = run.config.input.side

    def make(place: Path) -> None:
        _write(place, _check(run.inputs, stated))

    settings = {"inputs": dict(run.input_sha256), "side": stated}
    return cached(run, "segmentation", settings=settings, make=make)


def _check(inputs: Mapping[str, Path], stated: Side | None) -> _CheckedInput:
    from femur_risk.segmentation import check_femur, check_lesion

    ct = read_ct(inputs["ct"])
    femur = check_femur(ct, read_mask(inputs["femur"]))
    lesion = None
    if "lesion" in inputs:
        lesion = check_lesion(femur.femur, read_mask(inputs["lesion"]))
    return _CheckedInput(ct=ct, side=find_side(femur.femur, stated), femur=femur, lesion=lesion)


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
        "femur": _facts(checked.femur, "femur"),
        "lesion": None if checked.lesion is None else _facts(checked.lesion, "lesion"),
    }
    write_json(place / layout.QUALITY, quality)


def _facts(report: "FemurMaskReport | LesionMaskReport", mask: str) -> dict[str, Any]:
    """Return all of a report but the mask itself."""
    names = [field.name for field in fields(report) if field.name != mask]
    return {name: getattr(report, name) for name in names}
