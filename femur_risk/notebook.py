"""A run within a notebook: its report, whose bone can be turned, without a server or a network."""

from dataclasses import dataclass
from html import escape
from pathlib import Path

from femur_fea.errors import MissingInputError
from femur_risk.pipeline import layout

__all__ = ["ShownRun", "show"]

_HEIGHT = 900  # pixels


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownRun:
    """What a notebook displays; its page may run its own program and nothing else.

    Attributes
    ----------
    page : str
        The report as one HTML text.
    height : int, pixels
        Of its frame.
    """

    page: str
    height: int

    def _repr_html_(self) -> str:
        """Return a frame with the page, as Jupyter asks for it."""
        return (
            f'<iframe sandbox="allow-scripts" style="width:100%;height:{self.height}px;border:0" '
            f'srcdoc="{escape(self.page)}"></iframe>'
        )


def show(folder: Path, *, height: int = _HEIGHT) -> ShownRun:
    """Return the report of a finished run for a notebook, as the last line of a cell.

    Parameters
    ----------
    folder : Path
        Folder of the run.
    height : int, pixels
        Height of the frame.

    Raises
    ------
    MissingInputError
        If no report was written there.
    """
    path = folder / layout.REPORT
    if not path.is_file():
        raise MissingInputError(
            found=f"no {layout.REPORT} in the given folder",
            expected="the folder of a finished run",
            remedy="check the path, or call 'femur-fea report' with it",
        )
    return ShownRun(page=path.read_text(encoding="utf-8"), height=height)
