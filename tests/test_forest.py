"""The forest plot: every number in place, doubts in plain sight, the same bytes on every run, any series."""

import re
import xml.etree.ElementTree as ET
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from openhlh.errors import WrongInput
from openhlh.figures.canvas import text_width, wrapped
from openhlh.figures.forest import (
    Forest,
    ForestPanel,
    ForestRow,
    ForestSummary,
    forest_png,
    forest_svg,
    write_forest,
)
from openhlh.figures.forest_axis import Axis, axis_of, interval_text, shown
from openhlh.proportions import clopper_pearson
from tests.test_page import browser

__all__ = ["browser"]
SVG = "{http://www.w3.org/2000/svg}"
SECOND_HAND = "second-hand: counts read from a review"
COURSES = "percents fit courses, not patients"


def study(label, count, total, **more):
    low, high = clopper_pearson(count, total)
    return ForestRow(label, count, total, count / total, low, high, **more)


ROWS = (
    study("Alpha 2015", 48, 63, weight=60.0, definition="CR+PR", line="refractory"),
    study("Beta 2023", 3, 3, weight=15.0, definition="CR", line="refractory", doubts=(COURSES,)),
    study("Gamma 2024", 0, 17, weight=25.0, definition="CR", line="first", doubts=(COURSES, SECOND_HAND)),
    study("Delta 2020", 25, 34, left_out=True, doubts=("left out: part of Alpha 2015",)),
)
POOLED = ForestSummary("Pooled (k = 3)", 0.6, 0.3, 0.8, 0.1, 0.95, "tau² 0.7 (ML; profile 0 to 9)")
FOREST = Forest(
    "Response & <safety>", (ForestPanel("", ROWS),), POOLED, "Response, %", notes=("A note.",), footnotes=("Print.",)
)  # fmt: skip


def tree(forest):
    return ET.fromstring(forest_svg(forest))  # noqa: S314 - our own text


def by_id(forest):
    return {node.get("id"): node for node in tree(forest).iter() if node.get("id")}


def texts(node):
    return [one.text for one in node.iter(f"{SVG}text")]


def box(node):
    """The ends of a mark's path: left, right, top, bottom."""
    numbers = [float(one) for one in re.findall(r"-?\d+(?:\.\d+)?", node.find(f"{SVG}path").get("d"))]
    return min(numbers[::2]), max(numbers[::2]), min(numbers[1::2]), max(numbers[1::2])


def test_a_row_holds_label_counts_interval_weight_definition_and_line():
    assert texts(by_id(FOREST)["row-1-1"]) == [
        "Alpha 2015", "48/63", "76.2 [63.8–86.0]", "60.0 %", "CR+PR", "refractory"
    ]  # fmt: skip


def test_marks_stand_where_their_values_are():
    found = by_id(FOREST)
    zero, one = box(found["axis-line"])[:2]
    left, right = box(found["row-1-1-interval"])[:2]
    square = box(found["row-1-1-estimate"])

    low, high = clopper_pearson(48, 63)
    assert (left - zero) / (one - zero) == pytest.approx(low, abs=1e-4)
    assert (right - zero) / (one - zero) == pytest.approx(high, abs=1e-4)
    assert ((square[0] + square[1]) / 2 - zero) / (one - zero) == pytest.approx(48 / 63, abs=1e-4)


def test_the_area_of_a_square_is_its_weight():
    found = by_id(FOREST)
    sides = [box(found[f"row-1-{n}-estimate"]) for n in (1, 2, 3)]
    areas = [(right - left) * (bottom - top) for left, right, top, bottom in sides]

    assert areas[1] / areas[0] == pytest.approx(15 / 60, rel=1e-3)
    assert areas[2] / areas[0] == pytest.approx(25 / 60, rel=1e-3)


