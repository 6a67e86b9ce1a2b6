"""The scan of a run as it was chosen: every stage that needs the whole of it reads the same."""

from femur_fea.domain import CTVolume
from femur_fea.io import read_ct
from femur_risk.pipeline.inputs import ROLES
from femur_risk.pipeline.run import Run

__all__ = ["read_scan"]


def read_scan(run: Run) -> CTVolume:
    """Return the CT of a run, of the series that its settings choose."""
    given = run.config.input
    return read_ct(
        run.inputs["ct"],
        role=ROLES["ct"],
        series=given.series,
        uneven_slices=given.uneven_slices,
    )
