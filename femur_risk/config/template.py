"""A configuration as text: commented for people, resolved for the record."""

import textwrap
from typing import Any

import tomli_w
from pydantic import BaseModel

from femur_risk.config.models import RunConfig

__all__ = ["commented_template", "resolved_toml"]

_PATHS = frozenset({"ct", "femur", "lesion", "rods", "recalibration"})
_WIDTH = 96


def commented_template() -> str:
    """Return a TOML file of all defaults in which every key is explained."""
    blocks = [
        "# Settings of femur-fea. A key behind '#' has no default; remove the '#' to set it.\n"
    ]
    blocks += [_section(name, value) for name, value in RunConfig()]
    return "\n".join(blocks)


def resolved_toml(config: RunConfig) -> str:
    """Return every setting of a run as TOML, without the paths of its inputs.

    Paths can hold a patient's name; the manifest holds a hash of each input instead.
    """
    tables: dict[str, Any] = config.model_dump(mode="json", exclude_none=True)
    tables["input"] = {k: v for k, v in tables["input"].items() if k not in _PATHS}
    return tomli_w.dumps(tables)


def _section(name: str, section: BaseModel) -> str:
    lines, below = [*_comment(str(type(section).__doc__)), f"[{name}]"], []
    for key, field in type(section).model_fields.items():
        value = getattr(section, key)
        if isinstance(value, BaseModel):
            below.append(_section(f"{name}.{key}", value))
            continue
        lines += _comment(str(field.description))
        lines.append(f"# {key} =" if value is None else tomli_w.dumps({key: value}).rstrip())
    return "\n".join(["\n".join(lines) + "\n", *below])


def _comment(text: str) -> list[str]:
    return [f"# {line}" for line in textwrap.wrap(text, _WIDTH)]
