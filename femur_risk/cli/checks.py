"""What a computer must have to run femur-fea, each tried out rather than looked up."""

import importlib.metadata
import os
import platform
import shutil
import subprocess
import sys
import sysconfig
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import psutil  # type: ignore[import-untyped] # it has no type information

from femur_risk.pipeline import PACKAGES, foreign_packages

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["Check", "run_checks"]

_MIN_FREE_DISK_GB = 2.0  # a run with a clinical CT writes some hundred MB
_MIN_MEMORY_GB = 4.0  # 1.1 million unknowns took 2.2 GB in one process, the CT comes on top
_PATIENCE = 120.0  # s; a first import from a cold disk takes many seconds

_C_PROGRAM = "#include <Python.h>\nint femur_fea_probe(void) { return PY_MAJOR_VERSION; }\n"
_SPHERE = """
import sys, pyvista
plotter = pyvista.Plotter(off_screen=True, window_size=(64, 64))
plotter.add_mesh(pyvista.Sphere(), color="red")
image = plotter.screenshot(return_img=True)
sys.exit(0 if image.std() > 0 else "an empty picture")
"""
_DOLFINX = """
from femur_fea.solver.environment import require_dolfinx
require_dolfinx()
import dolfinx
print(dolfinx.__version__)
"""
_PROBE = """
import sys
from femur_fea.errors import FemurFEAError
from femur_fea.solver import probe
try:
    print(probe.{name}())
except FemurFEAError as error:
    sys.exit(" ".join(str(error).split()))
"""
_GMSH = "import gmsh; print(gmsh.__version__)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One thing that was tried.

    Attributes
    ----------
    name : str
        What was tried.
    passed : bool
        Whether it worked.
    required : bool
        Whether nothing works without it.
    found : str
        What was found.
    remedy : str
        What to do if it did not work.
    """

    name: str
    passed: bool
    required: bool
    found: str
    remedy: str = ""


def run_checks() -> tuple[Check, ...]:
    """Try everything, in the order in which a run needs it."""
    checks: tuple[Callable[[], Check], ...] = (
        _python,
        _packages,
        _working_directory,
        _c_compiler,
        _compiled_stiffness,
        _dolfinx,
        _mpi,
        _gmsh,
        _rendering,
        _gpu,
        _memory,
        _disk,
    )
    return tuple(check() for check in checks)


def _python() -> Check:
    return Check(
        name="Python",
        passed=sys.version_info >= (3, 12),
        required=True,
        found=platform.python_version(),
        remedy="install Python 3.12 or later",
    )


def _packages() -> Check:
    foreign = foreign_packages()
    return Check(
        name="packages",
        passed=not foreign,
        required=True,
        found=f"hidden by other modules: {', '.join(foreign)}"
        if foreign
        else f"{importlib.metadata.version('femur-fea')}, all beside each other",
        remedy="rename or leave the folder that holds a module of that name, and use the command "
        "femur-fea rather than python -m",
    )


def _working_directory() -> Check:
    """Whether `python -m` from here would import a user's file in place of ours."""
    home = Path(__file__).resolve().parents[2]
    here = Path.cwd()
    hiding = [
        name
        for name in PACKAGES
        if here != home and ((here / f"{name}.py").exists() or (here / name).is_dir())
    ]
    return Check(
        name="working directory",
        passed=not hiding,
        required=False,
        found=f"holds {', '.join(hiding)}, which python -m would import in place of ours"
        if hiding
        else "hides none of our packages",
        remedy="rename them, or work in another folder",
    )


