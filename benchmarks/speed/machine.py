"""What the numbers of a benchmark depend on: the machine and the versions."""

import importlib.metadata
import os
import platform
import shutil
import subprocess
import time
from pathlib import Path
from typing import Any

import psutil

__all__ = ["describe_machine", "find_versions"]

_PACKAGES = ("femur-fea", "dolfinx-solver-real", "scikit-fem", "scipy", "numpy")


def describe_machine() -> dict[str, Any]:
    """Return what the timings depend on."""
    return {
        "python": platform.python_version(),
        "system": f"{platform.system()} {platform.machine()}",
        "processor": _processor(),
        "cores": os.cpu_count(),
        "memory_GB": round(psutil.virtual_memory().total / 2**30, 1),
        "date": time.strftime("%Y-%m-%d"),
    }


def find_versions() -> dict[str, str]:
    """Return the versions of all that a benchmark compares."""
    found = {name: importlib.metadata.version(name) for name in _PACKAGES}
    ccx = shutil.which("ccx")
    if ccx is not None:
        answer = subprocess.run([ccx, "-v"], capture_output=True, text=True, check=False)
        found["calculix"] = answer.stdout.strip().removeprefix("This is Version ")
    return found


def _processor() -> str:
    """Return the processor's model, as Linux names it."""
    for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
        if line.startswith("model name"):
            return line.split(":", 1)[1].strip()
    return platform.processor()
