"""The command line: the one place that prints, and that turns errors into exit codes."""

from femur_risk.cli.entry import main

__all__ = ["main"]
