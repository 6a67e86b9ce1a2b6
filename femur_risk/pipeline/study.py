"""Strengths of a bone and of its twin under the same changes, and how far they spread."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from femur_fea.domain import FloatArray
from femur_risk.pipeline.perturbation import Perturbation
from femur_risk.pipeline.perturbed import PerturbedFemur
from femur_risk.pipeline.samples import SampleStore
from femur_risk.uncertainty import (
    Spread,
    UncertainSource,
    first_order_spread,
    latin_hypercube,
    sampled_spread,
)

__all__ = ["LoadSpread", "UncertaintyStudy"]


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadSpread:
    """How far the strength under one load spreads.

    Attributes
    ----------
    strength : Spread
        Of the strength of the bone as it is.
    ratio : Spread or None
        Of that strength over the twin's, both with the same changes; None without a lesion.
    """

    strength: Spread
    ratio: Spread | None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class UncertaintyStudy:
    """A bone, its twin where there is one, and what is not known exactly.

    Attributes
    ----------
    bodies : sequence of PerturbedFemur
        The bone as it is, then its twin.
    sources : mapping of str to sequence of UncertainSource
        By load; for all loads the same ones in the same order, some of other size.
    """

    bodies: Sequence[PerturbedFemur]
    sources: Mapping[str, Sequence[UncertainSource]]

    @property
    def active(self) -> tuple[UncertainSource, ...]:
        """The sources that move the strength under some load."""
        columns = zip(*self.sources.values(), strict=True)
        moving = [[source for source in column if source.is_active] for column in columns]
        return tuple(column[0] for column in moving if column)

    @property
    def owners(self) -> tuple[str, ...]:
        """Name of the source of every parameter."""
        return tuple(source.name for source in self.active for _ in range(source.n_parameters))

    def change(self, values: FloatArray) -> Perturbation:
        """Return the change for values of all parameters, (n_parameters,)."""
        change, first = Perturbation(), 0
        for source in self.active:
            effect = source.effect(values[first : first + source.n_parameters])
            change = change.and_then(Perturbation(**effect))
            first += source.n_parameters
        return change

    def first_order(self) -> dict[str, LoadSpread]:
        """Return the spread by load, from each parameter one standard deviation up and down."""
        owners = np.array(self.owners)
        steps = np.eye(len(owners))
        changes = [self.change(values) for values in (*steps, *-steps)]
        found = [
            body.in_weakest_directions().log_strengths(changes).reshape(2, len(owners), -1)
            for body in self.bodies
        ]

        def spread(_load: str, ends: FloatArray) -> Spread:
            return first_order_spread({name: ends[:, owners == name].T for name in self.owners})

        return self._by_load([*found, *_ratios(found)], spread)

    def sampled(self, n_samples: int, seed: int, store: SampleStore) -> dict[str, LoadSpread]:
        """Return the spread by load from samples of all parameters together.

        Those in the store are taken from there, and every other one goes there as it ends.
        """
        values = self.values(n_samples, seed)
        done = store.open()
        for index in range(n_samples + 1):  # 0 is the bone without a change
            if index not in done:
                change = self.change(values[index - 1]) if index else Perturbation()
                done[index] = [body.log_strengths([change])[0].tolist() for body in self.bodies]
                store.append(index, done[index])
        logs = np.array([done[index] for index in range(n_samples + 1)])
        moved = np.moveaxis(logs[1:] - logs[0], 1, 0)
        found = list(moved)

        def spread(load: str, changes: FloatArray) -> Spread:
            moving = {source.name for source in self.sources[load] if source.is_active}
            columns = [k for k, owner in enumerate(self.owners) if owner in moving]
            owners = [self.owners[k] for k in columns]
            return sampled_spread(changes, values[:, columns], owners)

        return self._by_load([*found, *_ratios(found)], spread)

    def values(self, n_samples: int, seed: int) -> FloatArray:
        """Return the parameters of all samples, (n_samples, n_parameters)."""
        shares = latin_hypercube(n_samples, len(self.owners), rng=np.random.default_rng(seed))
        quantiles = [source.quantile for source in self.active for _ in range(source.n_parameters)]
        columns = [quantile(column) for quantile, column in zip(quantiles, shares.T, strict=True)]
        return np.stack(columns, axis=1)

    def _by_load(
        self, found: Sequence[FloatArray], spread: Callable[[str, FloatArray], Spread]
    ) -> dict[str, LoadSpread]:
        """Return the spread of strength, and of the ratio where there is a twin, by load."""
        has_twin = len(self.bodies) > 1
        return {
            name: LoadSpread(
                strength=spread(name, found[0][..., load]),
                ratio=spread(name, found[-1][..., load]) if has_twin else None,
            )
            for load, name in enumerate(self.sources)
        }


def _ratios(found: Sequence[FloatArray]) -> list[FloatArray]:
    return [found[0] - found[1]] if len(found) > 1 else []
