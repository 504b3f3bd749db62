"""The examination of `hlh check` is honest: what it calls wrong is wrong, what it calls clean is clean."""

import random
import re
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction
from html import unescape

import pytest
from scipy.stats import binomtest, chi2_contingency, fisher_exact
from validation.papers import (
    arms,
    centres,
    estimates,
    fresh_shares,
    fresh_tables,
    fresh_times,
    fresh_traps,
    fresh_values,
    partitions,
    proportions,
    prose,
    tables,
    times,
    traps,
)
from validation.papers import share_templates as forms
from validation.papers.fresh import INSTEAD
from validation.papers.numbers import rounded, words
from validation.papers.paper import GRIDS, KINDS, ONLY_FULL, STATEMENTS, make_paper
from validation.papers.scoring import scored
from validation.papers.skeleton import bones_of
from validation.papers.study import draw_study
from validation.papers.style import draw_style
from validation.papers.twice import twice
from validation.papers.wording import Pen, family


def lists_of(*modules):
    return {
        f"{module.__name__.rsplit('.', 1)[-1]}.{name}": value
        for module in modules
        for name, value in vars(module).items()
        if name.isupper() and isinstance(value, tuple) and value and "{" in str(value[0])
    }


TEMPLATES = lists_of(arms, centres, estimates, forms, partitions, prose, tables, times, traps)
FRESH = lists_of(fresh_shares, fresh_times, fresh_traps, fresh_values)
MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]


def number(text):
    """The value of a printed number and its decimals, read without the generator."""
    plain = text.replace("·", ".").replace("\u2212", "-")
    digits = re.search(r"-?\d+(?:[,\u2009\u00a0]\d{3})*(?:\.\d+)?", plain)[0]
    bare = re.sub(r"[,\u2009\u00a0]", "", digits)
    return Fraction(Decimal(bare)), len(bare.partition(".")[2])


def month(text):
    name, year = text.replace("\u00a0", " ").split(" ")
    return date(int(year), MONTHS.index(name[:3]) + 1, 1)


def day(text):
    text = text.replace("\u00a0", " ")
    if re.fullmatch(r"\d{4}-\d\d-\d\d", text):
        return date.fromisoformat(text)
    year, name, of_month = (re.search(one, text)[0] for one in (r"\d{4}", r"[A-Z][a-z]{2}", r"\b\d{1,2}\b"))
    return date(int(year), MONTHS.index(name) + 1, int(of_month))


def slots(said):
    return {
        name: said.text[spans[0][0] : spans[0][1]].replace("[", "(").replace("]", ")")
        for name, spans in said.places.items()
    }


def drawn(seed, *, few=False, held_out=False, fresh=False):
    chance = random.Random(seed)  # noqa: S311 - reproducible, not secret
    return Pen(chance, draw_style(chance), held_out, INSTEAD if fresh else {}), draw_study(chance, few=few)


# --- oracles: each says whether a statement holds, from its printed numbers alone


def share_holds(said):
    return all(
        abs(Fraction(100 * one.count, one.total) - one.percent) <= Fraction(1, 2 * 10 ** digits_of(said, one))
        for one in said.shares
    )


def digits_of(said, share):
    printed = [text for name, text in slots(said).items() if name.startswith("P")]
    fits = [places for value, places in map(number, printed) if value == share.percent]
    assert fits, "the percentage that is recorded stands in the text"
    return max(fits)


def values(said, *names):
    found = slots(said)
    return [number(found[name])[0] for name in names]


def of_words(said, name):
    """A count in digits or in words."""
    for slot in (name, f"{name}w", f"{name.lower()}w"):
        if slot in said.places:
            text = slots(said)[slot].lower()
            in_words = {words(n, british=british): n for n in range(1000) for british in (True, False)}
            return Fraction(in_words[text]) if text in in_words else number(text)[0]
    return None


def inside(low, middle, high):
    return lambda said: sorted(three := values(said, low, middle, high)) == three


def sums(whole, *parts):
    return lambda said: sum(values(said, *parts)) == values(said, whole)[0]


