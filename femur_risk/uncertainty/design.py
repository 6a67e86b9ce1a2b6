"""Where the samples lie."""

import numpy as np

from femur_fea.domain import FloatArray

__all__ = ["latin_hypercube"]


def latin_hypercube(n_samples: int, n_parameters: int, *, rng: np.random.Generator) -> FloatArray:
    """Return a Latin hypercube: every parameter has one sample in each n-th of its distribution.

    Parameters
    ----------
    n_samples, n_parameters : int
        Rows and columns.
    rng : Generator
        The same one gives the same samples.

    Returns
    -------
    (n_samples, n_parameters)
        Shares of the distribution between 0 and 1, both excluded.

    References
    ----------
    McKay et al., Technometrics 1979;21:239, doi:10.2307/1268522
    """
    strata = np.stack([rng.permutation(n_samples) for _ in range(n_parameters)], axis=1)
    inside = np.clip(rng.random((n_samples, n_parameters)), 1e-12, 1.0)
    return np.asarray((strata + inside * (1.0 - 1e-12)) / n_samples)
