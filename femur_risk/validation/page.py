"""One HTML file with tables and plots: no network, no script, nothing beside it."""

from pathlib import Path

from femur_fea.io import atomic_path
from femur_risk.validation.figures import (
    areas_over_time,
    decision_plot,
    recalibration_plot,
    reliability_plot,
    subgroup_plot,
)
from femur_risk.validation.record import ValidationRecord
from femur_risk.validation.words import (
    comparison_table,
    drift_table,
    predictor_table,
    recalibration_table,
    shown,
    subgroup_table,
)

__all__ = ["write_page"]


def write_page(record: ValidationRecord, path: Path) -> None:
    """Write what was found as a page; it appears whole or not at all.

    Raises
    ------
    DiskSpaceError, ConfigError
        If the file cannot be written.
    """
    # jinja2 is imported here so that the command line answers at once
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("femur_risk.validation"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    html = environment.get_template("validation.html").render(
        record=record,
        share=shown(record.outcome.fracture_share, 3),
        predictors=predictor_table(record),
        comparisons=comparison_table(record),
        subgroups=subgroup_table(record),
        reliability=reliability_plot(record),
        decisions=decision_plot(record),
        over_time=areas_over_time(record),
        forest=subgroup_plot(record),
        drift=drift_table(record),
        recalibration=recalibration_table(record),
        recalibrated=recalibration_plot(record),
    )
    with atomic_path(path) as temporary:
        temporary.write_text(html, encoding="utf-8")
