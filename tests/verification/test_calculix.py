"""CalculiX, an independent program, finds the same displacement from the exported model."""

import dataclasses
import os
import shutil
import subprocess
from contextlib import nullcontext

import numpy as np
import pytest

from femur_fea.domain import ElasticField, LoadCase, TransverseCortex, integration_points
from femur_fea.errors import FemurFEAWarning
from femur_fea.io.export import export_model, write_inp
from femur_fea.materials import CORTEX_ANISOTROPY
from femur_fea.solver import solve_linear

THEME = "two programs"
# ccx prints six decimals of each mantissa; half a unit of the last one is 5e-7 of 1
PRINTED = 5e-7
ROUND_OFF = 1e-10  # of entries near zero: the inputs have twelve decimals
SHEAR = np.array([[1.0, 0.1, 0.0], [0.3, 0.9, 0.2], [-0.2, 0.4, 1.0]])
ELEMENTS = {"tet10": "C3D10", "tet4": "C3D4", "hex8": "C3D8"}


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
def test_calculix_finds_the_same_displacement(
    tmp_path, ccx, box, end_load, wavy_modulus, agree, kind
):
    straight = box((4, 3, 6), (9.0, 8.0, 20.0), kind)
    load = end_load(straight, [1.0, 0.4, -2.0])
    mesh = dataclasses.replace(straight, points=straight.points @ SHEAR)
    # one modulus in each cell and a material to each: CalculiX has the same discrete problem
    E = wavy_modulus(integration_points(mesh)).mean(axis=1, keepdims=True)
    elastic = ElasticField(E_modulus=E, nu=0.35)
    model = export_model(mesh, elastic, load, bin_tolerance=0.0)
    theirs = _displacement(ccx, tmp_path, model)[: mesh.n_points]
    ours = solve_linear(mesh, elastic, [load], tolerance=1e-12)[0].u
    allowed = PRINTED * np.abs(theirs) + ROUND_OFF * np.abs(ours).max()
    agree(
        "displacement of a bar of uneven modulus, largest difference over the last printed digit",
        found=(np.abs(ours - theirs) / allowed).max(),
        expected=0.0,
        atol=1.0,
        origin="CalculiX prints six decimals of a mantissa: 5e-7 of each component",
        source=f"CalculiX, {ELEMENTS[kind]}, a material to each cell",
    )


@pytest.mark.parametrize("kind", ["tet10", "tet4", "hex8"])
def test_calculix_finds_the_same_displacement_of_a_bar_that_is_driven(
    tmp_path, ccx, box, wavy_modulus, agree, kind
):
    mesh = box((4, 3, 6), (9.0, 8.0, 20.0), kind)
    z = mesh.points[:, 2]
    held = np.repeat((z == 0.0)[:, None], 3, axis=1)
    held[z == z.max(), 1:] = True  # the top is free to slide along x
    displacement = np.where((z == z.max())[:, None], [0.0, 0.02, -0.05], 0.0)
    load = LoadCase(
        name="drive",
        traction=np.zeros((mesh.n_points, 3)),
        held=held,
        displacement=displacement,
        magnitude=0.0,
        excluded=np.zeros(mesh.n_points, dtype=bool),
    )
    E = wavy_modulus(integration_points(mesh)).mean(axis=1, keepdims=True)
    elastic = ElasticField(E_modulus=E, nu=0.35)
    theirs = _displacement(ccx, tmp_path, export_model(mesh, elastic, load, bin_tolerance=0.0))
    ours = solve_linear(mesh, elastic, [load], tolerance=1e-12)[0].u
    theirs = theirs[: mesh.n_points]
    allowed = PRINTED * np.abs(theirs) + ROUND_OFF * np.abs(ours).max()
    agree(
        "displacement of a bar whose end is driven, largest difference over the last printed digit",
        found=(np.abs(ours - theirs) / allowed).max(),
        expected=0.0,
        atol=1.0,
        origin="CalculiX prints six decimals of a mantissa: 5e-7 of each component",
        source=f"CalculiX, {ELEMENTS[kind]}, a material to each cell",
    )


def test_binning_to_one_per_cent_changes_the_compliance_by_less(
    tmp_path, ccx, box, end_load, wavy_modulus, agree
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
    agree(
        "compliance with moduli in bins of 1 % over that without",
        found=work / ours.external_work,
        expected=1.0,
        rtol=0.01,
        origin="the modulus is everywhere within 1 % of its bin's: so is the compliance",
        source="CalculiX, C3D10",
    )


@pytest.mark.parametrize("kind", ["tet10", "hex8"])
def test_calculix_finds_the_same_displacement_of_a_cortex_with_a_direction(
    tmp_path, ccx, box, end_load, wavy_modulus, kind, agree
):
    mesh = box((4, 3, 6), (9.0, 8.0, 20.0), kind)
    E = wavy_modulus(integration_points(mesh)).mean(axis=1, keepdims=True)
    cortex = TransverseCortex(
        cells=mesh.centroids[:, 0] < 5.0,
        axis=np.array([0.36, -0.48, 0.8]),
        ratios=CORTEX_ANISOTROPY["reilly_burstein_1975"],
    )
    elastic = ElasticField(E_modulus=E, nu=0.3, cortex=cortex)
    load = end_load(mesh, [1.0, 0.4, -2.0])
    model = export_model(mesh, elastic, load, bin_tolerance=0.0)
    theirs = _displacement(ccx, tmp_path, model)[: mesh.n_points]
    locks = pytest.warns(FemurFEAWarning, match="which locks") if kind == "hex8" else nullcontext()
    with locks:
        ours = solve_linear(mesh, elastic, [load], tolerance=1e-12)[0].u
    allowed = PRINTED * np.abs(theirs) + ROUND_OFF * np.abs(ours).max()
    agree(
        "displacement of a bar with a transversely isotropic half, largest difference over the "
        "last printed digit",
        found=(np.abs(ours - theirs) / allowed).max(),
        expected=0.0,
        atol=1.0,
        origin="CalculiX prints six decimals of a mantissa: 5e-7 of each component",
        source=f"CalculiX, {ELEMENTS[kind]}, engineering constants with an orientation",
    )
