"""A run within a notebook, without one."""

from html.parser import HTMLParser
from pathlib import Path

import pytest

from femur_fea.errors import MissingInputError
from femur_risk.notebook import show

PAGE = '<!doctype html><p title="a & b">5 > 3</p><script>"</iframe><b>"</script>'


class Frames(HTMLParser):
    """The tags of a text, with what they say."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))


def test_the_whole_report_stays_in_its_frame(tmp_path: Path) -> None:
    (tmp_path / "report").mkdir()
    (tmp_path / "report/report.html").write_text(PAGE, encoding="utf-8")
    ((tag, frame),) = Frames(show(tmp_path, height=500)._repr_html_()).tags
    assert (tag, frame["srcdoc"], frame["sandbox"]) == ("iframe", PAGE, "allow-scripts")
    assert "height:500px" in str(frame["style"])


def test_a_folder_without_a_report_is_refused_without_its_name(tmp_path: Path) -> None:
    with pytest.raises(MissingInputError) as refused:
        show(tmp_path / "a-patients-name")
    assert "a-patients-name" not in str(refused.value)