def test_the_diamond_and_the_prediction_bar_span_their_intervals():
    found = by_id(FOREST)
    zero, one = box(found["axis-line"])[:2]
    spans = {
        name: [(end - zero) / (one - zero) for end in box(found[name])[:2]]
        for name in ("overall-summary-diamond", "overall-prediction")
    }

    assert spans["overall-summary-diamond"] == pytest.approx([0.3, 0.8], abs=1e-4)
    assert spans["overall-prediction"] == pytest.approx([0.1, 0.95], abs=1e-4)
    assert "Prediction interval (a new study)" in texts(found["overall-prediction-row"])
    assert texts(found["overall-tau2"]) == ["tau² 0.7 (ML; profile 0 to 9)"]


def test_doubts_are_numbered_once_hatched_and_told_below():
    found = by_id(FOREST)

    assert "▲ 1" in texts(found["row-1-2"])
    assert "▲ 1, 2" in texts(found["row-1-3"])
    assert texts(found["doubt-1"]) == ["1", COURSES]
    assert texts(found["doubt-2"]) == ["2", SECOND_HAND]
    assert "url(#" in found["row-1-2-estimate"].find(f"{SVG}path").get("style")  # the hatch
    assert "url(#" not in found["row-1-1-estimate"].find(f"{SVG}path").get("style")
    assert any("hatched" in one for one in texts(found["key"]))


def test_a_row_left_out_is_greyed_with_its_reason_below():
    found = by_id(FOREST)

    assert "#5f5f5f" in found["row-1-4"].find(f".//{SVG}text").get("style")
    assert "stroke-dasharray" in found["row-1-4-interval"].find(f"{SVG}path").get("style")
    assert texts(found["doubt-3"]) == ["3", "left out: part of Alpha 2015"]


def test_every_row_has_a_title_with_its_full_text():
    label = "A label of far more than sixty characters " * 4
    forest = Forest("T", (ForestPanel("", (study(label, 1, 8, doubts=(COURSES,)),)),), None, "x")
    row = by_id(forest)["row-1-1"]

    assert row.get("role") == "img"
    assert row.find(f"{SVG}title").text == (
        f"{label.strip()}: 1 of 8, 12.5 [0.3–52.7] %, doubts: percents fit courses, not patients"
    )
    assert any(line.endswith("…") for line in texts(row))


def test_every_id_is_given_once():
    ids = re.findall(r' id="([^"]+)"', forest_svg(FOREST))

    assert len(ids) == len(set(ids))


def test_the_same_values_give_the_same_bytes_and_nothing_of_today():
    assert forest_svg(FOREST) == forest_svg(FOREST)
    assert forest_png(FOREST) == forest_png(FOREST)
    assert "<dc:date>" not in forest_svg(FOREST)


def test_figures_leave_no_trace_in_the_settings_of_matplotlib():
    import matplotlib as mpl

    before = dict(mpl.rcParams)
    forest_svg(FOREST)

    assert dict(mpl.rcParams) == before


def test_columns_without_any_entry_are_left_out():
    heads = texts(by_id(Forest("T", (ForestPanel("", (study("A", 1, 2),)),), None, "x"))["heads"])

    assert heads == ["Study", "n/N", "% [interval]"]


def test_panels_have_titles_rows_and_summaries_of_their_own():
    panels = (
        ForestPanel("First drug", ROWS[:2], ForestSummary("First (k = 2)", 0.8, 0.5, 0.9)),
        ForestPanel("Second drug", ROWS[2:3], ForestSummary("not pooled: one study", None, None, None)),
    )
    found = by_id(Forest("T", panels, POOLED, "x"))

    assert texts(found["panel-1-title"]) == ["First drug"]
    assert "panel-1-summary-diamond" in found
    assert texts(found["panel-2-summary"]) == ["not pooled: one study"]
    assert "panel-2-summary-diamond" not in found
    assert {"row-1-2", "row-2-1", "overall-summary-diamond"} <= set(found)


