"""Replace what an image shows by what a lesion holds."""

import numpy as np
from scipy import ndimage

from femur_fea.domain import BoolArray, FloatArray
from femur_fea.errors import EmptyMaskError
from meshing.bone.blending import smooth_step
from meshing.bone.fields import draw_field
from meshing.bone.geometry import BoneGeometry
from meshing.lesions.content import LesionContent
from meshing.lesions.lesion import Lesion
from meshing.lesions.noise import CTNoise, make_noise
from meshing.lesions.shares import LesionShares, share_of_voxels

__all__ = ["implant"]

_PATCH = 0.16  # correlation length of what is inside, over the diameter: a choice
_N_WAVES = 40
_HALF = 0.5  # of a voxel, from which it counts as lesion


def implant(
    values: FloatArray,
    geometry: BoneGeometry,
    lesion: Lesion,
    content: LesionContent,
    *,
    blur: float,
    noise: CTNoise | None,
) -> tuple[FloatArray, BoolArray, BoolArray]:
    """Return an image's values with a lesion, its voxels in the bone, and those outside.

    Parameters
    ----------
    values : (ni, nj, nk)
        Of an image, in the unit of `content`.
    geometry : BoneGeometry
        The femur, on the image's grid.
    lesion : Lesion
        What is put in.
    content : LesionContent
        What lesions hold.
    blur : float, mm
        Standard deviation of the image's point spread.
    noise : CTNoise or None
        Noise to put back where tissue is replaced.

    Raises
    ------
    EmptyMaskError
        If the lesion takes half of no voxel of the bone.
    """
    shares = share_of_voxels(geometry, lesion)
    _check_any(shares, lesion)
    box = shares.box
    old = values[box].astype(float)
    width = blur / geometry.grid.spacing
    bone, soft, rim = (
        ndimage.gaussian_filter(s, width, truncate=3.0)
        for s in (shares.bone, shares.soft, shares.rim)
    )
    woven, patches = _inside(geometry, lesion, content, shares)
    dense = np.maximum(old, woven)
    if lesion.kind == "blastic":
        filled = dense
    else:
        soft_part = content.tumour if lesion.kind == "lytic" else _mixed(content, dense, patches)
        filled = soft_part + (dense - soft_part) * rim / np.maximum(bone, 1e-6)
    new = old + bone * (filled - old)
    new += soft * (content.tumour - new)
    if noise is not None:
        new += _lost_noise(old, filled, bone + soft, noise, lesion)
    result = values.copy()
    result[box] = new
    return result, _whole(values, shares, shares.bone), _whole(values, shares, shares.soft)


def _check_any(shares: LesionShares, lesion: Lesion) -> None:
    if not np.any(shares.bone >= _HALF):
        raise EmptyMaskError(
            found=f"a lesion of {lesion.diameter:g} mm that takes half of no voxel of the bone",
            expected="a lesion in the bone, larger than a voxel",
            remedy="make it larger, keep less of the cortex, or correct its centre",
        )


def _inside(
    geometry: BoneGeometry, lesion: Lesion, content: LesionContent, shares: LesionShares
) -> tuple[FloatArray, FloatArray]:
    """Return the values of woven bone, and a field that tells where a mixed lesion has it."""
    shape = shares.bone.shape
    first = np.array([part.start for part in shares.box])
    index = (np.indices(shape).reshape(3, -1).T + first).astype(float)
    local = geometry.frame.to_frame(geometry.grid.to_world(index)) - np.asarray(lesion.centre)
    fields = (
        draw_field(
            np.random.default_rng([lesion.seed, 20 + n]), length=_PATCH, n_waves=_N_WAVES
        ).at(local / lesion.diameter)
        for n in range(2)
    )
    variation, patches = (field.reshape(shape).astype(float) for field in fields)
    woven = lesion.sclerosis * content.woven * (1.0 + content.variation * variation)
    middle = float(np.median(patches[shares.bone >= _HALF]))
    return np.maximum(woven, content.tumour), patches - middle


def _mixed(content: LesionContent, dense: FloatArray, patches: FloatArray) -> FloatArray:
    """Return tumour and woven bone side by side; each takes half of the lesion."""
    return np.asarray(content.tumour + (dense - content.tumour) * smooth_step(patches / 0.6 + 0.5))


def _lost_noise(
    old: FloatArray, filled: FloatArray, share: FloatArray, noise: CTNoise, lesion: Lesion
) -> FloatArray:
    """Return the noise that makes up for that of replaced tissue, shape (ni, nj, nk)."""
    replaced = np.where(filled == old, 0.0, np.clip(share, 0.0, 1.0))
    fresh = make_noise(noise, old.shape, np.random.default_rng([lesion.seed, 30]))
    return np.asarray(fresh * np.sqrt(1.0 - (1.0 - replaced) ** 2))


def _whole(values: FloatArray, shares: LesionShares, part: FloatArray) -> BoolArray:
    """Return the voxels of the image of which a part takes half or more."""
    taken = np.zeros(values.shape, dtype=bool)
    taken[shares.box] = part >= _HALF
    return taken