def complement_holds(said):
    return of_words(said, "X") + values(said, "Y")[0] == values(said, "N")[0]


def part_holds(said):
    return values(said, "Y")[0] <= of_words(said, "X")


def count_holds(said):
    return of_words(said, "X") <= values(said, "N")[0]


def percent_reachable(said):
    (percent, places), (total, _) = number(slots(said)["P"]), number(slots(said)["N"])
    reach = Fraction(1, 2 * 10**places)
    return any(abs(Fraction(100 * k, total) - percent) <= reach for k in range(int(total) + 1))


def percents_near_100(said):
    return abs(sum(values(said, *"abcd")) - 100) <= 2


def interval_holds(said):
    low, high = values(said, "L", "H")
    places = number(slots(said)["L"])[1]
    (share,) = said.shares
    test = binomtest(share.count, share.total)
    middle = Fraction(share.count, share.total)
    half = 1.959964 * float(middle * (1 - middle) / share.total) ** 0.5
    limits = [test.proportion_ci(method=method) for method in ("exact", "wilson")]
    limits.append((max(0, float(middle) - half), min(1, float(middle) + half)))
    reach = 0.5 * 10**-places + 1e-4
    return any(abs(100 * a - float(low)) <= reach and abs(100 * b - float(high)) <= reach for a, b in limits)


def p_holds(said):
    (a, n), (b, m) = ((one.count, one.total) for one in said.shares)
    printed = re.search(r"[<=]?\s*\d[.·]\d+", slots(said)["tail"])[0]
    p, places = number(printed)
    table = [[a, n - a], [b, m - b]]
    known = [
        fisher_exact(table).pvalue,
        *(chi2_contingency(table, correction=one).pvalue for one in (True, False)),
    ]
    if "<" in printed:
        return any(one < p for one in known)
    return any(abs(one - float(p)) <= 0.5 * 10**-places + 1e-9 for one in known)


def other_p(said):
    others = (
        "non",
        "adjust",
        "log-rank",
        "interaction",
        "trend",
        "sites",
        "model",
        "strat",
        "equi",
        "multiv",
    )
    return any(word in slots(said)["tail"] for word in others)


def sd_possible(said):
    n, mean, sd, low, high = values(said, *"NMSLH")
    slack = Fraction(1, 20)
    best = max((high - one) * (one - low) for one in (mean - slack, mean, mean + slack))
    return (sd - slack) ** 2 <= n / (n - 1) * best


def mean_of_whole(said):
    size, (mean, places) = values(said, "N")[0], number(slots(said)["M"])
    reach = Fraction(1, 2 * 10**places)
    return any(abs(Fraction(k, size) - mean) <= reach for k in range(int(20 * size)))


def median_of_whole(said):
    return (2 * values(said, "M")[0]).denominator == 1


def dates_in_order(read, *names):
    def holds(said):
        found = slots(said)
        order = [read(found[name]) for name in names]
        return order == sorted(order)

    return holds


def interval_and_p_agree(said):
    """A difference whose interval leaves out zero has a p below 0.05, and the other way round."""
    found = slots(said)
    if "p" not in found:
        return None
    low, high = values(said, "L", "H")
    p = number(found["p"])[0]
    return (p < Fraction(1, 20)) == (low > 0 or high < 0) or abs(p - Fraction(1, 20)) < Fraction(1, 100)


def follow_up_fits(said):
    found = slots(said)
    most = (month(found["C"]) - month(found["F"])).days / 30 + 1.1
    low, middle, high = values(said, "L", "M", "H") if "L" in said.places else (0, *values(said, "M", "M"))
    return low <= middle <= high <= most


def duration_holds(said):
    days, shown = values(said, "D", "W")
    return days == shown * (7 if slots(said)["unit"] == "weeks" else 30)


def dose_holds(said):
    per, weight, total = values(said, "d", "w", "D")
    return per * weight == total


def deaths_within(said):
    return sum(values(said, "d", "a")) <= values(said, "N")[0]


