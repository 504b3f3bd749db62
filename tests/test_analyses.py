"""The analyses that ship: each proves its own selection, and none leaves an arm out in silence."""

from functools import partial

import numpy as np
import pytest
from scipy.optimize import minimize_scalar
from scipy.special import gammaln, logit, logsumexp
from scipy.stats import beta

from openhlh.content.analysis import Analysis
from openhlh.content.described import read_analyses, read_described
from openhlh.content.reader import read_page
from openhlh.errors import WrongPage
from openhlh.evidence.analysis_checks import Answer, agrees, check_analysis, rows_within
from openhlh.evidence.asked import asked_by
from openhlh.evidence.poolable import poolable
from openhlh.journeys.check_content import unknown_ids, unproved_analyses
from openhlh.journeys.prove_pooled import pooled_case

FAMILIES = (
    *("dep_family", "ruxolitinib", "emapalumab", "alemtuzumab", "atg"),
    *("anakinra", "anti_cd25", "nivolumab", "tocilizumab"),
)
SHIPPED = {
    f"{start}{end}"
    for start in ("salvage_response", "salvage_complete_response")
    for end in ("", *(f"_{family}" for family in FAMILIES))
} | {
    f"{start}_{end}"
    for start in ("first_line", "salvage_review")
    for end in ("response", "complete_response")
}


@pytest.fixture(scope="module")
def pages():
    return read_analyses()


@pytest.fixture(scope="module")
def shelves():
    return read_described()


def selected(page, shelves):
    return poolable(asked_by(page), shelves)


def test_the_analyses_that_were_asked_for_ship(pages):
    assert set(pages) >= SHIPPED


def test_every_analysis_selects_what_its_page_says(pages, shelves):
    assert [found for page in pages.values() for found in check_analysis(page, shelves, pooled_case)] == []


@pytest.mark.parametrize("name", ["salvage_response", "salvage_complete_response"])
def test_no_arm_with_response_counts_is_silently_missing(pages, shelves, name):
    found = selected(pages[name], shelves)
    told = {row.id for row in found.rows} | {left.id for left in found.left_out if left.reason}
    every = {f"{study.id}:{arm.id}" for study, arm in shelves.arms() if arm.response}

    assert every - told == set()
    assert len(told) == len(found.rows) + len(found.left_out)


def test_every_arm_that_is_in_has_a_reason(pages):
    assert all(one.because for page in pages.values() for one in page.taken)


def test_no_two_rows_of_an_analysis_are_known_to_share_patients(pages, shelves):
    for page in pages.values():
        if any(one.rule.startswith("overlap") for one in page.allow):
            continue
        rows = selected(page, shelves).rows
        studies = {row.study for row in rows}
        for row in rows:
            shared = {one.study for one in shelves.studies[row.study].overlaps}
            assert not shared & (studies - {row.study}), (page.id, row.id)
            above = {arm.id: arm.part_of for arm in shelves.studies[row.study].arms}[row.arm]
            assert f"{row.study}:{above}" not in {one.id for one in rows}


def test_first_line_and_salvage_never_meet(pages, shelves):
    for page in pages.values():
        lines = {row.line for row in selected(page, shelves).rows}
        assert lines <= {"first"} or lines <= {"refractory", "relapsed", "relapsed_or_refractory"}


def test_the_salvage_review_gives_the_counts_of_its_table(pages, shelves):
    # Table 4 of the review: anakinra 3 of 3 complete; ATG 2 of 2 and 6 + 1 of 7; alemtuzumab 0 complete and
    # 1, 1 and 14 partial of 24; DEP 12 + 14 of 34. Together 54 of 70 responses, 23 of 70 complete.
    per_agent = {
        "salvage_review_response": {"anakinra_hlh": (3, 3), "atg_mp": (9, 9), "alemtuzumab_hlh": (16, 24)},
        "salvage_review_complete_response": {
            "anakinra_hlh": (3, 3),
            "atg_mp": (8, 9),
            "alemtuzumab_hlh": (0, 24),
        },
    }
    dep = {"salvage_review_response": (26, 34), "salvage_review_complete_response": (12, 34)}
    together = {"salvage_review_response": (54, 70), "salvage_review_complete_response": (23, 70)}
    for name, agents in per_agent.items():
        found = selected(pages[name], shelves)
        for regimen, counts in {**agents, "dep": dep[name]}.items():
            rows = rows_within(found.rows, f"regimen={regimen}")
            assert (sum(row.events for row in rows), sum(row.total for row in rows)) == counts
        assert (found.events, found.total) == together[name]


