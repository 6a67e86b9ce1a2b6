"""What the solver and the strength criteria return."""

from dataclasses import dataclass

from femur_fea.domain.arrays import FloatArray, check_finite, check_shape, read_only
from femur_fea.domain.load import LoadQuantity
from femur_fea.errors import LoadError

__all__ = ["FEResult", "SolverStatistics", "StrengthResult", "WeakestSite"]


@dataclass(frozen=True, slots=True, kw_only=True)
class SolverStatistics:
    """How one linear system was solved.

    Attributes
    ----------
    method : str
        What preconditioned conjugate gradients.
    ranks : int
        Number of MPI ranks that solved it together.
    n_dofs : int
        Unknowns, the constrained ones included.
    iterations : int
        Krylov iterations of this right-hand side.
    energy_error : float
        Estimated energy norm of the error over that of the displacement.
    relative_residual : float
        True residual over the norm of the right-hand side.
    seconds : float
        Wall time of this right-hand side, set-up excluded.
    setup_seconds : float
        Wall time of stiffness and preconditioner, shared by all load cases.
    """

    method: str
    ranks: int
    n_dofs: int
    iterations: int
    energy_error: float
    relative_residual: float
    seconds: float
    setup_seconds: float


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class FEResult:
    """Displacement, strain and stress under one load case.

    Attributes
    ----------
    load : str
        Name of the load case.
    u : (n_points, 3), mm
        Displacement of the mesh points, LPS.
    strain : (n_cells, 4 or 8, 6), dimensionless
        Strain at the corners of each cell, from that cell alone (exact for straight-sided tet10,
        whose strain is linear); Voigt xx yy zz yz xz xy with engineering shear.
    stress : (n_cells, 6), MPa
        Stress averaged over each cell, Voigt.
    force : float, N or N mm
        The force or moment by which strength is quoted: the magnitude of the load case or, where
        displacement drives the bone, the work over the largest prescribed displacement. For one
        part that is driven without turning, all else that is held being at rest, this is the
        force along its way; otherwise it means nothing by itself, and strength is refused.
    external_work : float, N mm
        Forces on the bone times displacement, of tractions and of driven parts; twice the strain
        energy.
    driven_force : (3,), N
        Resultant of what drives the driven points, LPS; zero if nothing is driven.
    reaction_force : (3,), N
        Resultant of the support at rest, LPS.
    reaction_moment : (3,), N mm
        Moment of that support about the LPS origin.
    statistics : SolverStatistics
        How the system was solved.
    """

    load: str
    u: FloatArray
    strain: FloatArray
    stress: FloatArray
    force: float
    external_work: float
    driven_force: FloatArray
    reaction_force: FloatArray
    reaction_moment: FloatArray
    statistics: SolverStatistics

    def __post_init__(self) -> None:
        check_shape("u", self.u, (None, 3))
        check_shape("strain", self.strain, (None, None, 6))
        check_shape("stress", self.stress, (len(self.strain), 6))
        check_shape("driven_force", self.driven_force, (3,))
        for name in ("u", "strain", "stress", "driven_force", "reaction_force", "reaction_moment"):
            array = getattr(self, name)
            check_finite(name, array)
            object.__setattr__(self, name, read_only(array))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class WeakestSite:
    """Where the bone fails first.

    Attributes
    ----------
    point : (3,), mm
        Place on the surface, LPS.
    region : str
        Anatomical region: head, neck, intertrochanteric, subtrochanteric or shaft.
    mode : {"tension", "compression"}
        Which strain limit is reached.
    """

    point: FloatArray
    region: str
    mode: str


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class StrengthResult:
    """Strength of a bone under one load.

    Attributes
    ----------
    load : str
        Name of the load case.
    criterion : str
        Name of the failure criterion.
    quantity : {"force", "moment"}
        What the load is: a force in N, or a moment in N mm.
    failure_load : float, N or N mm
        Load at which the criterion is met.
    first_yield_load : float, N or N mm
        Load at which the first facet reaches its limit, without an average over a patch.
    stiffness : float, N/mm or N mm
        Load over the work-conjugate displacement, mm, or rotation, rad, of the loaded patch.
    weakest_site : WeakestSite
        Where the criterion is met first.
    risk_factor : (n_facets,), dimensionless
        Strain over its limit on every facet at the reference load; NaN where the criterion is not
        evaluated.
    surface_strain : (n_facets, 2), dimensionless
        Largest and smallest principal strain by which each facet is judged, at the reference load;
        NaN likewise.
    """

    load: str
    criterion: str
    quantity: LoadQuantity
    failure_load: float
    first_yield_load: float
    stiffness: float
    weakest_site: WeakestSite
    risk_factor: FloatArray
    surface_strain: FloatArray

    @property
    def failure_load_N(self) -> float:
        """Failure load of a load that is a force, N.

        Raises
        ------
        LoadError
            If the load is a moment.
        """
        self._check_force()
        return self.failure_load

    @property
    def stiffness_N_per_mm(self) -> float:
        """Stiffness against a load that is a force, N/mm.

        Raises
        ------
        LoadError
            If the load is a moment.
        """
        self._check_force()
        return self.stiffness

    def _check_force(self) -> None:
        if self.quantity != "force":
            raise LoadError(
                found=f"load case {self.load!r}, which is a {self.quantity}, asked for newtons",
                expected="a load that is a force",
                remedy="read failure_load and stiffness, which are in N mm",
            )