ORACLES = {
    "percent_wrong": share_holds,
    "percent_decimal": share_holds,
    "percent_of_all_wrong": share_holds,
    "arm_percent_wrong": share_holds,
    "arm_percent_of_all_wrong": share_holds,
    "survival_percent_wrong": share_holds,
    "count_over_total": count_holds,
    "percent_unreachable": percent_reachable,
    "complement_wrong": complement_holds,
    "part_over_whole": part_holds,
    "p_wrong": p_holds,
    "parts_over_total": sums("N", *"abcd"),
    "sexes_over_total": sums("N", *"ab"),
    "percents_over_100": percents_near_100,
    "estimate_outside_ci": inside("L", "E", "H"),
    "difference_outside_ci": inside("L", "E", "H"),
    "ci_reversed": inside("L", "E", "H"),
    "ci_too_narrow": interval_holds,
    "median_outside_range": inside("L", "M", "H"),
    "mean_outside_range": inside("L", "M", "H"),
    "median_outside_iqr": inside("L", "M", "H"),
    "iqr_outside_range": lambda said: inside("L", "Q1", "Q3")(said) and inside("Q1", "M", "Q3")(said) and inside("Q1", "Q3", "H")(said),
    "sd_too_large": sd_possible,
    "mean_not_of_whole": mean_of_whole,
    "median_not_of_whole": median_of_whole,
    "cutoff_before_end": dates_in_order(month, "F", "T", "C"),
    "followup_too_long": follow_up_fits,
    "history_order": dates_in_order(day, "F", "T", "C"),
    "approval_order": dates_in_order(month, "F", "T"),
    "duration_units": duration_holds,
    "dose_product": dose_holds,
    "deaths_and_alive": deaths_within,
}  # fmt: skip


def test_every_kind_of_statement_has_an_oracle_of_its_own():
    assert set(STATEMENTS) - set(ORACLES) == {"one_drug_as_two"}, "two names of one drug are no arithmetic"


@pytest.mark.parametrize("fresh", [False, True])
@pytest.mark.parametrize("kind", ORACLES)
def test_a_statement_made_right_holds_and_one_made_wrong_does_not(kind, fresh):
    made = {"": 0, kind: 0}
    for wanted in made:
        for seed in range(160):
            pen, study = drawn(f"{kind}{seed}", few=seed % 3 == 0, held_out=seed % 4 == 0, fresh=fresh)
            said = STATEMENTS[kind](pen, study, wanted)
            if said is None or (kind == "p_wrong" and other_p(said)):
                continue
            made[wanted] += 1
            assert ORACLES[kind](said) == (not wanted), said.text
            assert bool(said.plants) == bool(wanted)
    assert min(made.values()) >= 25, made


@pytest.mark.parametrize("fresh", [False, True])
@pytest.mark.parametrize("seed", range(40))
def test_a_wrong_percentage_is_off_by_more_than_any_rounding_and_no_group_explains_it(seed, fresh):
    pen, study = drawn(seed, fresh=fresh)
    said = proportions.share(pen, study, "percent_wrong")
    if said is None:
        pytest.skip("every percentage near by is explained in this study")
    (share,) = said.shares
    unit = Fraction(1, 10 ** digits_of(said, share))
    assert abs(Fraction(100 * share.count, share.total) - share.percent) >= unit * 3 / 2
    for total in (study.everyone.size, study.women, study.responders, *(arm.size for arm in study.arms)):
        if total:
            assert abs(Fraction(100 * share.count, total) - share.percent) > unit / 2


@pytest.mark.parametrize("fresh", [False, True])
def test_an_interval_and_its_p_tell_the_same(fresh):
    judged = [
        told
        for seed in range(200)
        if (said := estimates.difference(*drawn(seed, fresh=fresh)))
        and (told := interval_and_p_agree(said)) is not None
    ]
    assert len(judged) >= 8
    assert all(judged)


