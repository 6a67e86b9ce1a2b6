"""All that limits the trust in a scan, in one place."""

from femur_fea.domain import CTVolume, LabelMask, QualityFlag, check_same_grid
from femur_risk.quality.air import air_flags
from femur_risk.quality.header import header_flags
from femur_risk.quality.motion import motion_flags
from femur_risk.quality.muscle import muscle_noise
from femur_risk.quality.noise import noise_flags
from femur_risk.quality.streaks import metal_flags, streak_flags
from femur_risk.quality.view import view_flags

__all__ = ["assess_scan"]


def assess_scan(ct: CTVolume, femur: LabelMask) -> tuple[QualityFlag, ...]:
    """Return every flag of a scan; none for one without fault.

    Parameters
    ----------
    ct : CTVolume
        The whole scan, slices stacked along its third axis.
    femur : LabelMask
        A mask that passed `femur_risk.segmentation.check_femur`.

    Raises
    ------
    GridMismatchError
        If they lie on different grids.
    HounsfieldRangeError
        If air around the body has a CT number that air cannot have.
    """
    check_same_grid("the CT", ct.grid, "the femur mask", femur.grid)
    muscle = muscle_noise(ct, femur)
    return (
        *air_flags(ct, femur),
        *header_flags(ct.grid, ct.acquisition),
        *noise_flags(muscle),
        *metal_flags(ct, femur),
        *streak_flags(muscle),
        *motion_flags(ct, femur),
        *view_flags(ct, femur),
    )
