"""What the sections of a configuration have in common."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

__all__ = ["Name", "Section"]

type Name = Annotated[str, Field(min_length=1)]  # a registry knows which there are


class Section(BaseModel):
    """A table of settings: no unknown key, no change, no number that is not finite."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)
