"""The page of a checked document, in a real headless browser: findings in place, nothing requested or run."""

import pytest

from openhlh.journeys.check import as_contract, check_text
from openhlh.renderings.checked import as_checked_page
from tests.test_page import browser

__all__ = ["browser"]
TEXT = (
    "A paper & its <script>alert(1)</script> numbers\n\n"
    "A response was seen in 6 of 17 (53.3%). Of 34 patients, 12 (35%) had fever.\n\n"
    "A truncated one: 8 of 17 (47.0%)."
)


@pytest.fixture
def page(browser, tmp_path):
    checked = check_text(TEXT, "paper.txt")
    path = tmp_path / "paper.html"
    path.write_text(as_checked_page(as_contract(checked), checked.document.text), encoding="utf-8")
    opened = browser.new_page(viewport={"width": 900, "height": 1200})
    requests = []
    opened.on("request", lambda one: requests.append(one.url))
    opened.goto(path.as_uri())
    yield opened
    assert [one for one in requests if not one.startswith("file:")] == []
    opened.close()


def test_the_whole_text_stands_on_the_page_and_nothing_of_it_runs(page):
    shown = page.locator(".text").evaluate("node => node.innerText")

    assert "<script>alert(1)</script>" in shown
    assert "Of 34 patients, 12 (35%) had fever" in shown
    assert page.locator("script").count() == 0


def test_findings_are_marked_in_place_by_their_verdict(page):
    assert page.locator("mark.does_not_hold").inner_text().startswith("6 of 17 (53.3%")
    assert page.locator("mark.tension").inner_text().startswith("8 of 17 (47.0%")
    assert "12 (35%" in "".join(page.locator("mark.holds").all_inner_texts())


def test_a_finding_leads_to_its_place_and_back(page):
    page.locator("article.does_not_hold a").click()

    assert page.evaluate("document.querySelector(':target').className") == "does_not_hold"
    page.locator("mark.does_not_hold a").click()
    assert page.evaluate("document.querySelector(':target').tagName") == "ARTICLE"


def test_both_themes_have_contrast_and_no_sideways_scroll(page):
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        page.set_viewport_size({"width": 360, "height": 700})

        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
        ink, paper = (
            page.evaluate(f"getComputedStyle(document.body).{name}") for name in ("color", "backgroundColor")
        )
        assert ink != paper
