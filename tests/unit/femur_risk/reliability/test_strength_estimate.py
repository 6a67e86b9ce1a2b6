"""What is believed about a strength."""

import numpy as np
import pytest

from femur_risk.reliability import StrengthEstimate


def test_of_laws_and_experiments_the_larger_counts_and_not_the_sum() -> None:
    def total(shared: float, model: float) -> float:
        return StrengthEstimate(
            strengths={"stance": 5e3, "fall": 3e3},
            sd_of_ln={"stance": 0.05, "fall": 0.05},
            shared_sd_of_ln={"stance": shared},
            model_error=model,
        ).total_sd("stance")

    assert total(0.25, 0.17) == pytest.approx(np.hypot(0.05, 0.25))
    assert total(0.10, 0.17) == pytest.approx(np.hypot(0.05, 0.17))
