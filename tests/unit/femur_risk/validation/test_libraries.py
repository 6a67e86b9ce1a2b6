"""Real survival data that comes with scikit-survival: the same numbers as established libraries.

Nobody in these data broke a femur; they check arithmetic.
"""

from collections.abc import Callable

import numpy as np
import pytest

from femur_risk.validation.benefit import net_benefit
from femur_risk.validation.calibration import brier, calibration_line
from femur_risk.validation.discrimination import auprc, auroc, harrell_c, ipcw_c
from femur_risk.validation.evidence import Evidence, Predictor
from femur_risk.validation.outcome import Outcome, fracture_share, known_at
from femur_risk.validation.performance import Resampling
from femur_risk.validation.subgroups import audit

SAME = 1e-6  # agreement asked for; the formulas are the same, so round-off is all there is


@pytest.fixture(params=["veterans", "gbsg2"], scope="module")
def study(request: pytest.FixtureRequest):
    """Return the outcome, sksurv's form of it, a score and Cox probabilities at the horizon."""
    from sksurv.datasets import load_gbsg2, load_veterans_lung_cancer
    from sksurv.linear_model import CoxPHSurvivalAnalysis

    if request.param == "veterans":
        table, events = load_veterans_lung_cancer()
        columns, horizon = ["Karnofsky_score", "Age_in_years", "Months_from_Diagnosis"], 90.5
    else:
        table, events = load_gbsg2()
        columns, horizon = ["age", "pnodes", "tsize", "progrec"], 1000.5
    covariates = table[columns].to_numpy(float)
    status, time = events.dtype.names
    cox = CoxPHSurvivalAnalysis().fit(covariates, events)
    survival = np.array([curve(horizon) for curve in cox.predict_survival_function(covariates)])
    outcome = Outcome(
        event=events[status].astype(int), time_days=events[time].copy(), horizon_days=horizon
    )
    return outcome, events, cox.predict(covariates), 1.0 - survival


def test_harrells_c_is_that_of_scikit_survival_and_of_lifelines(study) -> None:
    from lifelines.utils import concordance_index
    from sksurv.metrics import concordance_index_censored

    outcome, events, score, _ = study
    status, time = events.dtype.names
    theirs = concordance_index_censored(events[status], events[time], score)[0]
    others = concordance_index(events[time], -score, events[status])
    assert harrell_c(score, outcome) == pytest.approx(theirs, abs=SAME)
    assert harrell_c(score, outcome) == pytest.approx(others, abs=SAME)


def test_unos_c_is_that_of_scikit_survival(study) -> None:
    from sksurv.metrics import concordance_index_ipcw

    outcome, events, score, _ = study
    theirs = concordance_index_ipcw(events, events, score, tau=outcome.horizon_days)[0]
    assert ipcw_c(score, outcome) == pytest.approx(theirs, abs=SAME)


def test_the_area_at_a_time_is_that_of_scikit_survival(study) -> None:
    from sksurv.metrics import cumulative_dynamic_auc

    outcome, events, score, _ = study
    times = np.array([0.5, 1.0]) * outcome.horizon_days
    theirs, _ = cumulative_dynamic_auc(events, events, score, times)
    ours = [auroc(score, known_at(outcome, float(time))) for time in times]
    assert ours == pytest.approx(list(theirs), abs=SAME)


def test_the_brier_score_is_that_of_scikit_survival(study) -> None:
    from sksurv.metrics import brier_score

    outcome, events, _, probability = study
    horizon = outcome.horizon_days
    _, theirs = brier_score(events, events, 1.0 - probability[:, None], horizon)
    assert brier(probability, known_at(outcome)) == pytest.approx(theirs[0], abs=SAME)


def test_the_share_of_events_is_one_less_lifelines_survival(study) -> None:
    from lifelines import KaplanMeierFitter

    outcome, events, _, _ = study
    status, time = events.dtype.names
    curve = KaplanMeierFitter().fit(events[time], events[status])
    theirs = 1.0 - float(curve.predict(outcome.horizon_days))
    assert fracture_share(outcome) == pytest.approx(theirs, abs=SAME)


