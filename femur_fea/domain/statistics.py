"""Numbers of the standard normal distribution."""

__all__ = ["MAD_TO_SD", "NORMAL_95"]

MAD_TO_SD = 1.4826
"""Standard deviation over median absolute deviation: 1 / 0.67449, its 75 % quantile (tables)."""

NORMAL_95 = 1.6448536269514722
"""Its 95 % quantile (tables): half width of a 90 % interval in standard deviations."""