def test_nothing_pooled_means_no_diamond_and_no_line():
    found = by_id(Forest("T", (ForestPanel("", ROWS),), None, "x", notes=("Not pooled: reason.",)))

    assert not [one for one in found if "diamond" in one or one == "pooled-line" or "prediction" in one]
    assert texts(found["note-1"]) == ["Not pooled: reason."]


def test_open_ends_on_a_ratio_axis_are_arrows():
    rows = (
        ForestRow("Open above", 8, 8, None, 1.3, None, control_events=3, control_total=9),
        ForestRow("Open below", 0, 8, 0.0, None, 1.9, control_events=3, control_total=9),
        ForestRow("Closed", 5, 8, 2.0, 0.5, 8.0, control_events=4, control_total=8),
    )
    found = by_id(Forest("T", (ForestPanel("", rows),), None, "Odds ratio", "ratio"))

    assert "row-1-1-interval-high-open" in found
    assert "row-1-1-interval-low-open" not in found
    assert "row-1-2-interval-low-open" in found
    assert not [one for one in found if one.startswith("row-1-3") and one.endswith("open")]
    assert "[1.30–∞]" in texts(found["row-1-1"])
    assert "3/9" in texts(found["row-1-1"])


def test_the_ratio_axis_is_logarithmic_and_names_no_difference():
    axis = Axis("ratio", 0.1, 10.0, 0.0, 100.0)
    found = by_id(
        Forest("T", (ForestPanel("", (ForestRow("A", 1, 2, 2.0, 0.5, 8.0),)),), None, "Odds ratio", "ratio")
    )

    assert axis.x(1.0) == pytest.approx(50.0)
    assert axis.x(10**0.5) == pytest.approx(75.0)
    assert (axis.x(0.0), axis.x(1e9)) == (0.0, 100.0)
    assert [words for _, words in axis.ticks()] == ["0.1", "0.2", "0.5", "1", "2", "5", "10"]
    assert "neutral-line" in found


def test_numbers_are_printed_by_the_scale():
    assert [shown(value, "ratio") for value in (0.0, 0.001, 1.5, 4000.0, 3.2e7)] == [
        "0.00", "1.0e-03", "1.50", "4000", "3.2e+07"
    ]  # fmt: skip
    assert interval_text(-0.5, 0.25, "difference") == "[−0.50 to 0.25]"
    assert interval_text(None, None, "proportion") == ""


def drawn_texts(forest):
    """Every text with its box: left, right, middle height."""
    for node in tree(forest).iter(f"{SVG}text"):
        style = node.get("style")
        size = float(re.search(r"font-size: ([\d.]+)px|([\d.]+)px", style)[0].split()[-1].rstrip("px"))
        width = text_width(node.text, size, bold="font-weight: 700" in style)
        x = float(node.get("x"))
        anchor = re.search(r"text-anchor: (\w+)", style)[1]
        left = {"start": x, "middle": x - width / 2, "end": x - width}[anchor]
        yield node.text, left, left + width, float(node.get("y"))


