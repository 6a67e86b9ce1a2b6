"""The page in a real browser."""

import io
import re
import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from matplotlib.image import imread

from femur_fea.domain import FloatArray
from femur_fea.io import read_mesh
from femur_fea.strength import von_mises
from femur_risk.opened import ViewedRun

PATIENCE_S = 10.0


class Opened:
    """A page with what it said and asked for."""

    def __init__(self, page: Any) -> None:
        self.page = page
        self.errors: list[str] = []
        self.hosts: set[str] = set()
        page.on("console", lambda said: self._heard(said.type, said.text))
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("request", lambda asked: self._asked(asked.url))
        page.on("websocket", lambda socket: self._asked(socket.url))

    def picture(self) -> FloatArray:
        """Return what the scene shows, (height, width, 3)."""
        png = self.page.locator("canvas").first.screenshot()
        return np.asarray(imread(io.BytesIO(png)))[:, :, :3]

    def changed(self, act: Callable[[], object]) -> FloatArray:
        """Return the share of pixels that an action has changed, once it has."""
        before, until = self.picture(), time.monotonic() + PATIENCE_S
        act()
        while time.monotonic() < until:
            changed = np.abs(self.picture() - before).max(axis=2) > 0.02
            if changed.mean() > 1e-4:
                return changed
            time.sleep(0.1)
        raise AssertionError("nothing has changed")

    def choose(self, menu: str, item: str) -> None:
        """Choose an item of a menu."""
        self.page.locator(".v-select", has_text=menu).click()
        self.page.locator(".v-list-item", has_text=item).click()
        self.page.locator(".v-list-item").first.wait_for(state="hidden")

    def drag(self, across: int, down: int, *, canvas: int = 0) -> None:
        """Drag from the middle of a scene by some pixels."""
        box = self.page.locator("canvas").nth(canvas).bounding_box()
        x, y = box["x"] + box["width"] / 2.0, box["y"] + box["height"] / 2.0
        self.page.mouse.move(x, y)
        self.page.mouse.down()
        self.page.mouse.move(x + across, y + down, steps=5)
        self.page.mouse.up()

    def readings(self) -> dict[str, str]:
        """Return the table of what was read at a point."""
        cells = self.page.locator("table td").all_inner_texts()
        return dict(zip(cells[::2], cells[1::2], strict=True))

    def _heard(self, kind: str, text: str) -> None:
        if kind == "error":
            self.errors.append(text)

    def _asked(self, url: str) -> None:
        if not url.startswith(("data:", "blob:")):
            self.hosts.add(url.split("/")[2])


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


def open_page(browser: Any, address: str) -> Opened:
    """Open an address and wait until its scene is drawn."""
    opened = Opened(browser.new_page(viewport={"width": 1200, "height": 800}))
    opened.page.goto(address)
    opened.page.wait_for_selector("canvas")
    until = time.monotonic() + PATIENCE_S
    while opened.picture().std() < 0.05:
        assert time.monotonic() < until, "the canvas stays blank"
        time.sleep(0.1)
    return opened


@pytest.fixture(scope="module")
def opened(browser: Any, served: Any) -> Opened:
    return open_page(browser, served.address)


def click(picture: Any, across: float, down: float) -> None:
    """Click on a slice at a share of its width and height."""
    box = picture.locator("img").bounding_box()
    x, y = across * box["width"], down * box["height"]
    picture.locator("img").click(position={"x": x, "y": y})


def test_the_token_does_not_stay_in_the_address(opened: Opened, served: Any) -> None:
    assert opened.page.url == f"http://127.0.0.1:{served.port}/index.html"


def test_a_hostile_case_id_is_text(opened: Opened) -> None:
    assert opened.page.get_by_text("<b>bar</b>", exact=True).is_visible()


def test_the_field_menu_changes_the_colours_and_the_bar_has_its_unit(opened: Opened) -> None:
    opened.changed(lambda: opened.choose("Field", "Von Mises stress"))
    assert opened.page.get_by_text("Von Mises stress (MPa)").is_visible()


def test_the_views_look_from_other_sides(opened: Opened) -> None:
    wide = opened.changed(lambda: opened.page.click("text=lateral"))
    assert wide.any()
    opened.changed(lambda: opened.page.click("text=anterior"))


