"""The HTML page, in a real headless browser: self-contained, accessible, nothing run or requested."""

import re
import shutil

import pytest
from playwright.sync_api import sync_playwright

from openhlh.journeys.ask import ask
from openhlh.renderings.page import as_page
from tests.conftest import ROOT

FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip


@pytest.fixture(scope="module")
def browser():
    path = shutil.which("chromium-headless-shell") or shutil.which("chromium")
    assert path, "no headless browser: run `make browser`"
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield running
        running.close()


@pytest.fixture
def page(browser):
    opened = browser.new_page(viewport={"width": 900, "height": 1200})
    yield opened
    opened.close()


def written(tmp_path, question, audience="clinician"):
    path = tmp_path / "answer.html"
    path.write_text(as_page(ask(question, audience).answer.contract()), encoding="utf-8")
    return path.as_uri()


def test_the_page_asks_for_nothing_and_runs_nothing(page, tmp_path):
    requests, problems = [], []
    page.on("request", lambda request: requests.append(request.url))
    page.on("console", lambda message: problems.append(message.text))
    uri = written(tmp_path, "What are the treatment options for refractory HLH?")

    page.goto(uri)

    assert requests == [uri]
    assert problems == []
    assert page.locator("script").count() == 0


def test_sections_references_and_doubts_are_shown(page, tmp_path):
    page.goto(written(tmp_path, "What are the treatment options for refractory HLH?"))

    assert page.locator("h2").all_inner_texts()[:2] == ["From the guidelines", "From the research"]
    assert page.locator(".doubt").count() > 3
    page.locator("a.cite", has_text="wang_2015").first.click()
    assert page.url.endswith("#ref-wang_2015")
    assert page.locator("#ref-wang_2015").is_visible()


def test_where_a_number_comes_from_opens_on_click(page, tmp_path):
    page.goto(written(tmp_path, "response to DEP in refractory HLH"))

    page.locator("summary").first.click()

    assert "Clopper-Pearson 48/63" in page.locator("details[open]").first.inner_text()


def test_the_page_is_accessible_by_its_structure(page, tmp_path):
    page.goto(written(tmp_path, "harms of alemtuzumab"))

    assert page.locator("html").get_attribute("lang") == "en"
    assert page.locator("main").count() == page.locator("h1").count() == 1
    labelled = page.eval_on_selector_all(
        "section", "all => all.map(one => !!document.getElementById(one.getAttribute('aria-labelledby')))"
    )
    assert labelled
    assert all(labelled)
    ids = page.eval_on_selector_all("[id]", "all => all.map(one => one.id)")
    assert len(ids) == len(set(ids))
    broken = page.eval_on_selector_all(
        "a[href^='#']",
        "all => all.filter(a => !document.getElementById(a.getAttribute('href').slice(1))).length",
    )
    assert broken == 0


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_stands_out_from_the_paper_in_both_schemes(browser, tmp_path, scheme):
    page = browser.new_page(color_scheme=scheme)
    page.goto(written(tmp_path, "harms of alemtuzumab"))

    ink, paper = page.evaluate(
        "[getComputedStyle(document.body).color, getComputedStyle(document.body).backgroundColor]"
    )
    page.close()

    assert contrast(ink, paper) >= 7


def contrast(one, other):
    """Return the contrast ratio of WCAG 2 between two rgb() colours."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def luminance(colour):
    channels = [int(value) / 255 for value in re.findall(r"\d+", colour)[:3]]
    linear = [value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4 for value in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_a_narrow_screen_needs_no_sideways_scrolling(browser, tmp_path):
    page = browser.new_page(viewport={"width": 360, "height": 800})
    page.goto(written(tmp_path, "What are the treatment options for refractory HLH?"))

    width = page.evaluate("document.documentElement.scrollWidth")
    page.close()

    assert width <= 360


def test_an_emergency_stands_on_top_as_an_alert(page, tmp_path):
    page.goto(written(tmp_path, "my daughter has HLH and won't wake up", "patient"))

    assert "Go to hospital now" in page.locator("[role=alert]").inner_text()


def test_markup_in_a_question_is_shown_as_text(page, tmp_path):
    page.goto(written(tmp_path, "<img src=x onerror=alert(1)> HLH options"))

    assert page.locator("img").count() == 0
    assert "<img" in page.locator("h1").inner_text()


def test_screenshots_can_be_looked_at(page, tmp_path):
    shots = ROOT / "shots"
    shots.mkdir(exist_ok=True)
    page.goto(written(tmp_path, "What are the treatment options for refractory HLH?"))

    page.screenshot(path=shots / "options.png")

    assert (shots / "options.png").stat().st_size > 20_000
