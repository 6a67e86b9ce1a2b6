"""The bone that can be turned in the page, in a real browser and from the disk."""

import io
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from matplotlib.image import imread

from femur_fea.domain import FloatArray
from femur_risk.report import (
    ENGLISH,
    ColouredSide,
    LoadedBone,
    ReportContent,
    ReportModel,
    compose_document,
    find_words,
    write_html,
    write_pdf,
)

HOSTILE = "</script><script>document.title='taken'</script><img src=x onerror=alert(1)>"
YELLOW, PURPLE = (1.0, 0.9, 0.1), (0.2, 0.0, 0.4)


def _box() -> tuple[FloatArray, Any]:
    """Return a box, 30 mm lateral, 20 anterior and 120 proximal, in 12 triangles."""
    corners = np.array([[x, y, z] for x in (0, 30) for y in (0, 20) for z in (-120, 0)], float)
    quads = [(0, 1, 3, 2), (4, 6, 7, 5), (0, 4, 5, 1), (2, 3, 7, 6), (0, 2, 6, 4), (1, 5, 7, 3)]
    return corners, np.array([t for a, b, c, d in quads for t in ((a, b, c), (a, c, d))])


def _loaded(load: str, bone: float, twin: float | None) -> LoadedBone:
    def side(value: float) -> ColouredSide:
        return ColouredSide(values=np.full(12, value), site=np.array([15.0, 20.0, -10.0]))

    return LoadedBone(
        load=load,
        quantity="Strain over its limit at failure",
        unit="",
        limits=(0.0, 1.0),
        rgb=np.linspace(PURPLE, YELLOW, 256),
        bone=side(bone),
        twin=None if twin is None else side(twin),
    )


@pytest.fixture
def model() -> ReportModel:
    points, triangles = _box()
    return ReportModel(
        points=points,
        triangles=triangles,
        lesion_points=0.3 * points + [10.0, 7.0, -50.0],
        lesion_triangles=triangles,
        loads=(_loaded("stance", 1.0, 0.0), _loaded(HOSTILE, np.nan, None)),
    )


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    chromium = shutil.which("chromium")
    if chromium is None:
        pytest.skip("no chromium on this machine: the page was not opened in a browser")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium,
            args=["--no-sandbox", "--use-angle=swiftshader", "--enable-unsafe-swiftshader"],
        )
        yield browser
        browser.close()


class Opened:
    """A page from the disk, with what it said and asked for."""

    def __init__(self, browser: Any, path: Path) -> None:
        self.page = browser.new_page(viewport={"width": 900, "height": 700})
        self.errors: list[str] = []
        self.asked: list[str] = []
        self.page.on("console", lambda said: self.errors.append(said.text))
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.on("request", lambda asked: self.asked.append(asked.url))
        self.page.goto(path.as_uri())
        self.page.wait_for_selector("#model canvas")

    def picture(self) -> FloatArray:
        png = self.page.locator("#model canvas").screenshot()
        return np.asarray(imread(io.BytesIO(png)))[2:-2, 2:-2, :3]

    def shown(self) -> tuple[float, float]:
        """Return width and height of what is not white, pixels."""
        rows, columns = np.nonzero(self.picture().min(axis=2) < 0.95)
        return float(np.ptp(columns)), float(np.ptp(rows))


@pytest.fixture
def opened(
    browser: Any, content: ReportContent, model: ReportModel, tmp_path: Path
) -> Iterator[Opened]:
    path = tmp_path / "report.html"
    document = compose_document(replace(content, surface=model), find_words(ENGLISH))
    write_html(document, path)
    opened = Opened(browser, path)
    yield opened
    asked = [url for url in opened.asked if not url.startswith("data:")]
    assert asked == [path.as_uri()], "no request leaves the file"
    assert opened.errors == []
    opened.page.close()


def test_the_bone_is_shown_as_it_stands_with_its_values_and_its_weakest_site(opened: Any) -> None:
    picture = opened.picture()
    height, width, _ = picture.shape
    across, up = opened.shown()
    assert across / up == pytest.approx(30.0 / 120.0, abs=0.02), "anterior view: lateral, proximal"
    assert np.abs(picture[height // 4, width // 2] - YELLOW).max() < 0.05, "at the limit"
    dark = np.argwhere(picture.max(axis=2) < 0.1)
    share = (dark[:, 0].mean() - (height - up) / 2) / up
    assert share == pytest.approx(10.0 / 120.0, abs=0.02), "the site, 10 mm below the top"


def test_dragging_turns_it_and_the_wheel_brings_it_nearer(opened: Any) -> None:
    before = opened.shown()
    box = opened.page.locator("#model canvas").bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    opened.page.mouse.move(x, y)
    opened.page.mouse.down()
    opened.page.mouse.move(x + 236.0, y, steps=4)  # a quarter turn: pi / 2 * 150 pixels
    opened.page.mouse.up()
    turned = opened.shown()
    assert turned[0] / before[0] == pytest.approx(22.5 / 30.0, abs=0.02), "its side, and the ball"
    opened.page.mouse.wheel(0.0, 120.0)
    assert opened.shown()[1] / turned[1] == pytest.approx(np.exp(-0.2), abs=0.02)


def test_the_twin_the_lesion_and_the_other_load_change_what_is_seen(opened: Any) -> None:
    with_lesion = opened.picture()
    opened.page.click("#model .lesion")
    assert (np.abs(opened.picture() - with_lesion).max(axis=2) > 0.1).any()
    opened.page.click("#model .twin")
    twin = opened.picture()
    height, width, _ = twin.shape
    assert np.abs(twin[height // 4, width // 2] - PURPLE).max() < 0.05
    opened.page.select_option("#model select", "1")
    assert np.abs(opened.picture()[height // 4, width // 2] - 0.8).max() < 0.05, "not evaluated"
    assert opened.page.locator("#model .twin").is_disabled()


def test_hostile_names_stay_text_and_only_our_program_may_run(opened: Any) -> None:
    opened.page.select_option("#model select", "1")
    assert HOSTILE in opened.page.locator("#model .label").inner_text()
    assert opened.page.title() == "Strength of the femur: demo-0007"
    assert opened.page.locator("script").count() == 2
    policy = opened.page.locator("meta[http-equiv]").get_attribute("content")
    assert "script-src 'sha256-" in policy
    assert "unsafe-eval" not in policy


def test_printed_is_the_picture_and_not_the_model(opened: Any) -> None:
    opened.page.emulate_media(media="print")
    assert not opened.page.locator("#model").is_visible()
    assert opened.page.locator("figure.key img").is_visible()


def test_the_pdf_leaves_the_model_out(
    content: ReportContent, model: ReportModel, tmp_path: Path
) -> None:
    document = compose_document(replace(content, surface=model), find_words(ENGLISH))
    assert document.has_model
    write_pdf(document, tmp_path / "report.pdf")
    assert (tmp_path / "report.pdf").stat().st_size > 0
