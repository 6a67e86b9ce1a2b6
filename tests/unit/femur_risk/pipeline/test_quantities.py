"""What stands over the rows of a picture of a bone and its lesion-free twin."""

import numpy as np
import pytest

from femur_fea.domain import WeakestSite
from femur_risk.pipeline.quantities import QUANTITIES
from femur_risk.pipeline.solved import SolvedLoad
from femur_risk.pipeline.units import LOAD_UNITS


def solved(strength: float) -> SolvedLoad:
    field = np.array([0.1, 0.2])
    return SolvedLoad(
        strength=strength,
        units=LOAD_UNITS["force"],
        site=WeakestSite(point=np.zeros(3), region="neck", mode="tension"),
        measure=field,
        stress=field,
        judged=np.ones(2, dtype=bool),
        force=1000.0,
        plate_force=None,
        reference=1000.0,
        load="fall",
        E_modulus=field,
    )


@pytest.mark.parametrize(
    ("model", "force_of_twin"), [("linear", "9,097 N"), ("nonlinear", "10,820 N")]
)
def test_every_row_tells_the_force_at_which_it_is_shown(model: str, force_of_twin: str) -> None:
    for quantity in QUANTITIES[model]("fall", [solved(9097.0), solved(10820.0)]):
        bone, twin = quantity.headings
        assert bone == "With lesion, at 9,097 N"
        assert twin.startswith("Lesion-free twin, at ")
        assert force_of_twin in twin
        assert "10,820 N" in quantity.twin_caption
