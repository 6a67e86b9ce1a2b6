"""The strength of a femur whose density, surface or load is changed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy import ndimage

from femur_fea.domain import BoneMesh, DensityField, FemoralFrame, FloatArray, LabelMask
from femur_fea.loads import DirectionScatter, HipContact, LoadDefinition, turned
from femur_fea.mapping import BoneDensity, bone_density
from femur_fea.presets import Preset
from femur_fea.solver import RankCount, Ranks
from femur_fea.strength import StrainLimits, evaluate_strength
from femur_risk.config import MappingConfig
from femur_risk.pipeline.material import map_material
from femur_risk.pipeline.perturbation import Perturbation

__all__ = ["PerturbedFemur"]

# strengths are compared with one another: at this error in energy those of the virtual femur
# change by less than 0.1 %
_TOLERANCE = 1e-4


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PerturbedFemur:
    """A femur, as it is or without its lesion, whose strength is asked for with changes.

    Attributes
    ----------
    mesh : BoneMesh
        The mesh as it is.
    frame : FemoralFrame
        Its anatomical frame, which changes leave alone.
    femur : LabelMask
        The bone on the grid of the density.
    equivalent : DensityField
        Equivalent density.
    lesion : LabelMask or None
        The lesion of a bone as it is.
    preset : Preset
        The chain of laws.
    criterion : StrainLimits
        Says when it fails.
    mapping : MappingConfig
        How density becomes stiffness.
    loads : mapping of str to sequence of LoadDefinition
        By name; the directions of a family, else one.
    scatter : mapping of str to DirectionScatter
        Scatter of direction, of those loads of which it is known.
    fixed_length : float, mm
        Length of bone that is held.
    ranks : int, "auto" or Ranks
        Who solves.
    """

    mesh: BoneMesh
    frame: FemoralFrame
    femur: LabelMask
    equivalent: DensityField
    lesion: LabelMask | None
    preset: Preset
    criterion: StrainLimits
    mapping: MappingConfig
    loads: Mapping[str, Sequence[LoadDefinition]]
    scatter: Mapping[str, DirectionScatter]
    fixed_length: float
    ranks: RankCount | Ranks

    def log_strengths(self, changes: Sequence[Perturbation]) -> FloatArray:
        """Return the logarithm of strength with each change under each load, (n, n_loads).

        Changes of one density share its image, those of one stiffness are solved together, and a
        factor of it is not solved at all.
        """
        found = np.empty((len(changes), len(self.loads)))
        bodies = dict.fromkeys(change.body for change in changes)
        for density in dict.fromkeys(body.density for body in bodies):
            inside = self._inside(*density)
            for body in (body for body in bodies if body.density == density):
                rows = [row for row, change in enumerate(changes) if change.body == body]
                found[rows] = self._with_body(inside, body, [changes[row] for row in rows])
        return found

    def in_weakest_directions(self) -> "PerturbedFemur":
        """Return the femur with the weakest direction alone of every family.

        To first order a change moves the least of several strengths as it moves that one.
        """
        if all(len(directions) == 1 for directions in self.loads.values()):
            return self
        alone = {load.name: (load,) for loads in self.loads.values() for load in loads}
        strength = dict(
            zip(alone, replace(self, loads=alone).log_strengths([Perturbation()])[0], strict=True)
        )
        weakest = {
            name: (min(directions, key=lambda load: strength[load.name]),)
            for name, directions in self.loads.items()
        }
        return replace(self, loads=weakest)

    def _with_body(
        self, inside: BoneDensity, body: Perturbation, changes: Sequence[Perturbation]
    ) -> FloatArray:
        wanted = [
            [[self._turned(name, load, change) for load in loads] for name, loads in self._items]
            for change in changes
        ]
        unique = dict.fromkeys(load for row in wanted for loads in row for load in loads)
        strength = self._solved(inside, self._mesh(body), list(unique))
        weakest = [[min(strength[load] for load in loads) for loads in row] for row in wanted]
        factor = np.array([[change.modulus_factor] for change in changes])
        return np.asarray(np.log(factor * np.array(weakest)))

    @property
    def _items(self) -> Sequence[tuple[str, Sequence[LoadDefinition]]]:
        return tuple(self.loads.items())

    def _turned(self, name: str, load: LoadDefinition, change: Perturbation) -> LoadDefinition:
        scatter = self.scatter.get(name)
        if scatter is None or not isinstance(load, HipContact):
            return load
        return turned(load, scatter.frontal * change.frontal, scatter.sagittal * change.sagittal)

    def _solved(
        self, inside: BoneDensity, mesh: BoneMesh, loads: Sequence[LoadDefinition]
    ) -> dict[LoadDefinition, float]:
        """Return the strength of one changed body under each load."""
        from femur_fea.solver import solve_linear

        mapped = map_material(
            self.preset, self.mapping, mesh, self.frame, inside, lesion=self.lesion
        )
        cases = [load.apply(mesh, self.frame, fixed_length=self.fixed_length) for load in loads]
        results = solve_linear(mesh, mapped.elastic, cases, tolerance=_TOLERANCE, ranks=self.ranks)
        return {
            load: evaluate_strength(
                mesh, self.frame, result, case, self.criterion, bone=mapped.bone
            ).failure_load
            for load, case, result in zip(loads, cases, results, strict=True)
        }

    def _mesh(self, body: Perturbation) -> BoneMesh:
        from meshing import shift_surface

        if body.surface_shift == 0.0:
            return self.mesh
        return shift_surface(self.mesh, self.femur.grid, body.surface_shift)

    def _inside(self, factor: float, offset: float, layers: float) -> BoneDensity:
        """Return the changed density that the laws take, going on outward from the mask."""
        rho = np.float32(factor) * self.equivalent.rho + np.float32(offset)
        equivalent = DensityField(grid=self.equivalent.grid, rho=rho, kind=self.equivalent.kind)
        femur = _grown(self.femur, round(layers))
        converted = self.preset.to_law_density(equivalent, femur).density
        return bone_density(converted, femur, edge_voxels=self.mapping.edge_voxels)


def _grown(femur: LabelMask, layers: int) -> LabelMask:
    """Return a mask that has grown by layers of voxels through faces, or shrunk where negative."""
    if layers == 0:
        return femur
    if layers > 0:
        inside = ndimage.binary_dilation(femur.inside, iterations=layers)
    else:  # beyond the end of the image the bone goes on
        inside = ndimage.binary_erosion(femur.inside, iterations=-layers, border_value=1)
    return LabelMask(grid=femur.grid, inside=inside)
