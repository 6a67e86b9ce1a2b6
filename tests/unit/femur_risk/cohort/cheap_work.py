"""Work on a case that costs nothing, and every way in which it can go wrong."""

import ctypes
import hashlib
import os
import signal
import time
from pathlib import Path

from femur_fea.errors import ImageError


def work(task, folder):
    """Note that the case was begun, do as it says, and return a number that is its own."""
    with (folder / "begun.txt").open("a") as stream:
        stream.write(f"{task.case_id}\n")
    _WAYS[task.given.get("way", "well")](task, folder)
    digest = hashlib.sha256(task.case_id.encode()).hexdigest()
    return {"value": int(digest[:8], 16) / 7.0, "process": task.given.get("way", "well")}


def _well(task, _):
    time.sleep(task.given.get("seconds", 0.0))


def _refused(*_):
    raise ImageError(found="half an image", expected="a whole one", remedy="copy it again")


def _bug(*_):
    Path("/home/jane-doe/scan.nii").read_bytes()
    raise AssertionError


def _key(*_):
    raise KeyError("jane-doe")


def _crash(*_):
    ctypes.string_at(0)


def _slow(*_):
    time.sleep(1000.0)


def _fat(*_):
    held = []
    while True:
        held.append(bytearray(20_000_000))
        time.sleep(0.01)


def _killed_once(task, folder):
    mark = folder / f"{task.case_id}.killed"
    if not mark.exists():
        mark.touch()
        os.kill(os.getpid(), signal.SIGKILL)


_WAYS = {
    "well": _well,
    "refused": _refused,
    "bug": _bug,
    "key": _key,
    "crash": _crash,
    "slow": _slow,
    "fat": _fat,
    "killed_once": _killed_once,
}
