"""C that is compiled for the processor at hand on first use, and kept."""

import ctypes
import hashlib
import os
import platform
import shutil
import subprocess
import sysconfig
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from femur_fea.errors import MissingDependencyError

__all__ = ["load_library", "try_compiler"]

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
    compiler = _compiler()
    path = _cache() / f"{source.stem}_{_fingerprint(source, compiler)}.so"
    with _usable_cache():
        if not path.exists():
            _compile(source, compiler, path)
        return ctypes.CDLL(str(path))


def try_compiler(source: Path) -> str:
    """Compile and load a C source as its first use does, whatever lies in the cache, and tell.

    Raises
    ------
    MissingDependencyError
        If there is no C compiler that takes the flags, or no cache to write to and run from.
    """
    compiler = _compiler()
    with _usable_cache():
        _cache().mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=_cache()) as folder:
            path = Path(folder) / f"{source.stem}.so"
            _compile(source, compiler, path)
            ctypes.CDLL(str(path))
    return f"{compiler[0]} compiles for this processor ({' '.join(_FLAGS[:2])})"


def _compiler() -> list[str]:
    return (os.environ.get("CC") or sysconfig.get_config_var("CC") or "cc").split()


@contextmanager
def _usable_cache() -> Iterator[None]:
    try:
        yield
    except MissingDependencyError:
        raise
    except OSError as error:
        told = error.strerror or str(error).rpartition(":")[2].strip()
        raise MissingDependencyError(
            found=f"a cache that compiled code cannot be written to or run from ({told})",
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
            raise _no_compiler(f"fails or is absent ({told.strip()[-100:]})") from error
        if not library.exists():
            raise _no_compiler(f"makes nothing ({compiler[0]})")
        library.replace(path)


def _no_compiler(how: str) -> MissingDependencyError:
    return MissingDependencyError(
        found=f"a C compiler that {how}",
        expected=f"one that takes {' '.join(_FLAGS)}: the stiffness is compiled on first use",
        remedy="install gcc or clang, or set CC to one",
    )
