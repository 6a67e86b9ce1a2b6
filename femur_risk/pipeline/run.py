"""One case on its way from CT to report."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from femur_fea.solver import RankCount, Ranks
from femur_risk.config import RunConfig
from femur_risk.pipeline.events import Listener

if TYPE_CHECKING:
    from femur_risk.pipeline.stage import Stage

__all__ = ["Run"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One case on its way from CT to report.

    Attributes
    ----------
    case_id : str
        Pseudonym of the case.
    folder : Path
        Where its artefacts lie.
    config : RunConfig
        All settings, resolved.
    inputs : mapping of str to Path
        Where CT, femur, lesion and regions of rods lie; empty for a run that only lies on disk.
    input_sha256 : mapping of str to str
        Content hash of each input.
    listener : callable
        Is told of every stage.
    ranks : int, "auto" or Ranks
        Who solves.
    chain : tuple of Stage
        All stages that own files in the folder, in the order in which they are made.
    """

    case_id: str
    folder: Path
    config: RunConfig
    inputs: Mapping[str, Path]
    input_sha256: Mapping[str, str]
    listener: Listener
    ranks: RankCount | Ranks
    chain: "tuple[Stage, ...]"

    @property
    def has_lesion(self) -> bool:
        """Whether a lesion mask was given."""
        return "lesion" in self.input_sha256

    @property
    def stages(self) -> "tuple[Stage, ...]":
        """The stages that this run has: without a lesion there is no twin."""
        return tuple(stage for stage in self.chain if self.has_lesion or not stage.needs_lesion)
