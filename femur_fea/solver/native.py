"""C that is compiled for the processor at hand on first use, and kept."""

import ctypes
import hashlib
import os
import platform
import shutil
import subprocess
import sysconfig
import tempfile
from pathlib import Path

from femur_fea.errors import MissingDependencyError

__all__ = ["load_library"]

_FLAGS = ("-O3", "-march=native", "-shared", "-fPIC")


def load_library(source: Path) -> ctypes.CDLL:
    """Return a C source as a library, from the cache where it lies there.

    What is compiled for one kind of processor may fail on another, so the name in the cache holds
    the processor's as well as the compiler's. Processes that compile at the same time do not
    disturb each other.

    Raises
    ------
    MissingDependencyError
        If there is no working C compiler.
    """
    compiler = (os.environ.get("CC") or sysconfig.get_config_var("CC") or "cc").split()
    path = _cache() / f"{source.stem}_{_fingerprint(source, compiler)}.so"
    try:
        if not path.exists():
            _compile(source, compiler, path)
        return ctypes.CDLL(str(path))
    except OSError as error:
        raise MissingDependencyError(
            found=f"a cache that compiled code cannot be written to or run from ({error.strerror})",
            expected="a folder that holds programs: ~/.cache, or under XDG_CACHE_HOME",
            remedy="set XDG_CACHE_HOME to a folder of yours that is not mounted noexec",
        ) from error


def _cache() -> Path:
    home = os.environ.get("XDG_CACHE_HOME")
    return (Path(home) if home else Path.home() / ".cache") / "femur-fea"


def _fingerprint(source: Path, compiler: list[str]) -> str:
    words = (*compiler, *_FLAGS, _processor(), _built(compiler[0]))
    parts = (source.read_bytes(), *(word.encode() for word in words))
    return hashlib.sha256(b"\0".join(parts)).hexdigest()[:16]


def _built(compiler: str) -> str:
    """Return when the compiler was installed, so that a newer one compiles anew."""
    found = shutil.which(compiler)
    return str(Path(found).resolve().stat().st_mtime_ns) if found else ""


def _processor() -> str:
    """Return the instructions that the processor has, where the system tells."""
    path = Path("/proc/cpuinfo")
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    told = [line for line in lines if line.startswith(("flags", "Features"))]
    return f"{platform.machine()} {told[0] if told else platform.processor()}"


def _compile(source: Path, compiler: list[str], path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=path.parent) as folder:
        library = Path(folder) / path.name
        command = [*compiler, *_FLAGS, "-o", str(library), str(source)]
        try:
            subprocess.run(command, check=True, capture_output=True, text=True)
        except (subprocess.CalledProcessError, OSError) as error:
            told = getattr(error, "stderr", None) or str(error)
            raise MissingDependencyError(
                found=f"a C compiler that fails or is absent ({told.strip()[-100:]})",
                expected="a working C compiler: the stiffness is compiled on first use",
                remedy="install gcc or clang, or set CC to one",
            ) from error
        library.replace(path)
