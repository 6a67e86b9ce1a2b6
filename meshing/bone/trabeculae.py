"""Trabecular bone: groups of trabeculae, Ward's triangle, and marrow.

Groups follow Ward's classical description. Which of them a clinical CT tells apart: dense along the
principal compressive group, sparse in the trochanter and in Ward's triangle (Lu et al. 2013,
doi:10.1186/1471-2474-14-130). Where they run and how wide they are is a choice.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.spatial import cKDTree

from femur_fea.domain import FemoralFrame, FloatArray, Provenance
from femur_fea.registry import Registry
from meshing.bone.blending import smooth_step
from meshing.bone.coordinates import FemurCoordinates, neck_directions, neck_length
from meshing.bone.fields import draw_field
from meshing.bone.published import AGE_COURSES
from meshing.bone.quality import BoneQuality

__all__ = ["TRABECULAR_GROUPS", "TrabecularGroup", "marrow_density", "trabecular_density"]


@dataclass(frozen=True, slots=True, kw_only=True)
class TrabecularGroup:
    """Density of one trabecular region and how fast it is lost.

    Attributes
    ----------
    young : float, g/cm3
        CaHA density at 20 years, marrow included, as a CT shows it.
    loss : float
        Part that is lost with age, over that of trabecular bone as a whole.
    source : str
        Citation, or that it is a choice.
    provenance : {"published", "unverified"}
        Whether the numbers were read there.
    """

    young: float
    loss: float
    source: str
    provenance: Provenance


TRABECULAR_GROUPS: Registry[TrabecularGroup] = Registry("trabecular group")
_ORDER = "choice: the order in which groups vanish in Singh's index of osteoporosis"
for _name, _young, _loss, _source in (
    ("head", 0.28, 0.8, _ORDER),
    ("neck", 0.13, 1.05, _ORDER),
    ("trochanter", 0.105, 1.1, _ORDER),
    ("distal", 0.20, 1.0, "choice"),
    ("principal_compressive", 0.44, 0.75, _ORDER),
    ("principal_tensile", 0.30, 0.95, _ORDER),
    ("secondary_compressive", 0.18, 1.05, _ORDER),
    (
        "ward",
        0.08,
        1.5,
        "loss: in Ward's triangle 34 % where the neck loses 21 % (men) and 40 % where it loses 25"
        " to 30 % (women), Mazess et al. 1990, doi:10.1002/jbmr.5650050614; density: choice",
    ),
):
    TRABECULAR_GROUPS.add(
        _name,
        TrabecularGroup(young=_young, loss=_loss, source=_source, provenance="unverified"),
    )

_RED_MARROW, _YELLOW_MARROW = 0.03, -0.07  # g/cm3 CaHA: near 40 HU, and fat at -90 HU; choices
_CANAL = (1.2, 3.2)  # head radii below the crossing: trabecular bone above, marrow below
_KNEE = (1.15, 1.9)  # radius over that of the isthmus: marrow above, trabecular bone below
_TEXTURE, _TEXTURE_LENGTH = 0.12, 0.9  # relative standard deviation, and mm: choices
_PATTERN, _PATTERN_LENGTH = 0.10, 0.5  # relative standard deviation, and head radii: choices
_N_TEXTURE, _N_PATTERN = 96, 48
_CURVE_POINTS = 40


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Band:
    """Trabeculae along a curve: an arc between two points that a third one pulls at."""

    group: str
    start: FloatArray
    pull: FloatArray
    end: FloatArray
    width: tuple[float, float]  # mm, at start and end: where the bell has fallen to 0.6
    depth: float  # anteroposterior over frontal width

    def share(self, local: FloatArray) -> FloatArray:
        """Return 1 on the curve, falling like a bell beside it, shape (n,)."""
        t = np.linspace(0.0, 1.0, _CURVE_POINTS)[:, None]
        curve = (1 - t) ** 2 * self.start + 2 * t * (1 - t) * self.pull + t**2 * self.end
        flat = np.array([1.0, 1.0 / self.depth, 1.0])
        apart, nearest = cKDTree(curve * flat).query(local * flat)
        width = self.width[0] + (self.width[1] - self.width[0]) * t[nearest, 0]
        return np.asarray(np.exp(-0.5 * (apart / width) ** 2))


def trabecular_density(
    at: FemurCoordinates, frame: FemoralFrame, quality: BoneQuality
) -> FloatArray:
    """Return the CaHA density of trabecular bone and marrow, shape (n,), g/cm3."""
    level = _levels(quality)
    radius = frame.head_radius
    in_head = smooth_step((1.15 - np.linalg.norm(at.local, axis=1) / radius) / 0.5)
    in_trochanter = smooth_step((at.along_neck - 0.75) / 0.4)
    density = level("neck") + (level("head") - level("neck")) * in_head
    density += (level("trochanter") - density) * in_trochanter * (1.0 - in_head)
    for band in _bands(frame, at):
        density += np.maximum(level(band.group) - density, 0.0) * band.share(at.local)
    density += (level("ward") - density) * _ward(at.local, frame)
    varied = 1.0 + _variation(at, quality)
    density *= quality.trabecular * varied
    canal = smooth_step((at.below - _CANAL[0]) / (_CANAL[1] - _CANAL[0]))
    at_knee = smooth_step((at.flare - _KNEE[0]) / (_KNEE[1] - _KNEE[0]))
    density += (level("distal") * quality.trabecular * varied - density) * at_knee
    canal *= 1.0 - at_knee
    return np.asarray(density + (marrow_density(quality) - density) * canal)


def marrow_density(quality: BoneQuality) -> float:
    """Return the CaHA density of marrow without bone, g/cm3."""
    return _RED_MARROW + (_YELLOW_MARROW - _RED_MARROW) * quality.fatty_marrow


def _levels(quality: BoneQuality) -> Callable[[str], float]:
    """Return a function from a group to its mean density at this age and sex, g/cm3."""
    lost = 1.0 - AGE_COURSES["trabecular_density"].at(quality.age, quality.sex)

    def level(name: str) -> float:
        group = TRABECULAR_GROUPS[name]
        return group.young * (1.0 - group.loss * lost)

    return level


def _bands(frame: FemoralFrame, at: FemurCoordinates) -> tuple[_Band, ...]:
    """Return the groups of trabeculae that are bands; all sizes follow from the frame."""
    outward, superior, _ = neck_directions(frame)
    length, radius = neck_length(frame), frame.head_radius
    crossing = frame.to_frame(frame.shaft_point[None, :])[0]
    lateral, proximal = np.eye(3)[[0, 2]]
    wall = 0.72 * float(np.median(at.shaft_radius))
    return (
        _Band(
            group="principal_compressive",
            start=radius * (0.82 * proximal - 0.15 * lateral),
            pull=0.25 * length * outward,
            end=0.88 * length * outward - 0.62 * radius * superior,
            width=(0.34 * radius, 0.17 * radius),
            depth=1.5,
        ),
        _Band(
            group="principal_tensile",
            start=radius * (-0.70 * lateral - 0.35 * proximal),
            pull=0.50 * length * outward + 1.05 * radius * superior,
            end=crossing + wall * lateral - 0.7 * radius * proximal,
            width=(0.17 * radius, 0.15 * radius),
            depth=2.5,
        ),
        _Band(
            group="secondary_compressive",
            start=crossing - wall * lateral - 1.2 * radius * proximal,
            pull=crossing - 0.1 * radius * lateral,
            end=crossing + 0.6 * radius * lateral + 0.7 * radius * proximal,
            width=(0.18 * radius, 0.28 * radius),
            depth=2.0,
        ),
    )


def _ward(local: FloatArray, frame: FemoralFrame) -> FloatArray:
    """Return 1 in Ward's triangle, between the three groups, shape (n,)."""
    outward, superior, anterior = neck_directions(frame)
    radius = frame.head_radius
    from_centre = local - (0.74 * neck_length(frame) * outward + 0.02 * radius * superior)
    along = [from_centre @ axis for axis in (outward, superior, anterior)]
    scaled = np.sqrt(
        sum((a / (s * radius)) ** 2 for a, s in zip(along, (0.36, 0.28, 0.5), strict=True))
    )
    return smooth_step((1.3 - scaled) / 0.8)


def _variation(at: FemurCoordinates, quality: BoneQuality) -> FloatArray:
    """Return the relative deviation of density from its mean, from place to place, shape (n,)."""
    pattern = draw_field(
        np.random.default_rng([quality.pattern_seed, 2]),
        length=_PATTERN_LENGTH,
        n_waves=_N_PATTERN,
    )
    texture = draw_field(
        np.random.default_rng([quality.texture_seed, 3]),
        length=_TEXTURE_LENGTH,
        n_waves=_N_TEXTURE,
    )
    varied = _PATTERN * pattern.at(at.local / at.head_radius) + _TEXTURE * texture.at(at.local)
    return np.asarray(np.maximum(varied, -0.8))
