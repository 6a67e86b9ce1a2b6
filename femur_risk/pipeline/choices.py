"""What a configuration chooses: loads, and with them constants that nobody checked yet."""

from pathlib import Path

from femur_fea.domain import LoadQuantity, PublishedRecord, TransverseRatios
from femur_fea.errors import ConfigError
from femur_fea.io import read_json
from femur_fea.loads import (
    FourPointBending,
    LoadDefinition,
    LoadFamily,
    ShaftTorsion,
    find_load,
)
from femur_fea.materials import CORTEX_ANISOTROPY, DEFAULT_ANISOTROPY
from femur_fea.presets import PRESETS
from femur_fea.strength import STRAIN_FOLD_THRESHOLD, VOLUME_CRITERIA
from femur_risk.config import MappingConfig, RunConfig, UncertaintyMode, resolved_toml
from femur_risk.pipeline import layout
from femur_risk.pipeline.sources import CALIBRATION

__all__ = [
    "check_model",
    "chosen_records",
    "cortex_record",
    "directions_of",
    "edge_length",
    "load_names",
    "quantity_of",
    "settings_text",
    "uncertainty_mode",
    "unverified_constants",
]


def load_names(config: RunConfig) -> tuple[str, ...]:
    """Return the loads that are computed: those asked for, or those of the preset."""
    return config.loads.names or PRESETS[config.preset.name].load_names


def edge_length(config: RunConfig) -> float:
    """Return the edge length of the mesh, mm: the one asked for, or that of the preset."""
    return config.mesh.edge_length_mm or PRESETS[config.preset.name].edge_length_mm


def settings_text(config: RunConfig) -> str:
    """Return all settings as TOML, with what the preset chooses in a comment.

    As keys they would hold for another preset as well, when the file is used again.
    """
    chosen = {
        f"mesh.edge_length_mm = {edge_length(config):g}": config.mesh.edge_length_mm is None,
        f"loads.names = {list(load_names(config))}": config.loads.names is None,
        f"uncertainty.mode = {uncertainty_mode(config)!r}": config.uncertainty.mode is None,
    }
    by_preset = "; ".join(each for each, is_absent in chosen.items() if is_absent)
    told = f"# preset {config.preset.name!r} chooses: {by_preset}\n" if by_preset else ""
    return told + resolved_toml(config)


def uncertainty_mode(config: RunConfig) -> UncertaintyMode:
    """Return how uncertainty is carried to strength: as asked for, or what the model affords."""
    if config.uncertainty.mode is not None:
        return config.uncertainty.mode
    return "fast" if PRESETS[config.preset.name].model == "linear" else "off"


def directions_of(name: str) -> tuple[LoadDefinition, ...]:
    """Return the loads behind a name: the directions of a family, else one.

    Raises
    ------
    UnknownNameError
        If there is no load and no family of that name, with the nearest one.
    """
    found = find_load(name)
    return found.members if isinstance(found, LoadFamily) else (found,)


def quantity_of(name: str) -> LoadQuantity:
    """Return whether a load, or a family of loads, is a force or a moment."""
    is_moment = isinstance(directions_of(name)[0], ShaftTorsion | FourPointBending)
    return "moment" if is_moment else "force"


def check_model(config: RunConfig) -> None:
    """Raise if a configuration asks for another model than that of its preset, or a poor cell.

    Raises
    ------
    ConfigError
        With the presets that have the model, because linear tetrahedra lock when they yield, or
        because a nonlinear model cannot follow a load, or because the model or the export knows no
        direction of the cortex.
    """
    preset, asked = PRESETS[config.preset.name], config.solver.model
    if asked is not None and asked != preset.model:
        having = ", ".join(repr(name) for name, other in PRESETS.items() if other.model == asked)
        raise ConfigError(
            found=f"the model {asked!r} for the preset {preset.name!r}, whose model is "
            f"{preset.model!r}",
            expected=f"no model, or {preset.model!r}; {asked!r} is the model of {having}",
            remedy=f"leave --model (solver.model) out, or choose --preset among {having}",
        )
    if preset.model == "nonlinear" and config.mesh.element == "tet4":
        raise ConfigError(
            found=f"mesh.element = 'tet4' for the nonlinear model of the preset {preset.name!r}",
            expected="'tet10' or 'hex8': linear tetrahedra lock when they yield and come out "
            "too strong",
            remedy="leave mesh.element out",
        )
    if preset.model == "nonlinear":
        _check_can_yield(config)
        _check_can_vary(config)
    if config.mapping.cortex != "isotropic":
        _check_can_have_direction(config)


