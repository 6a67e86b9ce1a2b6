import subprocess
import sys

import pytest

HEAVY = ("torch", "dolfinx", "gmsh", "vtk", "vtkmodules", "pyvista", "SimpleITK", "matplotlib")


@pytest.mark.parametrize(
    "package",
    [
        "femur_fea.domain",
        "femur_fea.materials",
        "femur_fea.loads",
        "femur_fea.presets",
        "femur_fea.solver",
        "femur_fea.io",
        "calibration",
        "meshing",
        "viz",
        "femur_risk.config",
        "femur_risk.cli",
        "femur_risk.segmentation",
        "femur_risk.quality",
        "femur_risk.scanner",
        "femur_risk.population",
        "femur_fea.restoration",
    ],
)
def test_importing_a_package_does_not_load_a_heavy_library(package) -> None:
    code = f"import sys, {package}; print(*sorted(set({HEAVY!r}) & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert done.stdout.split() == []
