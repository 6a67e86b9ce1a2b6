"""What strength.json says of the uncertainty of a load."""

from collections.abc import Mapping
from typing import Any

from femur_risk.pipeline.units import LOAD_UNITS, LoadUnits

__all__ = ["describe_uncertainty"]


def describe_uncertainty(
    content: Mapping[str, Any],
    load: str,
    *,
    strength: float,
    units: LoadUnits,
    ratio: float | None,
    numerical_error: Mapping[str, object],
) -> dict[str, Any]:
    """Return the interval of a strength, that of the loss, and the sources, by key.

    Parameters
    ----------
    content : mapping
        Content of uncertainty.json.
    load : str
        Name of the load.
    strength : float
        Strength, in the unit of `units`.
    units : LoadUnits
        Of the load.
    ratio : float or None
        Strength over the twin's; None without a lesion.
    numerical_error : mapping
        What is known of the error of the mesh.
    """
    found = content["loads"].get(load)
    spread = None if found is None else found["strength"]
    interval: dict[str, list[float] | None] = {
        f"interval_90_{other.suffix}": None for other in LOAD_UNITS.values()
    }
    if spread is not None:
        interval[f"interval_90_{units.suffix}"] = [
            strength * spread["low"],
            strength * spread["high"],
        ]
    loss = None if found is None or ratio is None else found["ratio"]
    return {
        **interval,
        "strength_loss_interval_90": None
        if loss is None
        else [1.0 - ratio * loss["high"], 1.0 - ratio * loss["low"]],
        "uncertainty": None
        if found is None
        else {**_describe(content, found, strength, units), "numerical_error": numerical_error},
    }


def _describe(
    content: Mapping[str, Any], found: Mapping[str, Any], strength: float, units: LoadUnits
) -> dict[str, Any]:
    spread, loss = found["strength"] or {}, found["ratio"] or {}
    error = spread.get("sampling_error")
    return {
        "mode": content["mode"],
        "samples": content["samples"],
        "sd_of_ln_strength": spread.get("sd"),
        "sd_of_ln_ratio_to_healed": loss.get("sd"),
        f"interval_standard_error_{units.suffix}": None
        if error is None
        else [strength * spread["low"] * error[0], strength * spread["high"] * error[1]],
        "linear_fraction": spread.get("explained"),
        "sources": found["sources"],
        "not_included": "the error of the chain itself against experiments",
    }