def test_one_patient_was_and_two_patients_were():
    pen, _ = drawn(1, held_out=True)  # a single template counts as held out
    words = {"people": "children", "verb": "were obese"}
    assert pen.say(("{X} {people} {verb}.",), words | {"X": "1"}).text == "1 child was obese."
    assert pen.say(("{X} {people} {verb}.",), words | {"X": "21"}).text == "21 children were obese."
    assert (
        pen.say(("{X} of {N} {people} {verb}.",), words | {"X": "1", "N": "21"}).text
        == "1 of 21 children was obese."
    )


@pytest.mark.parametrize("fresh", [False, True])
@pytest.mark.parametrize("maker", [traps.missing, traps.events])
def test_a_trap_is_right_by_the_total_that_it_names(maker, fresh):
    for seed in range(120):
        said = maker(*drawn(seed, fresh=fresh))
        assert share_holds(said), said.text
        assert [one.beside for one in said.shares] == [maker is traps.missing]


def percent_of_points(said, percent, count, total):
    """A percentage is that of a count of a total, all three read from the text."""
    found = slots(said)
    shown, places = number(found[percent])
    return abs(100 * number(found[count])[0] / number(found[total])[0] - shown) <= Fraction(1, 2 * 10**places)


def gap_holds(said):
    found = slots(said)
    return abs(number(found["Pa"])[0] - number(found["Pb"])[0]) == number(found["D"])[0]


def union_holds(said):
    first, second, common, union, total = values(said, *"abcuN")
    return first + second - common == union <= total and common < min(first, second)


def weeks_near(said):
    if "D1" in said.places:
        days, weeks = values(said, "D1", "W")
        return days > 7 * weeks
    days, weeks = values(said, "D", "W")
    return abs(days - 7 * weeks) <= 1


@pytest.mark.parametrize(
    ("maker", "holds"),
    [
        (fresh_traps.chain, lambda said: share_holds(said) and percent_of_points(said, "Q", "Y", "X")),
        (fresh_traps.either, union_holds),
        (
            fresh_traps.flow,
            lambda said: percent_of_points(said, "p", "Nr", "Ns") and percent_of_points(said, "q", "N", "Nr"),
        ),
        (fresh_traps.points, lambda said: share_holds(said) and gap_holds(said)),
        (fresh_traps.interim, dates_in_order(month, "F", "C", "T")),
        (fresh_traps.about, weeks_near),
    ],
)
def test_a_fresh_trap_is_right_by_its_own_numbers(maker, holds):
    said = [one for seed in range(150) if (one := maker(*drawn(seed, fresh=True)))]
    assert len(said) > 50
    for one in said:
        assert holds(one), one.text
        assert not one.plants


@pytest.mark.parametrize("fresh", [False, True])
@pytest.mark.parametrize("wrong", ["", "told_twice"])
def test_a_quantity_told_twice_is_the_same_unless_planted(wrong, fresh):
    for seed in range(120):
        pen, study = drawn(seed, fresh=fresh)
        pair = twice(pen, study, ("abstract", "results"), wrong)
        if pair is None:
            continue
        first, second = (one.shares[0].count for one in pair)
        assert (first != second) == bool(wrong)
        assert all(share_holds(one) for one in pair)


# --- tables


def cells(text):
    return [number(one)[0] for one in re.findall(r"[\d·.,\u2009\u00a0]*\d", text)]


def table(kind, seed, *, fresh=False):
    pen, study = drawn(f"{kind}{seed}", few=kind.startswith("rows"), fresh=fresh)
    makers = fresh_tables.GRIDS if fresh else GRIDS
    return makers[kind.removeprefix("right ")](
        pen, study, 1, "" if kind.startswith("right ") else kind
    ), study


@pytest.mark.parametrize("wrong", [True, False])
def test_a_table_of_percentages_follows_its_head_unless_planted(wrong):
    seen = 0
    for seed in range(120):
        made, _ = table("table_percent_wrong" if wrong else "right table_percent_wrong", seed)
        if made is None:
            continue
        grid, seen, off = made[0], seen + 1, 0
        sizes = [cells(head.rpartition("=")[2])[0] for head in grid.head[1:]]
        for row in grid.rows:
            for size, cell in zip(sizes, row.cells[1:], strict=True):
                count, percent = cells(cell)[:2]
                off += abs(100 * count / size - percent) > Fraction(1, 2)
                off += abs(100 * count / size - percent) > Fraction(1, 20) and "." in cell.replace("·", ".")
        assert (off > 0) == wrong, grid
    assert seen > 60


