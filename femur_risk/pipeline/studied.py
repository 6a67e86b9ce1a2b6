"""The bone of a run that is changed, its twin, and what is not known exactly of them."""

from femur_fea.domain import DensityField, LabelMask
from femur_fea.io import read_json
from femur_fea.loads import DIRECTION_SCATTER
from femur_fea.mapping import heal
from femur_fea.presets import PRESETS
from femur_fea.strength import StrainFailure
from femur_risk.pipeline import layout
from femur_risk.pipeline.artefacts import (
    read_bone,
    read_density,
    read_femur,
    read_lesion,
    read_quality,
)
from femur_risk.pipeline.choices import directions_of, load_names, uncertainty_mode
from femur_risk.pipeline.perturbed import PerturbedFemur
from femur_risk.pipeline.restoration import restore
from femur_risk.pipeline.run import Run
from femur_risk.pipeline.sources import common_sources, load_sources, mask_source
from femur_risk.pipeline.study import UncertaintyStudy

__all__ = ["bone_of", "study_of"]


def bone_of(run: Run) -> PerturbedFemur:
    """Return the bone of a run from its artefacts, to be changed.

    Raises
    ------
    CortexError
        If the cortex shall be restored and is nowhere thick enough to measure the scan's blur.
    """
    lesion = read_lesion(run.folder) if run.has_lesion else None
    return _body(run, read_femur(run.folder), read_density(run.folder), lesion)


def study_of(run: Run) -> UncertaintyStudy:
    """Return the bone, its twin and the sources of uncertainty of a run from its artefacts.

    Raises
    ------
    CortexError
        If the cortex shall be restored and is nowhere thick enough to measure the scan's blur.
    """
    bone = bone_of(run)
    femur, bodies = read_femur(run.folder), [bone]
    if bone.lesion is not None:
        healed = heal(read_density(run.folder), femur, bone.lesion).density
        bodies.append(_body(run, femur, healed, None))
    curve = read_json(run.folder / layout.CURVE)
    law_name = PRESETS[run.config.preset.name].law_name
    common = common_sources(curve, law_name, femur.grid, bone.mesh.kind)
    if uncertainty_mode(run.config) == "full":
        common = (*common, mask_source(femur.grid, run.config.mapping))
    return UncertaintyStudy(
        bodies=bodies,
        sources={name: (*common, *load_sources(name)) for name in load_names(run.config)},
    )


def _body(
    run: Run, femur: LabelMask, equivalent: DensityField, lesion: LabelMask | None
) -> PerturbedFemur:
    preset, names = PRESETS[run.config.preset.name], load_names(run.config)
    mesh, frame = read_bone(run.folder)
    if not isinstance(preset.failure, StrainFailure):
        raise TypeError(f"the preset {preset.name!r} has no linear model")
    seen = restore(
        run.config.mapping,
        equivalent,
        femur,
        slice_thickness=read_quality(run.folder)["acquisition"]["slice_thickness_mm"],
    )
    return PerturbedFemur(
        mesh=mesh,
        frame=frame,
        femur=seen.femur,
        equivalent=seen.density,
        lesion=lesion,
        preset=preset,
        criterion=preset.failure.criterion,
        mapping=run.config.mapping,
        loads={name: directions_of(name) for name in names},
        scatter={name: DIRECTION_SCATTER[name] for name in names if name in DIRECTION_SCATTER},
        fixed_length=run.config.loads.fixed_length_mm,
        # many small solutions: to start ranks for each takes longer than they save
        ranks=1 if run.ranks == "auto" else run.ranks,
    )