def test_where_nothing_may_be_pooled_the_page_still_tells_every_arm(pages, shelves):
    for family in ("atg", "anakinra", "tocilizumab"):
        found = selected(pages[f"salvage_response_{family}"], shelves)
        assert found.k == 0
        assert found.left_out
        assert found.offers


def test_a_page_without_cases_does_not_load(copy_of_shelves):
    path = copy_of_shelves / "analyses" / "salvage_response.yaml"
    text = path.read_text()
    path.write_text(text[: text.index("cases:")])

    with pytest.raises(WrongPage, match="cases"):
        read_page(path, Analysis)


def test_a_new_study_is_told_until_the_page_names_it(copy_of_shelves):
    old = (copy_of_shelves / "studies" / "ldep_children_2020.yaml").read_text()
    (copy_of_shelves / "studies" / "new_2031.yaml").write_text(
        old.replace("id: ldep_children_2020", "id: new_2031", 1).replace("row: X-LDEP-PED\n", "row: X-NEW\n")
    )

    shelves = read_described(copy_of_shelves)
    told = [
        one.what
        for one in check_analysis(shelves.analyses["salvage_response_dep_family"], shelves, pooled_case)
    ]

    assert any("the rules take in `new_2031:all`" in one for one in told)
    assert any("k is 5, the page says 4" in one for one in told)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("    events: 127\n", "    events: 128\n", "events is 127, the page says 128"),
        ("of: {family: dep}", "of: {family: dep, regimens: [depp]}", "regimen `depp`"),
        ('arm: "wang_2015:all"', 'arm: "wang_2014:all"', "study `wang_2014`"),
        ('arm: "wang_2015:all"', 'arm: "wang_2015:lymphoma"', "is not pooled (overlap"),
        ("cases:\n", 'allow: [{rule: second_hand, because: "x"}]\ncases:\n', "which changes nothing"),
        ("cases:\n", 'allow: [{rule: secondhand, because: "x"}]\ncases:\n', "cannot be selected"),
        ("cases:\n", 'out: [{arm: "marsh_2013:all", because: "x"}]\ncases:\n', "which is no candidate"),
    ],
)
def test_a_page_that_does_not_hold_is_told(copy_of_shelves, old, new, said):
    path = copy_of_shelves / "analyses" / "salvage_response_dep_family.yaml"
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))

    shelves = read_described(copy_of_shelves)
    page = shelves.analyses["salvage_response_dep_family"]
    told = [*check_analysis(page, shelves, pooled_case), *unknown_ids(shelves)]
    assert any(said in one.what for one in told)


def test_the_check_of_the_shelves_runs_the_cases_of_analyses(monkeypatch):
    asked = []
    monkeypatch.setattr(
        "openhlh.journeys.check_content.check_analysis", lambda page, *_rest: asked.append(page.id) or []
    )

    assert unproved_analyses(read_described()) == []
    assert set(asked) >= SHIPPED