@pytest.mark.parametrize("size", [1, 3, 14, 60])
def test_no_text_lies_over_another_or_leaves_the_sheet(size):
    rows = tuple(
        study(
            f"Study {n} 2020" + " with a long label of more than sixty characters, second cohort" * (n % 5 == 0),
            n % 4, 3 + n % 60, weight=100 / size, definition="CR+PR+improvement by week two" * (n % 3),
            line="relapsed or refractory", doubts=(f"doubt {n % 7}", COURSES)[: n % 3], left_out=n % 9 == 8,
        )
        for n in range(size)
    )  # fmt: skip
    panels = (ForestPanel("One", rows[: size // 2 + 1], POOLED), ForestPanel("Two", rows[size // 2 + 1 :]))
    forest = Forest("A title " * 30, panels, POOLED, "Response, %", notes=("Words " * 90,))
    width = float(re.search(r'width="([\d.]+)pt"', forest_svg(forest))[1])
    found = list(drawn_texts(forest))

    assert [one for one in found if one[1] < 0 or one[2] > width] == []
    overlaps = [
        (one[0], other[0])
        for one, other in combinations(found, 2)
        if abs(one[3] - other[3]) < 7 and one[1] < other[2] - 1 and other[1] < one[2] - 1
    ]
    assert overlaps == []


def test_a_word_wider_than_its_column_is_cut_and_a_long_text_ends_with_an_ellipsis():
    lines = wrapped("a" * 200, 50.0, 3)

    assert len(lines) == 3
    assert lines[-1].endswith("…")
    assert all(text_width(line) <= 50.0 for line in lines)
    assert wrapped("", 50.0, 3) == []


def test_signs_of_others_are_text_and_nothing_else():
    label = "<b>$x_1$ & 'quoted' \x1b[31m \u202e 王 2020"
    found = by_id(Forest("T", (ForestPanel("", (study(label, 1, 2),)),), None, "x"))

    assert texts(found["row-1-1"])[0] == "<b>$x_1$ & 'quoted' [31m 王 2020"


def test_files_are_written_by_their_ending_and_no_other(tmp_path):
    write_forest(FOREST, tmp_path / "a.svg")
    write_forest(FOREST, tmp_path / "a.PNG")

    assert (tmp_path / "a.svg").read_text(encoding="utf-8") == forest_svg(FOREST)
    assert (tmp_path / "a.PNG").read_bytes() == forest_png(FOREST)
    assert (tmp_path / "a.PNG").read_bytes().startswith(b"\x89PNG")
    with pytest.raises(WrongInput, match=r"\.svg or \.png"):
        write_forest(FOREST, tmp_path / "a.pdf")
    with pytest.raises(WrongInput, match="cannot be written"):
        write_forest(FOREST, tmp_path / "away" / "a.svg")


limits = st.none() | st.floats(0, 1)
ratios = st.none() | st.floats(0, 1e12)


@settings(max_examples=15, deadline=None)
@given(
    st.lists(st.tuples(limits, limits, limits), max_size=4),
    st.tuples(limits, limits, limits),
    st.text(max_size=40),
)
def test_any_values_of_a_proportion_can_be_drawn(rows, pooled, words):
    panel = ForestPanel(words, tuple(ForestRow(words, None, None, *row, doubts=(words,)) for row in rows))
    forest = Forest(words, (panel,), ForestSummary(words, *pooled, tau2=words), words)

    assert tree(forest).tag == f"{SVG}svg"


@settings(max_examples=15, deadline=None)
@given(st.lists(st.tuples(ratios, ratios, ratios), max_size=4), st.sampled_from(["ratio", "difference"]))
def test_any_values_of_a_ratio_can_be_drawn(rows, scale):
    panel = ForestPanel("", tuple(ForestRow("A", 1, 2, *row) for row in rows))
    forest = Forest("T", (panel,), None, "x", scale)

    assert axis_of(forest, 0.0, 1.0).low < axis_of(forest, 0.0, 1.0).high
    assert tree(forest).tag == f"{SVG}svg"


def test_a_browser_shows_the_figure_and_asks_for_nothing(browser, tmp_path):
    path = tmp_path / "forest.svg"
    write_forest(FOREST, path)
    page = browser.new_page(viewport={"width": 1300, "height": 600})
    requests = []
    page.on("request", lambda request: requests.append(request.url))
    page.goto(path.as_uri())
    row = page.locator("#row-1-1").bounding_box()
    shot = page.screenshot(path=tmp_path / "forest.png")
    shown_text = page.locator("#row-1-1").evaluate("node => node.querySelector('text').textContent")
    page.close()

    assert requests == [path.as_uri()]
    assert row["width"] > 800
    assert shown_text == "Alpha 2015"
    assert len(shot) > 20_000
