"""Strength of a linear model by the share of the bone's volume that is strained too far."""

from dataclasses import dataclass

import numpy as np

from femur_fea.domain import (
    BoneMesh,
    BoolArray,
    FEResult,
    FloatArray,
    LoadCase,
    LoadQuantity,
    Provenance,
    check_shape,
)
from femur_fea.errors import LoadError
from femur_fea.registry import Registry
from femur_fea.strength.invariants import effective_strain
from femur_fea.strength.judged import judged_cells
from femur_fea.strength.scaling import check_one_way

__all__ = ["VOLUME_CRITERIA", "VolumeLimit", "VolumeStrength", "evaluate_volume"]


@dataclass(frozen=True, slots=True, kw_only=True)
class VolumeLimit:
    """Failure when a share of the bone's volume exceeds an effective strain.

    Attributes
    ----------
    name : str
        Name of the criterion.
    effective_strain : float, dimensionless
        Limit of sqrt(2 U / E), U the strain energy per volume and E Young's modulus.
    volume_share : float
        Share of the volume that may exceed it.
    source : str
        Citation.
    provenance : {"published", "unverified"}
        Whether the numbers were checked against a published text.
    """

    name: str
    effective_strain: float
    volume_share: float
    source: str
    provenance: Provenance


@dataclass(frozen=True, slots=True, kw_only=True)
class VolumeStrength:
    """Strength of a bone under one load, by volume.

    Attributes
    ----------
    load, criterion : str
        Names of load case and criterion.
    quantity : {"force", "moment"}
        What the load is: a force in N, or a moment in N mm.
    failure_load : float, N or N mm
        Load at which the criterion is met.
    """

    load: str
    criterion: str
    quantity: LoadQuantity
    failure_load: float


VOLUME_CRITERIA: Registry[VolumeLimit] = Registry("volume criterion")

VOLUME_CRITERIA.add(
    "pistoia_2002",
    VolumeLimit(
        name="pistoia_2002",
        effective_strain=0.007,
        volume_share=0.02,
        source="Pistoia et al., Bone 2002;30:842, as the open tool n88pistoia takes it: 2 % of the "
        "tissue beyond 0.7 %; found for the distal radius, here for comparison only",
        provenance="published",
    ),
)


def evaluate_volume(
    mesh: BoneMesh,
    result: FEResult,
    load: LoadCase,
    criterion: VolumeLimit,
    *,
    bone: BoolArray,
    nu: float,
) -> VolumeStrength:
    """Return the load at which the share of volume beyond the strain limit is reached.

    Bone near loads and supports and cells that are not bone do not count, neither above nor below
    the line of the share. Each corner of a cell stands for an equal part of its volume, and the
    energy is that of an isotropic bone.

    Parameters
    ----------
    mesh : BoneMesh
        The bone.
    result : FEResult
        Strain under the load case, and the force that it takes.
    load : LoadCase
        Says where failure is not looked for.
    criterion : VolumeLimit
        Strain limit and share.
    bone : (n_cells,), bool
        Cells that are bone.
    nu : float
        Poisson's ratio.

    Raises
    ------
    LoadError
        If loads, supports and lesion leave no cell to evaluate, or if prescribed displacements
        differ from one another, so that no one force goes with them.
    """
    check_shape("bone", bone, (mesh.n_cells,))
    check_one_way(load)
    judged = judged_cells(mesh, load, bone)
    if not judged.any():
        raise LoadError(
            found=f"load case {load.name!r}, which with supports and lesion covers the whole bone",
            expected="cells of bone between loads and support",
            remedy="use a scan that shows more of the femur, and check the lesion mask",
        )
    corners = result.strain[judged]
    strain = effective_strain(corners.reshape(-1, 6), nu=nu)
    volume = np.repeat(mesh.cell_volumes[judged], corners.shape[1])
    reached = _upper_quantile(strain, volume, criterion.volume_share)
    return VolumeStrength(
        load=load.name,
        criterion=criterion.name,
        quantity=load.quantity,
        failure_load=result.force * criterion.effective_strain / reached,
    )


def _upper_quantile(values: FloatArray, weights: FloatArray, share: float) -> float:
    """Return the value that a share of the weight lies above."""
    order = np.argsort(values)[::-1]
    above = np.cumsum(weights[order])
    return float(values[order[np.searchsorted(above, share * above[-1])]])
