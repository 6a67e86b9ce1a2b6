"""The configuration of a run: one TOML file, checked and frozen."""

from femur_risk.config.calibration import CalibrationConfig, PhantomConfig
from femur_risk.config.load import laid_over, load_config, read_overrides, resolve_config
from femur_risk.config.models import (
    CASE_ID_PATTERN,
    InputConfig,
    LoadsConfig,
    MappingConfig,
    MeshConfig,
    PresetConfig,
    RunConfig,
    SolverConfig,
)
from femur_risk.config.options import OPTIONS, Option
from femur_risk.config.report import Language, ReportConfig
from femur_risk.config.risk import RiskConfig
from femur_risk.config.section import Section
from femur_risk.config.template import commented_template, resolved_toml
from femur_risk.config.uncertainty import UncertaintyConfig, UncertaintyMode

__all__ = [
    "CASE_ID_PATTERN",
    "OPTIONS",
    "CalibrationConfig",
    "InputConfig",
    "Language",
    "LoadsConfig",
    "MappingConfig",
    "MeshConfig",
    "Option",
    "PhantomConfig",
    "PresetConfig",
    "ReportConfig",
    "RiskConfig",
    "RunConfig",
    "Section",
    "SolverConfig",
    "UncertaintyConfig",
    "UncertaintyMode",
    "commented_template",
    "laid_over",
    "load_config",
    "read_overrides",
    "resolve_config",
    "resolved_toml",
]