def test_what_is_picked_is_what_the_file_has(opened: Opened, bar: ViewedRun) -> None:
    box = opened.page.locator("canvas").bounding_box()
    opened.page.mouse.click(box["x"] + box["width"] / 2.0, box["y"] + box["height"] / 2.0)
    opened.page.wait_for_selector("table")
    read = opened.readings()
    point = [float(read[axis].split()[0]) for axis in ("lateral", "anterior", "proximal")]
    np.testing.assert_allclose(point, [0.0, 10.0, -60.0], atol=1.0)  # a pixel is 0.2 mm
    cell = int(read["cell"])
    centroid = bar.frame.to_frame(bar.mesh.centroids[[cell]])[0]
    assert np.abs(centroid - point).max() <= 2.6  # half an edge, and the digits shown
    for name, side in (("stance", "as it is"), ("stance@healed", "twin")):
        file = read_mesh(bar.folder / "fe" / name / "field.vtu", kind="hex8", side="left")
        stress = von_mises(np.asarray(file.cell_data["stress_MPa"], dtype=float))[cell]
        assert read[f"Von Mises stress, {side}"] == f"{stress:.6g} MPa"
        risk = file.cell_data["risk_factor"][cell]
        assert read[f"Strain over its limit, {side}"] == f"{risk:.6g}"


def test_the_cut_plane_moves_through_the_bone(opened: Opened) -> None:
    opened.page.click("text=lateral")
    cut = opened.changed(lambda: opened.choose("Cut across", "proximal"))
    assert cut.any()
    thumb = opened.page.locator(".slider-cut_position .v-slider-thumb")
    opened.changed(lambda: [thumb.press("ArrowLeft") for _ in range(30)])
    opened.changed(lambda: opened.choose("Cut across", "none"))


def test_the_twin_is_drawn_on_the_same_scale(opened: Opened) -> None:
    ends = ".bar-ticks span"
    before = opened.page.locator(ends).all_inner_texts()
    opened.changed(lambda: opened.choose("Bone", "Lesion-free twin"))
    assert opened.page.locator(ends).all_inner_texts() == before
    opened.changed(lambda: opened.choose("Bone", "Difference"))
    ticks = [float(tick) for tick in opened.page.locator(ends).all_inner_texts()]
    assert ticks[0] == -ticks[-1] < 0.0


def test_dragging_turns_the_bone(opened: Opened) -> None:
    opened.choose("Bone", "As it is")
    turned = opened.changed(lambda: opened.drag(150, 0))
    assert turned.mean() > 0.01
    opened.page.click("text=anterior")


def test_a_click_on_a_slice_moves_the_other_slices_and_reads_what_lies_there(
    opened: Opened,
) -> None:
    opened.page.get_by_label("slices of the CT").check()
    axial = opened.page.locator(".slice").nth(2)
    axial.wait_for()
    opened.page.wait_for_timeout(500)  # until the pictures have their size
    # slices show the bar with 8 mm of margin, lateral at the left; its lesion is at (8, 0, -60)
    click(opened.page.locator(".slice").nth(1), (8 + 7) / 46, (8 + 60) / 136)
    axial.get_by_text(re.compile("axial, -(59|60)")).wait_for()
    click(axial, (8 + 7) / 46, 18 / 36)
    until = time.monotonic() + PATIENCE_S
    while (read := opened.readings()).get("CT number") != "0 HU":
        assert time.monotonic() < until, read
        time.sleep(0.1)
    place = [float(read[axis].split()[0]) for axis in ("lateral", "anterior", "proximal")]
    np.testing.assert_allclose(place, [8.0, 0.0, -60.0], atol=1.0)
    opened.page.get_by_label("slices of the CT").uncheck()


def test_a_screenshot_is_what_the_scene_shows(opened: Opened) -> None:
    with opened.page.expect_download() as download:
        opened.page.click("text=Screenshot")
    shot = imread(io.BytesIO(Path(download.value.path()).read_bytes()))
    assert shot[:, :, :3].std() > 0.05


def test_no_error_was_said_and_no_request_left_the_machine(opened: Opened, served: Any) -> None:
    assert opened.errors == []
    assert opened.hosts == {f"127.0.0.1:{served.port}"}


def test_two_runs_turn_together_on_one_scale(
    browser: Any, serve_run: Any, bar_folder: Path
) -> None:
    viewer = serve_run(bar_folder, bar_folder)
    try:
        both = open_page(browser, viewer.address)
        assert both.page.locator("canvas").count() == 2
        # what is turned is the second one, what is looked at the first
        turned = both.changed(lambda: both.drag(120, 0, canvas=1))
        assert turned.mean() > 0.01
        assert both.errors == []
    finally:
        viewer.end()