def answers(**changed):
    return Answer(
        **{
            "estimate": 0.74706,
            "intervals": {"profile": (0.65875, 0.82516), "exact": (0.67479, 0.8105)},
            "tau2": 0.0,
            **changed,
        }
    )


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (answers(), None),
        (answers(estimate=0.7472), "the proportion: 0.7472, the page says 0.7471"),
        (answers(estimate=None), "the proportion: None"),
        (answers(tau2=0.001), "tau squared: 0.001"),
        (answers(intervals={"wald": (0.1, 0.2)}), "no interval `profile`, only wald"),
        (answers(intervals={"profile": (0.7, 0.82516), "exact": (0.67479, 0.8105)}), "interval starts: 0.7"),
    ],
)
def test_what_is_pooled_is_held_against_the_page(pages, shelves, answer, said):
    page = pages["salvage_response_dep_family"]

    found = [one.what for one in check_analysis(page, shelves, lambda _page, _rows: answer)]

    assert found == [] if said is None else any(said in one for one in found)


def test_a_number_agrees_at_its_written_decimals():
    assert agrees("0.7471", 0.74706)
    assert agrees("0.7471", 0.74705)
    assert not agrees("0.7471", 0.74716)


Z = np.linspace(-10, 10, 2401)
LOG_NORMAL = -0.5 * Z * Z - 0.5 * np.log(2 * np.pi) + np.log(Z[1] - Z[0])


def log_likelihood(tau, mu, events, totals):
    """Integrate the binomial likelihood over the random intercept by plain summation, as no program of ours."""
    x, n = np.array(events, float)[:, None], np.array(totals, float)[:, None]
    eta = mu + tau * Z
    ways = gammaln(n + 1) - gammaln(x + 1) - gammaln(n - x + 1)
    each = ways - x * np.logaddexp(0, -eta) - (n - x) * np.logaddexp(0, eta)
    return float(logsumexp(each + LOG_NORMAL, axis=1).sum())


def profile(proportion, events, totals):
    """Return the highest log-likelihood with this proportion, whatever tau."""
    at = partial(log_likelihood, mu=float(logit(proportion)), events=events, totals=totals)
    taus = [0.0, *np.geomspace(0.02, 40, 30)]
    best = int(np.argmax([at(tau) for tau in taus]))
    low, high = taus[max(0, best - 1)], taus[min(len(taus) - 1, best + 1)]
    found = minimize_scalar(lambda tau: -at(tau), bounds=(low, high), method="bounded")
    return max(-found.fun, at(taus[best]))


def pooled_cases(pages, shelves):
    for page in pages.values():
        for case in page.cases:
            if case.pooled:
                rows = rows_within(selected(page, shelves).rows, case.within)
                yield page.id, case.pooled, [row.events for row in rows], [row.total for row in rows]


def test_the_pooled_numbers_of_the_pages_are_those_of_plain_integration(pages, shelves):
    half, checked = 0.00005, 0
    for name, said, events, totals in pooled_cases(pages, shelves):
        if "profile" not in said.intervals:
            continue
        of = partial(profile, events=events, totals=totals)
        estimate, ends = float(said.estimate), said.intervals["profile"]
        top = of(estimate)
        assert top > max(of(estimate - 0.002), of(estimate + 0.002)), name
        fall = top - 1.9207294
        assert of(float(ends.low) - half) < fall < of(float(ends.low) + half), name
        if ends.high != "1.0000":  # an open end
            assert of(float(ends.high) - half) > fall > of(float(ends.high) + half), name
        at = partial(log_likelihood, mu=float(logit(estimate)), events=events, totals=totals)
        tau = float(said.tau2) ** 0.5
        assert at(tau) > max(at(tau * 0.98 - 0.001), at(tau * 1.02 + 0.01)), name
        checked += 1
    assert checked >= 8


def test_the_exact_intervals_of_the_pages_are_those_of_the_beta_distribution(pages, shelves):
    for name, said, events, totals in pooled_cases(pages, shelves):
        count, total, ends = sum(events), sum(totals), said.intervals["exact"]
        low = beta.ppf(0.025, count, total - count + 1) if count else 0.0
        high = beta.ppf(0.975, count + 1, total - count) if count < total else 1.0
        assert (ends.low, ends.high) == (f"{low:.4f}", f"{high:.4f}"), name
        if len(events) == 1:
            assert agrees(said.estimate, count / total), name