def _c_compiler() -> Check:
    """Compile what DOLFINx compiles: a shared library that includes Python's headers."""
    compiler = (os.environ.get("CC") or sysconfig.get_config_var("CC") or "cc").split()
    remedy = (
        "install a C compiler and Python's headers: apt-get install build-essential python3-dev"
    )
    if shutil.which(compiler[0]) is None:
        return Check(
            name="C compiler",
            passed=False,
            required=True,
            found=f"no {compiler[0]!r} on the PATH; DOLFINx compiles forms when it runs",
            remedy=f"{remedy}, or name one in the variable CC",
        )
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "probe.c"
        source.write_text(_C_PROGRAM, encoding="utf-8")
        include = sysconfig.get_paths()["include"]
        command = [*compiler, "-shared", "-fPIC", f"-I{include}", str(source), "-o", f"{source}.so"]
        passed, text = _try(command)
    return Check(
        name="C compiler",
        passed=passed,
        required=True,
        found=f"{compiler[0]} compiles against Python's headers" if passed else text,
        remedy=remedy,
    )


def _dolfinx() -> Check:
    passed, text = _try([sys.executable, "-c", _DOLFINX])
    return Check(
        name="DOLFINx",
        passed=passed,
        required=True,
        found=text,
        remedy="install dolfinx-solver-real with pip, or fenics-dolfinx with conda",
    )


def _compiled_stiffness() -> Check:
    """Compile what the solver compiles, for this processor, where it keeps it."""
    passed, text = _try([sys.executable, "-c", _PROBE.format(name="try_compiled_stiffness")])
    return Check(
        name="compiled stiffness",
        passed=passed,
        required=True,
        found=text,
        remedy="install gcc or clang, or name one in the variable CC; name a folder to keep "
        "compiled code in XDG_CACHE_HOME",
    )


def _mpi() -> Check:
    """Start ranks as a run does: an mpiexec of another MPI starts ranks that never meet."""
    passed, text = _try([sys.executable, "-c", _PROBE.format(name="try_started_ranks")])
    return Check(
        name="MPI",
        passed=passed,
        required=False,
        found=text,
        remedy="use --ranks 1, or install the wheel mpich, or the MPI that DOLFINx was built with",
    )


def _gmsh() -> Check:
    passed, text = _try([sys.executable, "-c", _GMSH])
    return Check(
        name="gmsh",
        passed=passed,
        required=True,
        found=text,
        remedy="on Debian or Ubuntu: apt-get install libglu1-mesa libgl1 libxrender1 libxcursor1 "
        "libxft2 libxinerama1 libxfixes3",
    )


def _rendering() -> Check:
    passed, text = _try([sys.executable, "-c", _SPHERE])
    return Check(
        name="off-screen rendering",
        passed=passed,
        required=True,
        found="drew a sphere" if passed else text,
        remedy="on Debian or Ubuntu: apt-get install libgl1 libegl1 libosmesa6 libxrender1",
    )


def _gpu() -> Check:
    tool = shutil.which("nvidia-smi")
    passed, text = (
        _try([tool, "--query-gpu=name", "--format=csv,noheader"])
        if tool
        else (False, "none; this version does not use one")
    )
    return Check(name="GPU", passed=passed, required=False, found=text)


def _memory() -> Check:
    total = psutil.virtual_memory().total / 1e9
    return Check(
        name="memory",
        passed=total >= _MIN_MEMORY_GB,
        required=False,
        found=f"{total:.1f} GB, {psutil.virtual_memory().available / 1e9:.1f} GB of it free",
        remedy=f"use a computer with {_MIN_MEMORY_GB:.0f} GB, or a larger --edge-length-mm",
    )


def _disk() -> Check:
    free = shutil.disk_usage(Path.cwd()).free / 1e9
    return Check(
        name="disk",
        passed=free >= _MIN_FREE_DISK_GB,
        required=False,
        found=f"{free:.1f} GB free in the working directory",
        remedy=f"free {_MIN_FREE_DISK_GB:.0f} GB, or give --out on another disk",
    )


def _try(command: list[str]) -> tuple[bool, str]:
    """Return whether a command works, and the last line that it says."""
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, timeout=_PATIENCE, check=False
        )
    except subprocess.TimeoutExpired:
        return False, f"no answer within {_PATIENCE:.0f} s"
    lines = (done.stdout if done.returncode == 0 else done.stderr).strip().splitlines()
    return done.returncode == 0, lines[-1] if lines else f"exit code {done.returncode}"
