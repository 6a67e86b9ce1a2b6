"""How many processor cores this process may use."""

import os
from pathlib import Path

__all__ = ["count_cores", "count_processors"]

_TOPOLOGY = Path("/sys/devices/system/cpu")
_QUOTA = Path("/sys/fs/cgroup/cpu.max")


def count_cores() -> int:
    """Return the number of physical cores that this process may use, at least 1.

    Two hardware threads of one core share its arithmetic, so a rank on each would gain little. A
    container's limit counts like cores that are not there.
    """
    cores = {_threads_of_core(cpu) for cpu in _usable()}
    found = len(cores) if cores else (os.cpu_count() or 1)
    return max(1, min(found, _quota(found)))


def count_processors() -> int:
    """Return the number of hardware threads that this process may run on, at least 1."""
    return len(_usable()) or os.cpu_count() or 1


def _usable() -> set[int]:
    """Return the hardware threads that this process may run on; none where nobody tells."""
    return os.sched_getaffinity(0) if hasattr(os, "sched_getaffinity") else set[int]()


def _threads_of_core(cpu: int) -> str:
    """Return the hardware threads of the core that `cpu` is one of, as the system writes them."""
    path = _TOPOLOGY / f"cpu{cpu}/topology/thread_siblings_list"
    return path.read_text(encoding="ascii").strip() if path.exists() else str(cpu)


def _quota(otherwise: int) -> int:
    """Return how many cores the control group grants, rounded down, or `otherwise`."""
    if not _QUOTA.exists():
        return otherwise
    granted, period = _QUOTA.read_text(encoding="ascii").split()
    return otherwise if granted == "max" else int(granted) // int(period)
