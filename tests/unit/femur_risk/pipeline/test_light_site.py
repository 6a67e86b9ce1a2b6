import numpy as np
import pytest

from femur_fea.domain import BoneMesh, StrengthResult, WeakestSite
from femur_fea.errors import FemurFEAWarning
from femur_risk.pipeline.linear_failure import warn_of_light_site


def two_cells() -> BoneMesh:
    base = np.array([[0.0, 0, 0], [1, 0, 0], [0, 1, 0], [0, 0, 1]])
    points = np.concatenate([base, base + np.array([0, 0, 5])])
    return BoneMesh(points=points, cells=np.arange(8).reshape(2, 4), kind="tet10", side="left")


def failing_in(mesh: BoneMesh, cell: int) -> StrengthResult:
    risk = np.where(mesh.facet_cells == cell, 1.0, 0.5)
    risk[np.flatnonzero(mesh.facet_cells != cell)[0]] = np.nan
    return StrengthResult(
        load="stance",
        criterion="schileo_2014",
        quantity="force",
        failure_load=1000.0,
        first_yield_load=1000.0,
        stiffness=1000.0,
        weakest_site=WeakestSite(point=np.zeros(3), region="neck", mode="tension"),
        risk_factor=risk,
        surface_strain=np.stack([risk, -risk], axis=1),
    )


def test_a_weakest_site_lighter_than_the_laws_bone_is_warned_of() -> None:
    mesh = two_cells()
    with pytest.warns(FemurFEAWarning, match="may be tumour without a mask"):
        warn_of_light_site(mesh, np.array([True, False]), failing_in(mesh, 0))


def test_light_tissue_elsewhere_is_not_warned_of(recwarn: pytest.WarningsRecorder) -> None:
    mesh = two_cells()
    warn_of_light_site(mesh, np.array([True, False]), failing_in(mesh, 1))
    assert not recwarn.list