def shares_of_row(grid, row):
    """Count, total and percent (as printed) of each group in a row of a fresh table."""
    if ", n/N (%)" in grid.head[1]:
        for cell in row.cells[1:]:
            count, rest = cell.split("/")
            total, percent = rest.split(" (")
            yield number(count)[0], number(total)[0], number(percent)
    elif ", % (No.)" in grid.head[1]:
        for head, cell in zip(grid.head[1:], row.cells[1:], strict=True):
            percent, count = cell.split(" (")
            yield number(count)[0], number(head.rpartition("N = ")[2])[0], number(percent)
    else:
        for at in range(1, len(grid.head), 2):
            total = number(grid.head[at].rpartition("N = ")[2])[0]
            yield number(row.cells[at])[0], total, number(row.cells[at + 1])


@pytest.mark.parametrize("wrong", [True, False])
def test_a_fresh_table_of_percentages_follows_its_head_unless_planted(wrong):
    seen = 0
    for seed in range(150):
        made, _ = table("table_percent_wrong" if wrong else "right table_percent_wrong", seed, fresh=True)
        if made is None:
            continue
        grid, seen = made[0], seen + 1
        rows = [row for row in grid.rows if row.cells[1]]
        off = {
            row.cells[0]
            for row in rows
            for count, total, (percent, places) in shares_of_row(grid, row)
            if abs(100 * count / total - percent) > Fraction(1, 2 * 10**places)
        }
        planted = {row.cells[0] for row in rows if row.plants}
        assert off == planted, grid
        assert bool(off) == wrong
    assert seen > 60


@pytest.mark.parametrize("fresh", [False, True])
@pytest.mark.parametrize("wrong", [True, False])
def test_a_column_adds_up_to_its_total_unless_planted(wrong, fresh):
    seen = 0
    for seed in range(120):
        made, _ = table("table_total_wrong" if wrong else "right table_total_wrong", seed, fresh=fresh)
        if made is None:
            continue
        seen += 1
        rows = sorted(made[0].rows, key=lambda row: row.cells[0] in {"Total", *fresh_tables.ALL})
        columns = list(zip(*([number(one)[0] for one in row.cells[1:]] for row in rows), strict=True))
        assert any(sum(column[:-1]) != column[-1] for column in columns) == wrong
    assert seen > 30


@pytest.mark.parametrize("fresh", [False, True])
@pytest.mark.parametrize("kind", ["rows_responders", "rows_median", "right rows_median"])
def test_the_rows_of_patients_and_their_sentences_agree_unless_planted(kind, fresh):
    response, length = (5, 3) if fresh else (3, 4)
    for seed in range(60):
        made, _ = table(kind, seed, fresh=fresh)
        if made is None:
            continue
        grid, (responders, followed) = made
        complete = sum(row.cells[response] == "CR" for row in grid.rows)
        days = sorted(int(row.cells[length]) for row in grid.rows)
        half = len(days) // 2
        median = Fraction(days[half] + days[~half], 2)
        assert (responders.shares[0].count != complete) == (kind == "rows_responders")
        assert (values(followed, "M")[0] != median) == (kind == "rows_median")


@pytest.mark.parametrize("fresh", [False, True])
@pytest.mark.parametrize("wrong", [True, False])
def test_the_sentence_tells_the_row_of_the_table_unless_planted(wrong, fresh):
    for seed in range(60):
        made, _ = table("text_and_table" if wrong else "right text_and_table", seed, fresh=fresh)
        grid, (said,) = made
        assert (cells(grid.rows[3].cells[1])[0] != said.shares[0].count) == wrong


# --- templates and papers


