"""CalculiX, an independent program, finds the same displacement from the exported model."""

import dataclasses
import os
import shutil
import subprocess

import numpy as np
import pytest

from femur_fea.domain import ElasticField
from femur_fea.io.export import export_model, write_inp
from femur_fea.mapping import integration_points
from femur_fea.solver import solve_linear

# ccx prints six decimals of each mantissa; half a unit of the last one is 5e-7 of 1
PRINTED = 5e-7
SHEAR = np.array([[1.0, 0.1, 0.0], [0.3, 0.9, 0.2], [-0.2, 0.4, 1.0]])


@pytest.fixture(scope="module")
def ccx():
    program = shutil.which("ccx")
    if program is None:
        pytest.skip("CalculiX (ccx) is not on the PATH; Debian package calculix-ccx")
    return program


def _displacement(ccx, folder, model):
    """Return the displacement of all nodes that CalculiX prints, (n_nodes, 3), mm."""
    write_inp(folder / "femur.inp", model)
    environment = {**os.environ, "OMP_NUM_THREADS": "1"}
    run = subprocess.run(
        [ccx, "-i", "femur"],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert run.returncode == 0, run.stdout[-2000:]
    lines = (folder / "femur.dat").read_text().splitlines()
    rows = np.array([line.split() for line in lines if len(line.split()) == 4], dtype=float)
    np.testing.assert_array_equal(rows[:, 0], np.arange(len(model.nodes)) + 1)
    return rows[:, 1:]


@pytest.mark.parametrize("kind", ["tet10", "tet4", "hex8"])
def test_calculix_finds_the_same_displacement(tmp_path, ccx, box, end_load, wavy_modulus, kind):
    straight = box((4, 3, 6), (9.0, 8.0, 20.0), kind)
    load = end_load(straight, [1.0, 0.4, -2.0])
    mesh = dataclasses.replace(straight, points=straight.points @ SHEAR)
    # one modulus in each cell and a material to each: CalculiX has the same discrete problem
    E = wavy_modulus(integration_points(mesh)).mean(axis=1, keepdims=True)
    elastic = ElasticField(E_modulus=E, nu=0.35)
    model = export_model(mesh, elastic, load, bin_tolerance=0.0)
    theirs = _displacement(ccx, tmp_path, model)[: mesh.n_points]
    ours = solve_linear(mesh, elastic, [load], tolerance=1e-12)[0].u
    # to the printed digits; entries near zero to the round-off of the inputs' twelve decimals
    np.testing.assert_allclose(ours, theirs, rtol=PRINTED, atol=1e-10 * np.abs(ours).max())


def test_binning_to_one_per_cent_changes_the_compliance_by_less(
    tmp_path, ccx, box, end_load, wavy_modulus
):
    mesh = box((4, 3, 6), (9.0, 8.0, 20.0), "tet10")
    E = wavy_modulus(integration_points(mesh)).mean(axis=1, keepdims=True)
    elastic = ElasticField(E_modulus=E, nu=0.35)
    load = end_load(mesh, [1.0, 0.4, -2.0])
    model = export_model(mesh, elastic, load, bin_tolerance=0.01)
    assert len(model.materials.E_modulus) < mesh.n_cells / 2
    theirs = _displacement(ccx, tmp_path, model)
    ours = solve_linear(mesh, elastic, [load], tolerance=1e-12)[0]
    work = float(np.vdot(model.forces, theirs))
    # E everywhere between 0.99 and 1.01 of the bin's: so is the compliance
    assert work == pytest.approx(ours.external_work, rel=0.01)
