"""From DICOM files to a volume of CT numbers, top to bottom."""

import warnings
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from femur_fea.domain import CTVolume, FloatArray, ImageGrid
from femur_fea.errors import FemurFEAWarning
from femur_fea.io.dicom.choice import choose_series
from femur_fea.io.dicom.facts import common_facts
from femur_fea.io.dicom.file import read_headers
from femur_fea.io.dicom.header import SliceHeader
from femur_fea.io.dicom.regular import UnevenSlices, evened, upright
from femur_fea.io.dicom.scale import Samples, hounsfield
from femur_fea.io.dicom.stack import Stack, stack_of
from femur_fea.io.dicom.steps import check_steps, is_even, without_doubles

__all__ = ["read_dicom"]


def read_dicom(
    files: Sequence[Path],
    *,
    series: int | None = None,
    uneven_slices: UnevenSlices = "refuse",
) -> CTVolume:
    """Read one CT series.

    Other modalities, pictures of a screen and files that are not DICOM are left alone; scout views
    and other series are left out with a `FemurFEAWarning`.

    Parameters
    ----------
    files : sequence of Path
        Slices or enhanced multi-frame files, of one or more series, in any order of space.
    series : int, optional
        Which series, by the number that messages give it; else the rule in
        `femur_fea.io.dicom.choice` chooses.
    uneven_slices : {"refuse", "interpolate"}
        What to do with steps between slices that differ, if none is wider than two.

    Returns
    -------
    CTVolume
        CT numbers with each slice's rescale applied, ordered by position, on a rectangular grid,
        and the facts of the scan.

    Raises
    ------
    SeriesError
        If there is no CT series, or several between which the rule cannot decide.
    ImageError
        If slices are missing, uneven, doubled with different content or displaced, if they differ
        in size or direction, or if a slice is damaged.
    """
    chosen = choose_series(read_headers(files), series)
    stack = without_doubles(stack_of(chosen.slices))
    check_steps(stack, may_interpolate=uneven_slices == "interpolate")
    _warn_of_loss(stack.slices)
    samples, grid = _regular(stack, hounsfield(stack.slices))
    facts = common_facts([item.acquisition for item in stack.slices])
    return CTVolume(
        grid=grid,
        hu=samples.hu.transpose(2, 1, 0),
        outside=None if samples.outside is None else samples.outside.transpose(2, 1, 0),
        acquisition=replace(facts, gantry_tilt_deg=float(np.rad2deg(stack.tilt))),
    )


def _regular(stack: Stack, samples: Samples) -> tuple[Samples, ImageGrid]:
    """Return samples on a rectangular grid, and that grid."""
    first: FloatArray = np.zeros(2)
    if stack.is_tilted:
        samples, first = upright(samples, np.outer(stack.along, stack.drift / stack.spacing))
        warnings.warn(
            f"gantry tilted by {np.rad2deg(stack.tilt):.3g} degrees: slices were moved within their"
            " planes onto an upright grid, interpolated between samples",
            FemurFEAWarning,
            stacklevel=3,
        )
    places = stack.along
    if not is_even(stack):
        places = np.linspace(0.0, stack.along[-1], round(stack.along[-1] / stack.step) + 1)
        samples = evened(samples, stack.along, places)
        steps = np.diff(stack.along)
        warnings.warn(
            f"slices {steps.min():.3g} to {steps.max():.3g} mm apart were interpolated to"
            f" {len(places)} slices, {places[1]:.4g} mm apart",
            FemurFEAWarning,
            stacklevel=3,
        )
    n, rows, columns = samples.hu.shape
    return samples, ImageGrid(shape=(columns, rows, n), affine=_affine(stack, places, first))


def _affine(stack: Stack, places: FloatArray, first: FloatArray) -> FloatArray:
    """Return the map from index to LPS; `first` is the first sample's place in each slice."""
    step = places[-1] / (len(places) - 1)
    affine = np.eye(4)
    affine[:3, :3] = stack.axes.T * np.append(stack.spacing, step)
    affine[:3, 3] = stack.origin + affine[:3, :2] @ first
    return affine


def _warn_of_loss(slices: Sequence[SliceHeader]) -> None:
    lossy = sum(item.pixels.syntax.is_lossy for item in slices)
    if lossy:
        warnings.warn(
            f"{lossy} of {len(slices)} slices may have been compressed with loss: CT numbers are"
            " not those of the scanner",
            FemurFEAWarning,
            stacklevel=3,
        )