def test_every_list_of_templates_is_long_and_has_no_template_twice():
    assert len(TEMPLATES) > 35
    for name, templates in TEMPLATES.items():
        assert len(set(templates)) == len(templates), name
        if not name.startswith(("prose.CONCLUSION", "prose.TITLES", "arms.OTHER_P", "tables.CAPTIONS")):
            assert len(templates) >= 10, name


def test_every_claim_has_at_least_six_fresh_wordings_that_stand_nowhere_else():
    told = {one.rsplit(".", 1)[1] for one in TEMPLATES}
    spread = {"BACKGROUND", "METHODS", "DISCUSSION", "CONCLUSION", "TITLES", "CAPTIONS"}
    assert {one.rsplit(".", 1)[1] for one in FRESH} >= told - spread
    old = {one for templates in TEMPLATES.values() for one in templates}
    for name, templates in FRESH.items():
        assert len(set(templates)) == len(templates) >= 6, name
        assert not set(templates) & old, name


def test_fresh_wordings_are_used_alone():
    fresh = {one for templates in FRESH.values() for one in templates}
    old = {one for name, templates in TEMPLATES.items() if not name.startswith("prose") for one in templates}
    pen, _ = drawn(1, fresh=True)
    for templates in TEMPLATES.values():
        pen.pick(templates)
    assert pen.spent & fresh
    assert not pen.spent & (old - set(tables.CAPTIONS))