def _check_can_yield(config: RunConfig) -> None:
    """Raise unless a nonlinear model can follow every load: one pressure that is a force."""
    refused = [name for name in load_names(config) if not _is_one_force(name)]
    if refused:
        raise ConfigError(
            found=f"the load {refused[0]!r} for the nonlinear model of the preset "
            f"{config.preset.name!r}",
            expected="one force that presses on the bone: no family of directions, no moment, and "
            "no cup that drives the head",
            remedy="choose other loads, or a preset with a linear model",
        )


def _check_can_vary(config: RunConfig) -> None:
    """Raise if a nonlinear model, each change of which is a curve to failure, shall vary."""
    if uncertainty_mode(config) != "off":
        raise ConfigError(
            found=f"uncertainty.mode = {config.uncertainty.mode!r} for the nonlinear model of the "
            f"preset {config.preset.name!r}",
            expected="'off': each of the ten or more models that it takes is loaded to failure "
            "step by step",
            remedy="leave --uncertainty out, or choose a preset with a linear model",
        )


def _is_one_force(name: str) -> bool:
    directions = directions_of(name)
    is_driven = getattr(directions[0], "contact", None) == "guided cup"
    return len(directions) == 1 and quantity_of(name) == "force" and not is_driven


def _check_can_have_direction(config: RunConfig) -> None:
    asked = f"mapping.cortex = {config.mapping.cortex!r}"
    if PRESETS[config.preset.name].model == "nonlinear":
        raise ConfigError(
            found=f"{asked} for the nonlinear model of the preset {config.preset.name!r}",
            expected="'isotropic': its yield surface knows no direction",
            remedy="leave mapping.cortex out, or choose a preset with a linear model",
        )
    if "febio" in config.solver.export:
        raise ConfigError(
            found=f"{asked} and export for FEBio",
            expected="an isotropic bone: the export for FEBio writes no direction",
            remedy="export for ccx, or leave mapping.cortex out",
        )


def chosen_records(config: RunConfig) -> tuple[tuple[str, PublishedRecord], ...]:
    """Return every published record that a configuration chooses, with its name."""
    loads = [(f"load {name}", find_load(name)) for name in load_names(config)]
    preset = PRESETS[config.preset.name]
    parts = [(f"{part.role} {part.name}", part.record) for part in preset.parts]
    ratios = cortex_record(config.mapping)
    cortex = [] if ratios is None else [(f"cortex {DEFAULT_ANISOTROPY}", ratios)]
    compared = _compared_records(config) if preset.model == "linear" else ()
    return (*parts, *compared, *cortex, *loads)


def _compared_records(config: RunConfig) -> tuple[tuple[str, PublishedRecord], ...]:
    """Return the records that a linear model is compared with beside its own criterion."""
    is_isotropic = cortex_record(config.mapping) is None
    by_volume = VOLUME_CRITERIA.items() if is_isotropic else ()
    return (
        *((f"volume criterion {name}", record) for name, record in by_volume),
        ("strain fold threshold", STRAIN_FOLD_THRESHOLD),
    )


def cortex_record(config: MappingConfig) -> TransverseRatios | None:
    """Return the elastic constants of a cortex with a direction, None for an isotropic one."""
    return None if config.cortex == "isotropic" else CORTEX_ANISOTROPY[DEFAULT_ANISOTROPY]


def unverified_constants(config: RunConfig, folder: Path) -> tuple[str, ...]:
    """Return the names of those parts of a run whose numbers were not checked in print.

    Those of its calibration and of its sources of uncertainty are among them once `folder` holds
    what was made of them.
    """
    named = [name for name, record in chosen_records(config) if record.provenance == "unverified"]
    return (*named, *_unverified_calibration(folder), *_unverified_scatter(folder))


def _unverified_calibration(folder: Path) -> tuple[str, ...]:
    if not (folder / layout.CURVE).is_file():
        return ()
    curve = read_json(folder / layout.CURVE)
    if curve["provenance"] == "unverified":
        return (f"calibration {curve['method']}",)
    if curve["error_provenance"] == "unverified":
        return (f"standard errors of calibration {curve['method']}",)
    return ()


def _unverified_scatter(folder: Path) -> tuple[str, ...]:
    """Return the sources whose standard deviation nobody checked, other than the calibration."""
    if not (folder / layout.UNCERTAINTY).is_file():
        return ()
    loads = read_json(folder / layout.UNCERTAINTY)["loads"].values()
    sources = [source for load in loads for source in load["sources"]]
    names = [source["name"] for source in sources if source["provenance"] == "unverified"]
    return tuple(f"scatter ({name})" for name in dict.fromkeys(names) if name != CALIBRATION)
