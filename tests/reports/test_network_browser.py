"""The network of a page in a real browser: seen, found, hidden, moved, printed, and what is there without it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest

from influence_graph.files import write_whole
from influence_graph.reports.pages.page import Page, render_page
from influence_graph.reports.pages.parts import Network, Section
from tests.reports.browser import Opened, opened

pytestmark = pytest.mark.browser
EVIL = "</script><img src=x onerror=alert(1)>"
NODES = pd.DataFrame(
    [
        ("acme", "Brand", "Acme Coats", 4, 1, 0.0, 0.0),
        ("ann", "Consumer", "Ann", 3, 1, 4.0, 3.0),
        ("bob", "Consumer", "", 1, 1, -4.0, 3.0),
        ("cid", "Consumer", EVIL, 2, 2, 40.0, 30.0),
        ("dan", "Consumer", "Dan", 1, 2, 44.0, 26.0),
        ("eve", "Consumer", "Eve", 1, 3, -30.0, 30.0),
    ],
    columns=["id", "label", "name", "size", "group", "x", "y"],
)
EDGES = pd.DataFrame(
    [
        (1, 0, 5.0, 1, "bond"),
        (2, 0, 3.0, -1, "bond"),
        (3, 0, 1.0, 0, "bond"),
        (3, 4, 1.0, 0, "tie"),
        (5, 1, 9.0, 0, "tie"),
    ],
    columns=["source", "target", "weight", "sign", "kind"],
)
CAMERA = "document.querySelector('figure.network').network.renderer.getCamera().getState()"


def write(folder: Path, name: str = "network.html") -> Path:
    network = Network(NODES, EDGES, "Some are left out: `person ID`.", "5 people, 1 brand")
    file = folder / name
    write_whole(file, render_page(Page("A network", [Section("net", "The network", network=network)])))
    return file


@pytest.fixture
def shown(browser, tmp_path: Path) -> Iterator[Opened]:
    with opened(browser, write(tmp_path)) as found:
        yield found


def state(found: Opened) -> str:
    return found.page.locator(".network .state").inner_text()


def until(found: Opened, condition: str) -> None:
    """Wait until *condition* is true; the page's policy forbids what the driver's own waiting does."""
    for _ in range(200):
        if found.page.evaluate(condition):
            return
        found.page.wait_for_timeout(50)
    raise AssertionError(f"not within 10 s: {condition}")


def place(found: Opened, node: int) -> tuple[float, float]:
    """Return where *node* is on the screen."""
    found.page.locator(".stage").scroll_into_view_if_needed()
    box = found.page.locator(".stage").bounding_box()
    network = "document.querySelector('figure.network').network"
    at = found.page.evaluate(f"{network}.renderer.graphToViewport({network}.graph.getNodeAttributes({node}))")
    return box["x"] + at["x"], box["y"] + at["y"]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [400, 1200, 2560])
def test_a_network_is_drawn_accessible_and_alone(browser, tmp_path: Path, scheme: str, width: int) -> None:
    file = write(tmp_path)
    with opened(browser, file, scheme, width) as found:
        assert found.complaints == []
        assert [url for url in found.requests if url != "data:,"] == [file.as_uri()]
        assert state(found) == "6 people and brands, 5 links. Point at one, or find one by name."
        assert found.page.evaluate("document.documentElement.scrollWidth") <= width
        assert found.page.locator(".stage").bounding_box()["height"] >= 320
        assert found.findings() == []
        found.page.locator(".network button", has_text="Ann").first.click()
        assert found.findings() == []


def test_who_is_under_the_mouse_is_told_with_neighbors(shown: Opened) -> None:
    shown.page.mouse.move(*place(shown, 0))
    until(shown, "document.querySelector('.state').innerText.startsWith('Acme')")
    assert state(shown) == f"Acme Coats (acme): brand of community 1, 4 links. Drawn with Ann, bob, {EVIL}."
    seen = "document.querySelector('figure.network').network.renderer.getNodeDisplayData"
    assert shown.page.evaluate(f"{seen}(5).label") is None  # no neighbor: without a name and faded
    assert shown.page.evaluate(f"{seen}(1).label") == "Ann"
    shown.page.mouse.move(1, 1)
    until(shown, "document.querySelector('.state').innerText.startsWith('6 people')")


def test_a_name_or_an_id_is_found_and_the_picture_moves_there(shown: Opened) -> None:
    find = shown.page.get_by_label("Find a person or brand by name or id")
    find.fill("b")
    offered = shown.page.locator("datalist option")
    assert offered.evaluate_all("all => all.map(each => each.value)") == ["bob"]
    find.fill("ACME coats (acme)")
    find.press("Enter")
    assert state(shown).startswith("Acme Coats (acme): brand")
    until(shown, f"{CAMERA}.ratio < 0.71")
    neighbors = shown.page.locator(".neighbors button")
    assert neighbors.all_inner_texts() == ["Ann", "bob", EVIL]
    neighbors.first.click()
    assert state(shown).startswith("Ann (ann): person of community 1, 3 links. Drawn with Eve, Acme Coats.")
    find.fill("zoe")
    find.press("Enter")
    assert state(shown) == "Nobody in the picture has “zoe” in name or id."


def test_a_community_is_hidden_and_shown_and_its_members_are_found_again(shown: Opened) -> None:
    buttons = shown.page.locator(".groups button")
    assert buttons.all_inner_texts() == ["1: Acme Coats, Ann (3)", f"2: {EVIL}, Dan (2)", "the other communities (1)"]
    second = buttons.nth(1)
    second.focus()
    second.press("Enter")
    hidden = "document.querySelector('figure.network').network.renderer.getNodeDisplayData(4).hidden"
    assert buttons.nth(1).get_attribute("aria-pressed") == "false"
    assert shown.page.evaluate(hidden) is True
    assert shown.page.evaluate("document.activeElement.textContent") == f"2: {EVIL}, Dan (2)"
    find = shown.page.get_by_label("Find a person or brand by name or id")
    find.fill("dan")
    find.press("Enter")
    assert buttons.nth(1).get_attribute("aria-pressed") == "true"
    assert not shown.page.evaluate(hidden)


def test_keys_and_buttons_move_the_picture_and_the_wheel_only_once_it_is_chosen(browser, tmp_path: Path) -> None:
    with opened(browser, write(tmp_path), reduced_motion="reduce") as found:
        page, stage = found.page, found.page.locator(".stage")
        x, y = place(found, 0)
        page.mouse.move(x + 90, y + 90)
        page.mouse.wheel(0, -200)
        page.wait_for_timeout(400)
        assert page.evaluate(f"{CAMERA}.ratio") == 1
        stage.focus()
        for key, test in [
            ("+", "ratio < 1"), ("ArrowRight", "x > 0.5"), ("ArrowUp", "y > 0.5"), ("-", "ratio === 1"),
            ("0", "x === 0.5"),
        ]:  # fmt: skip
            stage.press(key)
            until(found, f"{CAMERA}.{test}")
        page.mouse.wheel(0, -200)
        until(found, f"{CAMERA}.ratio < 1")
        page.get_by_role("button", name="Show all").click()
        until(found, f"{CAMERA}.ratio === 1")
        page.get_by_role("button", name="Zoom in").click()
        until(found, f"{CAMERA}.ratio < 1")
        assert found.complaints == []


def test_colors_follow_the_theme_and_print_is_an_image_on_white(shown: Opened) -> None:
    ink = "document.querySelector('figure.network').network.colors.ink"
    assert shown.page.evaluate(ink) == "#17212b"
    shown.page.emulate_media(color_scheme="dark")
    until(shown, f"{ink} === '#e8edf1'")
    shown.page.evaluate("dispatchEvent(new Event('beforeprint'))")
    image = shown.page.locator("img.print")
    assert image.get_attribute("src").startswith("data:image/png;base64,")
    colors = image.evaluate("""async image => {
        await image.decode();
        const canvas = document.createElement("canvas"), found = new Map();
        [canvas.width, canvas.height] = [image.naturalWidth, image.naturalHeight];
        canvas.getContext("2d").drawImage(image, 0, 0);
        const data = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data;
        for (let at = 0; at < data.length; at += 4) {
            const color = [...data.slice(at, at + 3)].join();
            found.set(color, (found.get(color) || 0) + 1);
        }
        return Object.fromEntries(found);
    }""")
    assert max(colors, key=colors.get) == "255,255,255"
    assert colors["23,113,140"] > 20  # the first community
    assert colors["179,84,30"] > 20  # the second one
    shown.page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert shown.page.evaluate(ink) == "#e8edf1"
    assert shown.complaints == []


def test_a_hostile_name_is_text_everywhere(shown: Opened) -> None:
    find = shown.page.get_by_label("Find a person or brand by name or id")
    find.fill("</script>")
    find.press("Enter")
    assert EVIL in state(shown)
    assert shown.page.locator("img").count() == 1
    assert EVIL in shown.page.locator("table").first.text_content()
    assert shown.complaints == []


@pytest.mark.parametrize("missing", ["scripts", "webgl"])
def test_without_scripts_or_webgl_the_page_says_so_and_the_table_is_there(
    browser, tmp_path: Path, missing: str
) -> None:
    file = write(tmp_path)
    with opened(browser, file, java_script_enabled=missing == "webgl") as found:
        if missing == "webgl":
            found.page.add_init_script("HTMLCanvasElement.prototype.getContext = () => null")
            found.page.reload()
        assert "needs scripts and WebGL" in state(found)
        assert not found.page.locator(".stage").is_visible()
        assert not found.page.get_by_label("Find a person or brand").is_visible()
        found.page.locator("summary").click()
        assert found.page.get_by_role("cell", name="Acme Coats").is_visible()
        assert found.complaints == []


def test_a_page_can_load_nothing_even_where_something_would(shown: Opened) -> None:
    failed, loaded = [], []
    shown.page.on("requestfailed", lambda request: failed.append(request.failure))
    shown.page.on("requestfinished", lambda request: loaded.append(request.url))
    blocked = shown.page.evaluate("""async () => {
        const broken = [];
        addEventListener("securitypolicyviolation", event => broken.push(event.effectiveDirective));
        await fetch("https://example.com/").catch(() => 0);
        for (const [kind, at] of [["img", "src"], ["script", "src"], ["iframe", "src"], ["link", "href"]]) {
            const element = document.createElement(kind);
            if (kind === "link") element.rel = "stylesheet";
            element[at] = "https://example.com/x";
            document.body.append(element);
        }
        await new Promise(done => setTimeout(done, 300));
        return broken;
    }""")
    assert {"connect-src", "img-src", "script-src-elem", "frame-src", "style-src-elem"} <= set(blocked)
    assert set(failed) == {"csp"}
    assert loaded == []
