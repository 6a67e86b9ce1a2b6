"""What the header of a scan tells: kernel, slices, voxels, contrast agent."""

from femur_fea.domain import (
    CHOSEN_THRESHOLD,
    NO_PUBLISHED_EFFECT,
    Acquisition,
    ImageGrid,
    QualityFlag,
    Spectrum,
    spectrum_of,
)
from femur_risk.quality.effects import SLICE_THICKNESS
from femur_risk.quality.kernels import effect_of_kernel

__all__ = ["FINE_VOXEL_MM", "header_flags"]

# Cortical bone of the neck is 1 to 2 mm thick; thicker voxels blur it away.
FINE_VOXEL_MM = 1.5

_COMPUTED: dict[Spectrum, str] = {
    "one energy": "computed as if X-rays of one energy had made it, so that no tube voltage tells "
    "its density",
    "several tubes": "blended from several tube voltages, so that none of them tells its density",
    "material": "of a material or without one, which is no image of density",
}


def header_flags(grid: ImageGrid, acquisition: Acquisition) -> tuple[QualityFlag, ...]:
    """Return the flags that follow from voxels and header; what it does not tell has none.

    The tube voltage is a matter of the calibration, which may be of that voltage.
    """
    return (
        *_voxels(grid),
        *_slices(acquisition.slice_thickness_mm),
        *_kernel(acquisition.kernel),
        *_contrast(acquisition.contrast_agent),
        *_image_type(acquisition.image_type),
        *_beam_filter(acquisition.beam_filter),
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
    effect = None if kernel is None else effect_of_kernel(kernel)
    if effect is None:
        return ()
    found = f"the name of a sharp kernel, {kernel}"
    return (
        QualityFlag(
            name="kernel",
            severity="caution",
            found=found,
            expected="a kernel for soft tissue",
            effect=effect,
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


def _image_type(image_type: str | None) -> tuple[QualityFlag, ...]:
    if image_type is None:
        return ()
    spectrum = spectrum_of(image_type)
    derived = "DERIVED" in image_type.split()
    if spectrum == "tube" and not derived:
        return ()
    meaning = _COMPUTED.get(spectrum, "computed from other images, which may blur or resample")
    return (
        QualityFlag(
            name="image type",
            severity="note" if spectrum == "tube" else "caution",
            found=f"an image of the type {image_type}: {meaning}",
            expected="one that was reconstructed from one tube voltage",
            effect=NO_PUBLISHED_EFFECT,
        ),
    )


def _beam_filter(metals: str | None) -> tuple[QualityFlag, ...]:
    if "TIN" not in (metals or "").split():
        return ()
    return (
        QualityFlag(
            name="beam filter",
            severity="caution",
            found="tin, which hardens the X-rays, so that bone looks less dense than the tube "
            "voltage lets expect",
            expected="none, or a calibration of the same filter",
            effect=NO_PUBLISHED_EFFECT,
        ),
    )
