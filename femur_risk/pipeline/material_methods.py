"""From density to material in words, with its sources."""

from femur_fea.mapping import CORTICAL_DENSITY, MAPPING_METHODS, MODULUS_FLOOR_MPA
from femur_fea.presets import Preset
from femur_fea.strength import STRENGTH_FLOOR_MPA, YieldByDensity, YieldBySite
from femur_risk.config import MappingConfig
from femur_risk.pipeline.choices import cortex_record
from femur_risk.pipeline.restoration import RESTORATION_SOURCE
from femur_risk.report import MethodStep

__all__ = ["material_steps"]


def material_steps(preset: Preset, config: MappingConfig) -> tuple[MethodStep, ...]:
    """Return the steps from the density that the laws take to the material of the cells."""
    where = MAPPING_METHODS[config.method].description
    return (
        *_edge(config),
        *_restoration(config),
        MethodStep(
            step="Density to Young's modulus",
            description=f"{preset.law_name}, E = {preset.law.equation} MPa, Poisson's ratio "
            f"{preset.nu:g}, {where}, never below {MODULUS_FLOOR_MPA:g} MPa.",
            source=preset.law.source,
        ),
        *_cortex(preset, config),
        *_yield_stress(preset, where),
    )


def _edge(config: MappingConfig) -> tuple[MethodStep, ...]:
    layers = config.edge_voxels
    if layers == 0:
        return ()
    return (
        MethodStep(
            step="Partial volumes at the surface",
            description=f"The outermost voxels of the mask, {layers} deep, take the density of the "
            "bone further in where that is higher; the density goes on outward from the mask.",
        ),
    )


def _restoration(config: MappingConfig) -> tuple[MethodStep, ...]:
    if config.cortical_blur == "kept":
        return ()
    return (
        MethodStep(
            step="Blur of the cortex",
            description="Before the conversions a blurred layer was fitted to the density along "
            "the surface's normals, and a sharp layer of its thickness and density put in its "
            "place. Point spread and density of compact bone are those given, or measured at the "
            "thick cortex. No preset was validated with it.",
            source=RESTORATION_SOURCE,
        ),
    )


def _cortex(preset: Preset, config: MappingConfig) -> tuple[MethodStep, ...]:
    record = cortex_record(config)
    if record is None:
        return ()
    kind = preset.law.density_kind
    return (
        MethodStep(
            step="Cortex of the shaft",
            description="Transversely isotropic along the shaft below the lesser trochanter where "
            f"the {kind} density is {CORTICAL_DENSITY[kind]:g} g/cm3 or more: the modulus above "
            f"is that along the axis, that across it {record.E_transverse:.3g} of it, the shear "
            f"modulus {record.G_axial:.3g} of it.",
            source=record.source,
        ),
    )


def _yield_stress(preset: Preset, where: str) -> tuple[MethodStep, ...]:
    match preset.failure:
        case YieldByDensity() as model:
            return (_by_density(model, where), *_softening(model))
        case YieldBySite() as model:
            return (_by_site(model),)
        case _:
            return ()


def _by_density(model: YieldByDensity, where: str) -> MethodStep:
    law = model.strength_law
    return MethodStep(
        step="Density to yield stress",
        description=f"{model.strength_law_name}, S = {law.equation} MPa, the same in tension and "
        f"compression, {where}, never below {STRENGTH_FLOOR_MPA:g} MPa.",
        source=law.source,
    )


def _softening(model: YieldByDensity) -> tuple[MethodStep, ...]:
    law = model.softening_law
    if law is None:
        return ()
    return (
        MethodStep(
            step="Softening",
            description=f"{model.softening_law_name}: the yield stress {law.equation} MPa, rho_"
            f"{law.density_kind} in g/cm3, as in specimens of {law.specimen_length:g} mm; the fall "
            "is less steep in each cell by its size over that length.",
            source=law.source,
        ),
    )


def _by_site(model: YieldBySite) -> MethodStep:
    neck, below = model.neck, model.trochanter
    return MethodStep(
        step="Modulus to yield stress",
        description="Young's modulus times a yield strain: in head and neck "
        f"{100.0 * neck.tension:g} % in tension and {100.0 * neck.compression:g} % in compression, "
        f"below {100.0 * below.tension:g} % and {100.0 * below.compression:g} %.",
        source=neck.source,
    )
