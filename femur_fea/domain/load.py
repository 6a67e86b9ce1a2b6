"""A load case as it acts on one mesh."""

from dataclasses import dataclass
from typing import Literal, Self

import numpy as np

from femur_fea.domain.arrays import BoolArray, FloatArray, check_finite, check_shape, read_only
from femur_fea.errors import DrivenAndLoadedError, LoadError, NoSupportError

__all__ = ["LoadCase", "LoadQuantity"]

type LoadQuantity = Literal["force", "moment"]

_RIGID_MOTIONS = 6


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class LoadCase:
    """Tractions, supports and prescribed displacements on the points of one mesh.

    Attributes
    ----------
    name : str
        Name of the load in `femur_fea.loads.LOAD_CASES`.
    traction : (n_points, 3), MPa
        Traction in LPS at every mesh point, linear over each triangle of the boundary or
        bilinear over each parallelogram; zero elsewhere.
    held : (n_points, 3), bool
        LPS components of the displacement that are prescribed at each point. A component is held
        along an edge if it is held at both its ends.
    displacement : (n_points, 3), mm
        Prescribed displacement, LPS; zero where a component is at rest or free.
    magnitude : float, N or N mm
        The force or moment by which strength is quoted, such as the resultant of the traction on
        the head. Zero if displacement alone drives the bone: what it takes follows from the
        solution.
    excluded : (n_points,), bool
        Points so near to loads or supports that failure is not looked for there.
    quantity : {"force", "moment"}
        What `magnitude` is.
    plate_force : float or None, N
        Force with which a plate presses on the bone at this magnitude; None without a plate.
    """

    name: str
    traction: FloatArray
    held: BoolArray
    displacement: FloatArray
    magnitude: float
    excluded: BoolArray
    quantity: LoadQuantity = "force"
    plate_force: float | None = None

    def __post_init__(self) -> None:
        n_points = len(self.traction)
        for name in ("traction", "held", "displacement"):
            check_shape(name, getattr(self, name), (n_points, 3))
        check_shape("excluded", self.excluded, (n_points,))
        check_finite("displacement", self.displacement)
        check_finite("traction", self.traction)
        self._check_support()
        self._check_load()
        for name in ("traction", "held", "displacement", "excluded"):
            object.__setattr__(self, name, read_only(getattr(self, name)))

    @classmethod
    def on_fixed_points(
        cls,
        *,
        name: str,
        traction: FloatArray,
        fixed: BoolArray,
        magnitude: float,
        excluded: BoolArray,
        quantity: LoadQuantity = "force",
        plate_force: float | None = None,
    ) -> Self:
        """Return the case of a traction on a bone whose points `fixed`, (n_points,), are at rest.

        Raises
        ------
        NoSupportError
            If fewer than two points are fixed.
        LoadError
            If nothing acts on the bone.
        """
        held = np.repeat(np.asarray(fixed)[:, None], 3, axis=1)
        return cls(
            name=name,
            traction=traction,
            held=held,
            displacement=np.zeros(held.shape),
            magnitude=magnitude,
            excluded=excluded,
            quantity=quantity,
            plate_force=plate_force,
        )

    @property
    def fixed(self) -> BoolArray:
        """Points held at rest in all three directions, shape (n_points,)."""
        return np.asarray(self.held.all(axis=1) & ~self.driven)

    @property
    def driven(self) -> BoolArray:
        """Points with a prescribed displacement other than rest, shape (n_points,)."""
        return np.asarray(self.displacement.any(axis=1))

    @property
    def stroke(self) -> float:
        """Largest prescribed displacement, mm; zero if none is prescribed."""
        return float(np.linalg.norm(self.displacement, axis=1).max())

    def _check_support(self) -> None:
        n_held = int(np.count_nonzero(self.held))
        if n_held < _RIGID_MOTIONS:
            raise NoSupportError(
                found=f"load case {self.name!r} that holds {n_held} components of displacement",
                expected=f"at least {_RIGID_MOTIONS}, for a bone has so many rigid motions",
                remedy="check that the bone reaches into the support region",
            )
        loose = int(np.count_nonzero((self.displacement != 0.0) & ~self.held))
        if loose:
            raise LoadError(
                found=f"load case {self.name!r} with {loose} displacements where nothing is held",
                expected="displacement at held components only",
                remedy="hold what is driven, or leave its displacement zero",
            )

    def _check_load(self) -> None:
        both = int(np.count_nonzero((self.displacement != 0.0) & (self.traction != 0.0)))
        if both:
            raise DrivenAndLoadedError(
                found=f"load case {self.name!r} with traction on {both} components whose "
                "displacement is prescribed",
                expected="a force or a displacement at each component, not both",
                remedy="drive and load different points",
            )
        is_loaded = bool(np.any(self.traction))
        has_force = self.magnitude > 0.0 if is_loaded else self.magnitude == 0.0
        if not (has_force and (is_loaded or np.any(self.displacement))):
            raise LoadError(
                found=f"load case {self.name!r} of {self.quantity} {self.magnitude:.3g}, "
                f"{'with' if is_loaded else 'without'} traction",
                expected="a positive force or moment that acts on the surface, or a prescribed "
                "displacement",
                remedy="check that the load lies on the bone",
            )
