"""Who lies in the scanner, and the CT number of every point by a beam of one energy."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from femur_fea.domain import FloatArray
from femur_fea.errors import OutOfRangeError
from femur_risk.scanner.body import Body, BodyBuild
from femur_risk.scanner.bone import ScannedBone
from femur_risk.scanner.couch import Couch
from femur_risk.scanner.implants import MetalCone
from femur_risk.scanner.pelvis import PelvisBuild, Socket
from femur_risk.scanner.plane import Plane
from femur_risk.scanner.rods import LaidPhantom, PlacedPhantom
from femur_risk.scanner.septa import Septa, septa_within
from femur_risk.scanner.tube import Tube

__all__ = ["Anatomy", "Surroundings", "surroundings_of"]

_GAP = 3.0  # mm between skin, phantom and couch, of clothes and mattress
_WIDEST = 320.0  # mm from the middle to the end of any body that fits into a scanner


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Anatomy:
    """A patient, supine, head first along z.

    Attributes
    ----------
    bones : tuple of ScannedBone
        One femur, or both; there is a leg for each.
    body : BodyBuild
        Soft tissue.
    pelvis : PelvisBuild or None
        The stub round every head; None leaves the heads in muscle.
    phantom : PlacedPhantom or None
        What lies under the patient.
    couch : Couch or None
        What all of it lies on.
    metal : tuple of MetalCone
        Implants anywhere.
    """

    bones: tuple[ScannedBone, ...]
    body: BodyBuild = field(default_factory=BodyBuild)
    pelvis: PelvisBuild | None = field(default_factory=PelvisBuild)
    phantom: PlacedPhantom | None = None
    couch: Couch | None = field(default_factory=Couch)
    metal: tuple[MetalCone, ...] = ()

    def __post_init__(self) -> None:
        sides = [bone.side for bone in self.bones]
        if sides and len(set(sides)) == len(sides):
            return
        raise OutOfRangeError(
            found=f"{len(sides)} bones: {', '.join(sides) or 'none'}",
            expected="one femur, or one of each side",
            remedy="mirror a bone to get the other side",
        )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Surroundings:
    """Everything but the femora and metal, as one beam shows it.

    Attributes
    ----------
    body : Body
        Outline.
    septa : Septa or None
        Fat between muscles.
    sockets : tuple of Socket
        Stubs of the pelvis.
    phantom : LaidPhantom or None
        The phantom at its place.
    couch : Couch or None
        The couch, `couch_top` its face (x of the middle, y), mm.
    couch_top : (2,), mm
    numbers : mapping from str to float
        CT numbers of tissues, HU; "compact" and "spongy" are those of the pelvis.
    """

    body: Body
    septa: Septa | None
    sockets: tuple[Socket, ...]
    phantom: LaidPhantom | None
    couch: Couch | None
    couch_top: tuple[float, float]
    numbers: Mapping[str, float]

    def hu(self, plane: Plane) -> FloatArray:
        """Return the CT numbers of a plane, (ni, nj), single precision, HU."""
        hu = np.full((plane.x.size, plane.y.size), self.numbers["air"], dtype=np.float32)
        if self.couch is not None:
            hu = self.couch.paint(plane, hu, self.couch_top)
        if self.phantom is not None:
            hu = self.phantom.paint(plane, hu)
        septa = 0.0 if self.septa is None else self.septa.share(plane)
        hu = self.body.paint(plane, hu, self.numbers, septa)
        for socket in self.sockets:
            socket.paint(plane, hu, self.numbers["compact"], self.numbers["spongy"])
        return hu


def surroundings_of(anatomy: Anatomy, tube: Tube, rng: np.random.Generator) -> Surroundings:
    """Return everything but femora and metal; `rng` draws the sheets between muscles."""
    body = Body.round(anatomy.bones, anatomy.body)
    x = body.middle[0]
    extent = np.array([bone.extent() for bone in anatomy.bones])
    z = float(extent[:, :, 2].mean())
    top = body.back + _GAP
    phantom = None
    if anatomy.phantom is not None:
        placed = anatomy.phantom
        centre = (x + placed.shift_mm, top + placed.half_height, z)
        phantom = LaidPhantom.at(placed, tube, centre)
        top += 2.0 * placed.half_height + _GAP
    pelvis = anatomy.pelvis
    return Surroundings(
        body=body,
        septa=_septa(body, extent, rng) if anatomy.body.septa_mm > 0.0 else None,
        sockets=() if pelvis is None else tuple(Socket.of(b, pelvis) for b in anatomy.bones),
        phantom=phantom,
        couch=anatomy.couch,
        couch_top=(x, top),
        numbers=_numbers(tube, pelvis),
    )


def _septa(body: Body, extent: FloatArray, rng: np.random.Generator) -> Septa:
    low = np.array([body.middle[0] - _WIDEST, body.middle[1] - _WIDEST, extent[:, 0, 2].min()])
    high = np.array([body.middle[0] + _WIDEST, body.middle[1] + _WIDEST, extent[:, 1, 2].max()])
    return septa_within(low, high, body.build.septa_mm, rng)


def _numbers(tube: Tube, pelvis: PelvisBuild | None) -> dict[str, float]:
    numbers = {name: tube.hu_of_tissue(name) for name in ("air", "fat", "muscle")}
    if pelvis is None:
        return numbers
    compact, spongy = tube.hu_of_mineral(np.array([pelvis.cortex, pelvis.spongy]), "CaHA")
    return {**numbers, "compact": float(compact), "spongy": float(spongy)}
