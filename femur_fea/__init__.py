"""The mechanics engine and the vocabulary that every other package shares."""

__all__ = ["__version__"]

__version__ = "0.1.0"
