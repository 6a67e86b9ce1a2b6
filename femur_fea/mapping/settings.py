"""How density becomes a property of the cells."""

from dataclasses import dataclass

__all__ = ["DEFAULT_MAPPING", "MappingSettings"]


@dataclass(frozen=True, slots=True, kw_only=True)
class MappingSettings:
    """How density becomes a property of the cells.

    Attributes
    ----------
    method : str
        Name in `MAPPING_METHODS`.
    edge_voxels : int
        Outermost layers of the mask whose density is not trusted, see `bone_density`.
    """

    method: str = "points"
    edge_voxels: int = 1


DEFAULT_MAPPING = MappingSettings()
