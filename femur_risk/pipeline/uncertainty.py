"""Stage uncertainty: how far what is not known exactly moves the strength."""

import warnings
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from femur_fea.errors import FemurFEAWarning
from femur_fea.io import write_json
from femur_fea.loads import DIRECTION_SCATTER
from femur_fea.materials import LAW_SCATTER
from femur_fea.presets import PRESETS
from femur_risk.pipeline import layout
from femur_risk.pipeline.choices import chosen_records, load_names, uncertainty_mode
from femur_risk.pipeline.manifest import read_manifest
from femur_risk.pipeline.run import Run
from femur_risk.pipeline.samples import SampleStore
from femur_risk.pipeline.stage import Stage, content_of, fingerprint_of
from femur_risk.pipeline.studied import study_of
from femur_risk.pipeline.study import LoadSpread, UncertaintyStudy
from femur_risk.pipeline.versions import DOLFINX
from femur_risk.pipeline.warned import recorded_warnings, unsaid
from femur_risk.uncertainty import Spread, UncertainSource

__all__ = ["UNCERTAINTY"]


def _settings(run: Run) -> dict[str, object]:
    config, mode = run.config, uncertainty_mode(run.config)
    if mode == "off":
        return {"mode": mode}
    preset, names = PRESETS[config.preset.name], load_names(config)
    return {
        "mode": mode,
        "samples": config.uncertainty.samples if mode == "full" else None,
        "seed": config.uncertainty.seed if mode == "full" else None,
        "preset": content_of(preset),
        "records": {name: content_of(record) for name, record in chosen_records(config)},
        "loads": list(names),
        "scatter": [
            *(content_of(DIRECTION_SCATTER[name]) for name in names if name in DIRECTION_SCATTER),
            *(content_of(LAW_SCATTER[name]) for name in LAW_SCATTER if name == preset.law_name),
        ],
        "fixed_length_mm": config.loads.fixed_length_mm,
        "mapping": config.mapping.model_dump(),
    }


def _make(run: Run, place: Path) -> None:
    """Write uncertainty.json and, where samples are drawn, these."""
    mode = uncertainty_mode(run.config)
    sources: Mapping[str, Sequence[UncertainSource]] = {}
    found: Mapping[str, LoadSpread] = {}
    if mode != "off":
        with recorded_warnings() as warned:
            study = study_of(run)
            sources, found = study.sources, _spread(run, study, place)
        _pass_on(run, warned)
    content = {
        "mode": mode,
        "samples": run.config.uncertainty.samples if mode == "full" else None,
        "loads": {name: _describe(sources[name], found.get(name)) for name in sources},
    }
    (place / layout.UNCERTAINTY).parent.mkdir(parents=True, exist_ok=True)
    write_json(place / layout.UNCERTAINTY, content)


def _pass_on(run: Run, warned: Sequence[str]) -> None:
    """Warn once of what changed models alone are warned of, not of what stages fe have told."""
    stages = read_manifest(run.folder, case_id=run.case_id).stages
    said = [
        text for name in ("fe", "fe@healed") if name in stages for text in stages[name].warnings
    ]
    for text in unsaid(warned, said):
        warnings.warn(f"a model changed for the interval: {text}", FemurFEAWarning, stacklevel=2)


def _spread(run: Run, study: UncertaintyStudy, place: Path) -> dict[str, LoadSpread]:
    if not study.active:
        return {}
    if uncertainty_mode(run.config) == "fast":
        return study.first_order()
    return _sampled(run, study, place)


def _sampled(run: Run, study: UncertaintyStudy, place: Path) -> dict[str, LoadSpread]:
    """Return the spread from samples; these lie in the run's folder while they are drawn."""
    stages = read_manifest(run.folder, case_id=run.case_id).stages
    store = SampleStore(
        path=run.folder / layout.SAMPLES, fingerprint=fingerprint_of(run, UNCERTAINTY, stages)[0]
    )
    settings = run.config.uncertainty
    found = study.sampled(settings.samples, settings.seed, store)
    (place / layout.SAMPLES).parent.mkdir(parents=True, exist_ok=True)
    (place / layout.SAMPLES).write_bytes(store.path.read_bytes())
    return found


def _describe(sources: Sequence[UncertainSource], found: LoadSpread | None) -> dict[str, Any]:
    return {
        "strength": None if found is None else asdict(found.strength),
        "ratio": None if found is None or found.ratio is None else asdict(found.ratio),
        "sources": [
            {
                "name": source.name,
                "sd": source.sd,
                "unit": source.unit,
                "share": _share(source, None if found is None else found.strength),
                "share_of_loss": _share(source, None if found is None else found.ratio),
                "provenance": source.provenance,
                "source": source.source,
            }
            for source in sources
        ],
    }


def _share(source: UncertainSource, spread: Spread | None) -> float | None:
    """Return the share of a source, zero where it moves nothing; None without a result."""
    return None if spread is None else spread.shares.get(source.name, 0.0)


UNCERTAINTY = Stage(
    name="uncertainty",
    upstream=("segmentation", "calibration", "mesh"),
    owns=layout.OWNED["uncertainty"],
    libraries=(*DOLFINX, "numpy", "scipy"),
    settings=_settings,
    make=_make,
)