@pytest.mark.parametrize("name", TEMPLATES)
def test_a_third_of_the_templates_is_held_out_and_never_used_otherwise(name):
    held, open_to_all = family(TEMPLATES[name], True), family(TEMPLATES[name], False)
    assert set(held) | set(open_to_all) == set(TEMPLATES[name])
    assert not set(held) & set(open_to_all)
    assert len(held) == -(-len(TEMPLATES[name]) // 3)


def test_the_same_seed_gives_the_same_papers_and_another_seed_others():
    assert [make_paper(7, n) for n in range(12)] == [make_paper(7, n) for n in range(12)]
    assert make_paper(7, 1, full=True) == make_paper(7, 1, full=True)
    assert make_paper(7, 1).source != make_paper(8, 1).source
    assert make_paper(7, 1).source != make_paper(7, 1, held_out=True).source
    assert make_paper(7, 1, fresh=True) == make_paper(7, 1, fresh=True)
    assert make_paper(7, 1, fresh=True).source != make_paper(7, 1).source


@pytest.mark.parametrize("fresh", [False, True])
def test_about_half_of_the_papers_are_clean_and_every_kind_is_planted(fresh):
    papers = [make_paper(3, n, full=n >= 600, fresh=fresh) for n in range(690)]
    planted = [one.kind for paper in papers for one in paper.planted]
    assert set(planted) == set(KINDS)
    assert 250 < sum(not paper.planted for paper in papers) < 440
    assert {path.rsplit(".", 1)[1] for path in (paper.name for paper in papers)} == {"txt", "md", "xml"}
    assert not any(one.kind in ONLY_FULL for paper in papers if not paper.full for one in paper.planted)


@pytest.mark.parametrize("fresh", [False, True])
@pytest.mark.parametrize("full", [False, True])
def test_every_planted_and_told_place_stands_in_the_paper(full, fresh):
    for n in range(40 if full else 200):
        paper = make_paper(11, n, full=full, fresh=fresh)
        text = paper.source
        if paper.name.endswith(".xml"):
            text = unescape(re.sub(r"<[^>]*>", " ", text))
        bones = bones_of(text)
        for place in [place for one in paper.planted for place in one.places] + [
            one.place for one in paper.told
        ]:
            start, end = bones.place(place)
            assert any(map(str.isdigit, text[start:end])) or " " in text[start:end]
        lengths = (2500, 7000) if full else (90, 480)
        assert lengths[0] < len(text.split()) < lengths[1]


@pytest.mark.parametrize("fresh", [False, True])
def test_percentages_that_were_not_planted_hold_in_whole_papers(fresh):
    for n in range(200):
        paper = make_paper(5, n, fresh=fresh)
        wrong = [
            one
            for one in paper.told
            if abs(Fraction(100 * one.count, one.total) - one.percent) > Fraction(1, 2)
        ]
        spoilt = {place[0] for one in paper.planted for place in one.places}
        assert {one.place[0] for one in wrong} <= spoilt


@pytest.mark.parametrize("fresh", [False, True])
def test_a_citation_beyond_the_list_is_beyond_it(fresh):
    for n in range(120):
        paper = make_paper(2, n, full=True, fresh=fresh)
        for one in paper.planted:
            if one.kind == "reference_missing":
                bones, start, end = one.places[0]
                assert int(bones[start:end]) > int(one.right.removeprefix("at most "))
                entries = re.findall(r"A study of [a-z ]+ in number (\d+)", paper.source)
                assert int(bones[start:end]) > max(map(int, entries))


@pytest.mark.parametrize(
    ("value", "places", "even", "wanted"),
    [
        (Fraction(1, 8), 2, False, "0.13"),
        (Fraction(1, 8), 2, True, "0.12"),
        (Fraction(3, 8), 2, True, "0.38"),
        (Fraction(-5, 2), 0, False, "-3"),
        (Fraction(4706, 100), 1, False, "47.1"),
    ],
)
def test_halves_are_rounded_up_or_to_even(value, places, even, wanted):
    assert rounded(value, places, half_even=even) == Fraction(wanted)


# --- the scoring, with examiners whose score is known


@dataclass
class Said:
    start: int
    end: int
    kind: str = "percent"
    count: object = None
    total: object = None
    percent: object = None


@dataclass
class Accused:
    claim: Said
    verdict: str = "does_not_hold"
    rule: str = "R01"
    also: tuple = ()
    why: str = "because"
    stated: str = "1"
    computed: str = "2"


@dataclass
class Read:
    text: str


@dataclass
class Checked:
    document: Read
    findings: list = field(default_factory=list)
    claims: list = field(default_factory=list)


@dataclass
class Value:
    value: Fraction


PAPERS = [make_paper(21, n) for n in range(90)]


def examined(examiner):
    total = None
    for paper in PAPERS:
        one = scored(paper, examiner(paper))
        if total is None:
            total = one
        else:
            total.add(one)
    return total


def test_an_examiner_that_knows_the_answers_has_full_marks():
    def perfect(paper):
        bones = bones_of(paper.source)
        errors = [Accused(Said(*bones.place(one.places[0]))) for one in paper.planted]
        claims = [
            Said(*bones.place(one.place), "percent", Value(one.count), Value(one.total), Value(one.percent))
            for one in paper.told
        ]
        return Checked(Read(paper.source), errors, claims)

    score = examined(perfect)
    assert (score.precision, score.recall, score.clean_accused) == (1, 1, 0)
    assert score.shares["with total: found"] == score.shares["with total: told"] > 100
    assert score.shares["without total: found"] == score.shares["without total: told"] > 20
    assert score.cases == []


def test_an_examiner_that_says_nothing_finds_nothing_and_accuses_nobody():
    score = examined(lambda paper: Checked(Read(paper.source)))
    assert (score.precision, score.recall) == (1, 0)
    assert score.shares["with total: not read"] == score.shares["with total: told"]
    assert len([one for one in score.cases if one.what == "missed"]) == score.planted.total() > 20


def test_an_examiner_that_accuses_the_title_of_every_paper_is_told_so():
    score = examined(lambda paper: Checked(Read(paper.source), [Accused(Said(2, 8))]))
    assert (score.precision, score.recall) == (0, 0)
    assert score.false_alarms["R01"] == score.papers == 90
    assert score.clean_accused == score.clean > 15


def test_a_doubt_is_counted_apart_from_a_finding_and_a_second_place_counts():
    def doubts(paper):
        bones = bones_of(paper.source)
        places = [bones.place(one.places[0]) for one in paper.planted]
        return Checked(Read(paper.source), [Accused(Said(0, 1), "tension", also=(one,)) for one in places])

    score = examined(doubts)
    assert (score.found.total(), score.doubted) == (0, score.planted)
    assert score.false_alarms.total() == 0
