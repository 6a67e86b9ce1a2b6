"""A process that unpacks frames: `python decoder.py FOLDER FIRST STEP COUNT FRAME_BYTES SECONDS`.

It imports nothing of the project, so that it starts as a script. What it says goes nowhere; a frame
whose samples it has not written could not be read.
"""

import resource
import signal
import sys
from pathlib import Path

__all__ = ["packed_file", "unpacked_file"]

# memory beside what is mapped once the library is loaded: for its own buffers, and for each byte
# of a frame; JPEG 2000 holds a frame three times, in 32 bits
_BASE_BYTES = 64 << 20
_PER_FRAME_BYTE = 16


def packed_file(folder: Path, n: int) -> Path:
    """Return the name of the file with frame `n`."""
    return folder / f"{n}.dcm"


def unpacked_file(folder: Path, n: int) -> Path:
    """Return the name of the file with the samples of frame `n`."""
    return folder / f"{n}.raw"


def main(folder: Path, first: int, step: int, count: int, frame_bytes: int, seconds: int) -> None:
    """Unpack every `step`-th of `count` frames one after the other until one fails."""
    import SimpleITK as sitk

    sitk.ProcessObject.SetGlobalDefaultNumberOfThreads(1)
    _limit_memory(_BASE_BYTES + _PER_FRAME_BYTE * frame_bytes)
    reader = sitk.ImageFileReader()
    reader.SetImageIO("GDCMImageIO")
    for n in range(first, count, step):
        signal.alarm(seconds)  # ends the process
        reader.SetFileName(str(packed_file(folder, n)))
        image = reader.Execute()
        samples = sitk.GetArrayViewFromImage(image)
        if samples.itemsize != 2:
            return
        samples.tofile(unpacked_file(folder, n))
        packed_file(folder, n).unlink()


def _limit_memory(n_bytes: int) -> None:
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    limit = pages * resource.getpagesize() + n_bytes
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))


if __name__ == "__main__":
    main(Path(sys.argv[1]), *(int(text) for text in sys.argv[2:]))
