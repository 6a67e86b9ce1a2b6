"""Where a published number comes from."""

from typing import Literal, Protocol

__all__ = ["Provenance", "PublishedRecord"]

type Provenance = Literal["published", "unverified"]


class PublishedRecord(Protocol):
    """A record of published knowledge: a law, a load, a criterion.

    `provenance` is "unverified" where the numbers were not checked against a published text.
    """

    @property
    def source(self) -> str:
        """Citation."""

    @property
    def provenance(self) -> Provenance:
        """Whether the numbers were checked."""
