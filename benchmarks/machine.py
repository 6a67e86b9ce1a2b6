"""What the numbers of a benchmark depend on, written with them: the machine and the versions."""

import json
import os
import platform
import shutil
import subprocess
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import psutil

from femur_risk.pipeline.versions import installed_versions, versions_of

__all__ = ["describe_machine", "find_versions", "write_results"]


def write_results(path: Path, content: Mapping[str, Any]) -> str:
    """Write what a benchmark found, behind the machine and the versions, and return the text."""
    whole = {"machine": describe_machine(), "versions": find_versions(), **content}
    text = json.dumps(whole, indent=2) + "\n"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return text


def describe_machine() -> dict[str, Any]:
    """Return what round-off and times depend on."""
    return {
        "system": f"{platform.system()} {platform.machine()}",
        "processor": _processor(),
        "cores": os.cpu_count(),
        "memory_GB": round(psutil.virtual_memory().total / 2**30, 1),
        "date": time.strftime("%Y-%m-%d"),
    }


def find_versions() -> dict[str, str]:
    """Return the versions of this software, its libraries and the programs it is compared with."""
    found = installed_versions() | versions_of(["scikit-fem"])
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
