"""What the header of a scan tells: kernel, slices, voxels, contrast agent."""

import re

from femur_fea.domain import (
    CHOSEN_THRESHOLD,
    NO_PUBLISHED_EFFECT,
    Acquisition,
    ImageGrid,
    QualityFlag,
)
from femur_risk.quality.effects import KERNEL, SLICE_THICKNESS

__all__ = ["FINE_VOXEL_MM", "header_flags", "is_sharp"]

# Cortical bone of the neck is 1 to 2 mm thick; thicker voxels blur it away.
FINE_VOXEL_MM = 1.5

# Names of kernels for bone, lung and detail. Siemens' manuals (SOMATOM Sensation, "Body Kernels")
# name B50s to B80s for higher sharpness; those of other makers are from memory, not verified.
_SHARP = (
    re.compile(r"[A-Z][a-z]?[5-9]\d[a-z]?\b"),  # Siemens: B60s, B70f, Br64, Bl57
    re.compile(r"(BONE|BONEPLUS|EDGE|LUNG|ULTRA)\b", re.IGNORECASE),  # GE
    re.compile(r"FC(3\d|5\d|8\d)\b", re.IGNORECASE),  # Canon, Toshiba
    re.compile(r"(D|E|L|YC|YD|YE)\b"),  # Philips
)


def is_sharp(kernel: str) -> bool:
    """Whether the name of a kernel is that of a sharp one, for bone, lung or detail."""
    return any(pattern.match(kernel.strip()) for pattern in _SHARP)


def header_flags(grid: ImageGrid, acquisition: Acquisition) -> tuple[QualityFlag, ...]:
    """Return the flags that follow from voxels and header; what it does not tell has none.

    The tube voltage is a matter of the calibration, which may be of that voltage.
    """
    return (
        *_voxels(grid),
        *_slices(acquisition.slice_thickness_mm),
        *_kernel(acquisition.kernel),
        *_contrast(acquisition.contrast_agent),
    )


def _voxels(grid: ImageGrid) -> tuple[QualityFlag, ...]:
    largest = float(grid.spacing.max())
    if largest <= FINE_VOXEL_MM:
        return ()
    found = f"voxels of {largest:.3g} mm, in which a thin cortex is blurred"
    return (
        QualityFlag(
            name="voxel size",
            severity="caution",
            found=found,
            expected=f"at most {FINE_VOXEL_MM:g} mm",
            effect=CHOSEN_THRESHOLD,
        ),
    )


def _slices(thickness: float | None) -> tuple[QualityFlag, ...]:
    if thickness is None or thickness <= FINE_VOXEL_MM:
        return ()
    found = f"slices {thickness:.3g} mm thick"
    expected = f"at most {FINE_VOXEL_MM:g} mm"
    return (
        QualityFlag(
            name="slice thickness",
            severity="note",
            found=found,
            expected=expected,
            effect=SLICE_THICKNESS,
        ),
    )


def _kernel(kernel: str | None) -> tuple[QualityFlag, ...]:
    if kernel is None or not is_sharp(kernel):
        return ()
    found = f"the name of a sharp kernel, {kernel}"
    return (
        QualityFlag(
            name="kernel",
            severity="caution",
            found=found,
            expected="a kernel for soft tissue",
            effect=KERNEL,
        ),
    )


def _contrast(given: bool | None) -> tuple[QualityFlag, ...]:
    if not given:
        return ()
    found = "given, so that marrow and lesions appear denser"
    return (
        QualityFlag(
            name="contrast agent",
            severity="caution",
            found=found,
            expected="none",
            effect=NO_PUBLISHED_EFFECT,
        ),
    )
