"""What a report says of strength and rigidity."""

from dataclasses import dataclass

from femur_fea.domain import CurveEnd

__all__ = ["LoadOutcome", "RigiditySummary", "SolverSummary", "SourceShare"]


@dataclass(frozen=True, slots=True, kw_only=True)
class SolverSummary:
    """How the model of one bone under one load was solved.

    Attributes
    ----------
    element : str
        Element kind, "tet10", "tet4" or "hex8".
    n_dofs : int
        Unknowns.
    method : str
        How the linear systems were solved.
    iterations : int
        Krylov iterations.
    relative_residual : float
        True residual of a linear model over its right-hand side; forces out of balance of a
        nonlinear one over the internal forces.
    energy_error : float or None
        Estimated error in energy; None for a nonlinear model.
    ranks : int
        Number of MPI ranks that solved together.
    newton_iterations : int or None
        Newton iterations of a nonlinear model; None for a linear one.
    seconds : float
        Wall time.
    """

    element: str
    n_dofs: int
    method: str
    iterations: int
    relative_residual: float
    energy_error: float | None
    ranks: int
    newton_iterations: int | None
    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceShare:
    """A source of uncertainty and its share in the spread of strength.

    Attributes
    ----------
    name : str
        What is not known exactly.
    sd : float or None
        Its standard deviation; None where nobody states one.
    unit : str
        Unit of the standard deviation.
    share, share_of_loss : float or None
        Share in the variance of strength, and of strength over that of the lesion-free twin; None
        where there is no spread, or no twin.
    provenance : str
        Whether the number was read in a text.
    source : str
        Citation or derivation.
    """

    name: str
    sd: float | None
    unit: str
    share: float | None
    share_of_loss: float | None
    provenance: str
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadOutcome:
    """Strength of the femur under one load.

    Attributes
    ----------
    load : str
        Name of the load or of the family of loads.
    n_directions : int or None
        How many directions a family has; None of a single load.
    weakest_direction : str or None
        Name of that one; None where there is only one.
    weakest_direction_words : str or None
        What that name stands for.
    criterion : str
        Name of the failure criterion.
    unit : str
        Unit of strength: "N", or "N m" of a load that is a moment.
    strength : float
        Load at which the bone fails, by that criterion.
    strength_BW : float or None
        The same in body weights; None for a moment, or where the mass is not known.
    activity_BW : float or None
        Force on the head in the activity, in body weights; None where the load is of none.
    plate_force_N : float or None
        Force of the plate on the bone at its strength, N; None for a load without a plate.
    first_yield : float or None
        Load at which the first point reaches its limit or its yield stress.
    stiffness : float
        Stiffness of the piece of bone in the scan under this load.
    stiffness_unit : str
        Its unit.
    healed_strength : float or None
        Strength of the lesion-free twin; None without a lesion.
    strength_loss_fraction : float or None
        1 - strength / strength of the twin; None without a lesion.
    lesion_hidden_fraction : float or None
        Fraction of the lesion that lies where failure is not looked for; None without a lesion.
    strain_fold_ratio : float or None
        Largest strain near the lesion over that of the twin; None where it does not apply.
    strain_fold_threshold : float or None
        Published threshold of that ratio.
    interval_90 : (low, high) or None
        Interval that holds the strength with 90 % probability, where one was computed.
    loss_interval_90 : (low, high) or None
        The same of the loss.
    sources : tuple of SourceShare
        What the intervals hold; empty where none was computed.
    weakest_point_mm : (3,), mm
        Where the criterion is met first, or where a nonlinear model yields most; LPS.
    weakest_region : str
        Anatomical region of that point.
    weakest_mode : str
        Whether in tension or in compression.
    curve_end, healed_curve_end : str or None
        Why the curve of the bone and that of its twin end; None for a linear model, or without one.
    solver, healed_solver : SolverSummary
        How the models of the bone and of its twin were solved; None without a twin.
    """

    load: str
    n_directions: int | None = None
    weakest_direction: str | None = None
    weakest_direction_words: str | None = None
    criterion: str
    unit: str
    strength: float
    strength_BW: float | None
    activity_BW: float | None
    plate_force_N: float | None = None
    first_yield: float | None
    stiffness: float
    stiffness_unit: str
    healed_strength: float | None
    strength_loss_fraction: float | None
    lesion_hidden_fraction: float | None = None
    strain_fold_ratio: float | None
    strain_fold_threshold: float | None
    interval_90: tuple[float, float] | None = None
    loss_interval_90: tuple[float, float] | None = None
    sources: tuple[SourceShare, ...] = ()
    weakest_point_mm: tuple[float, float, float]
    weakest_region: str
    weakest_mode: str
    curve_end: CurveEnd | None = None
    healed_curve_end: CurveEnd | None = None
    solver: SolverSummary
    healed_solver: SolverSummary | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RigiditySummary:
    """Rigidity of the sections of one part of the bone.

    Attributes
    ----------
    part : str
        "shaft" or "neck".
    smallest_EA_N, smallest_EI_N_mm2, smallest_GJ_N_mm2 : float
        Smallest axial, bending and torsional rigidity of its sections.
    EA_ratio, EI_ratio, GJ_ratio : float or None
        Smallest ratio of a section's rigidity to that of the twin's; None without a lesion.
    """

    part: str
    smallest_EA_N: float
    smallest_EI_N_mm2: float
    smallest_GJ_N_mm2: float
    EA_ratio: float | None
    EI_ratio: float | None
    GJ_ratio: float | None