def test_the_share_that_breaks_before_death_is_that_of_scikit_survival() -> None:
    from sksurv.datasets import load_bmt
    from sksurv.nonparametric import cumulative_incidence_competing_risks

    _, events = load_bmt()
    status, time = events.dtype.names
    times, shares = cumulative_incidence_competing_risks(events[status], events[time])
    horizon = float(np.median(events[time]))
    outcome = Outcome(event=events[status], time_days=events[time] * 1.0, horizon_days=horizon)
    theirs = shares[1][np.searchsorted(times, horizon, side="right") - 1]
    assert set(events[status]) == {0, 1, 2}
    assert fracture_share(outcome) == pytest.approx(theirs, abs=SAME)


def test_areas_with_weights_are_those_of_scikit_learn(study) -> None:
    from sklearn.metrics import average_precision_score, roc_auc_score

    outcome, _, score, _ = study
    known = known_at(outcome)
    given = {"sample_weight": known.weight}
    rounded = np.round(score, 1)  # so that there are ties
    area = roc_auc_score(known.fractured, rounded, **given)
    precision = average_precision_score(known.fractured, rounded, **given)
    assert auroc(rounded, known) == pytest.approx(area, abs=SAME)
    assert auprc(rounded, known) == pytest.approx(precision, abs=SAME)


def test_intercept_and_slope_are_those_of_scikit_learn(study) -> None:
    from sklearn.linear_model import LogisticRegression

    outcome, _, _, probability = study
    known = known_at(outcome)
    logit = np.log(probability / (1.0 - probability))[:, None]
    model = LogisticRegression(C=np.inf, tol=1e-10, max_iter=1000)
    model.fit(logit, known.fractured, sample_weight=known.weight)
    assert calibration_line(probability, known)[1] == pytest.approx(model.coef_[0, 0], abs=1e-5)


def test_net_benefit_at_a_horizon_without_censoring_is_that_of_dcurves(study) -> None:
    import pandas as pd
    from dcurves import dca

    outcome, _, _, probability = study
    broke = (outcome.event == 1) & (outcome.time_days <= outcome.horizon_days)
    frame = pd.DataFrame({"outcome": broke.astype(int), "model": probability})
    thresholds = np.array([0.05, 0.2, 0.4])
    curves = dca(data=frame, outcome="outcome", modelnames=["model"], thresholds=thresholds)
    theirs = curves[curves["model"] == "model"].sort_values("threshold")["net_benefit"]
    alone = Outcome(event=broke.astype(int), time_days=None, horizon_days=1.0)
    predictor = Predictor(name="probability_model", kind="probability", values=probability)
    ours = net_benefit(predictor, known_at(alone), thresholds)
    assert ours == pytest.approx(list(theirs), abs=SAME)


def test_subgroups_are_those_of_fairlearn(cohort: Callable[..., Evidence]) -> None:
    from fairlearn.metrics import MetricFrame
    from sklearn.metrics import brier_score_loss, recall_score, roc_auc_score

    evidence = cohort(np.random.default_rng(6), 400, levels={"kernel": ("soft", "bone")})
    found = audit(evidence, threshold=0.2, resampling=Resampling(n=20, seed=0))
    broke, predicted = evidence.outcome.event, evidence.engine.values
    for name, metric, given in (
        ("auroc", roc_auc_score, predicted),
        ("brier", brier_score_loss, predicted),
        ("sensitivity", recall_score, (predicted >= 0.2).astype(int)),
    ):
        frame = MetricFrame(
            metrics=metric, y_true=broke, y_pred=given, sensitive_features=evidence.levels["kernel"]
        )
        ours = {row.level: getattr(row, name).value for row in found.rows}
        assert ours == pytest.approx(frame.by_group.to_dict(), abs=SAME)
