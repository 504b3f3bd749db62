"""No number in any answer that is not on a page or computed from one: checked on generated questions.

The check does not trust the answer's own bookkeeping: every number found in a statement by an independent
pattern has to stand in the raw text of the shelves, or be the percent or exact limit of a count that does.
"""

import re
from functools import cache

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from scipy.stats import beta

from openhlh.content.shelves import HERE, read
from openhlh.journeys.ask import ask
from openhlh.pooling.glmm import glmm
from openhlh.pooling.series import Series

SHELVES = read()
PAGES = "\n".join(path.read_text() for path in sorted(HERE.rglob("*.yaml")) if path.name != "everyday.yaml")
ON_PAGES = set(re.findall(r"\d+(?:[.,]\d+)*", PAGES))
NUMBER = re.compile(r"(?<![A-Za-z0-9_.])(?<![A-Za-z]-)\d+(?:[.,]\d+)*(?![A-Za-z0-9_])")
COUNTS_OF_SHELVES = {
    str(len(getattr(SHELVES, name)))
    for name in ("studies", "drugs", "regimens", "definitions", "recommendations")
}
COUNTS_OF_SHELVES |= {str(sum(1 for _ in SHELVES.arms())), "95", "100"}

NAMES = [drug.names[0] for drug in SHELVES.drugs.values()] + [r.names[0] for r in SHELVES.regimens.values()]
NAMES += [name for study in SHELVES.studies.values() for name in study.known_as[:1]] + [
    "refractory HLH",
    "MAS",
    "",
]
ASKED = [
    "What is the response to {x}", "survival on {x}", "harms of {x}", "how was {x} dosed", "who was left out of {x}",
    "how long did {x} last", "compare {x} with {y}", "{x} in children", "{x} in EBV-HLH", "{x} versus {y} in adults",
    "confirm that {x} gave 33 of 38", "is 47% right for {x}", "gaps about {x}", "pooled response to {x}", "{x}",
    "is {x} approved", "definition of response for {x}", "deaths on {x} in lymphoma", "transplant after {x}",
    "what is not known about {x}", "which genes", "HLH-2004 criteria", "do the numbers of {x} add up",
]  # fmt: skip


@cache
def computed_from_counts():
    """Return every percent and exact limit that any count and total of the shelves can give."""
    values = set()
    for _, arm in SHELVES.arms():
        pairs = (
            [
                (getattr(arm.response, level), arm.evaluable)
                for level in ("complete", "partial", "improvement", "none", "responders")
            ]
            if arm.response
            else []
        )
        pairs += sums_of_levels(arm)
        pairs += [(one.alive, one.of) for one in arm.survival]
        pairs += [(one.n, one.of) for one in arm.adverse_events]
        pairs += [(arm.deaths.n, arm.deaths.of or arm.enrolled)] if arm.deaths else []
        for count, total in pairs:
            if count is None or not total:
                continue
            low = beta.ppf(0.025, count, total - count + 1) if count else 0.0
            high = beta.ppf(0.975, count + 1, total - count) if count < total else 1.0
            share = 100 * count / total
            values |= {
                f"{100 * low:.1f}",
                f"{100 * high:.1f}",
                f"{share:.1f}",
                f"{share + 1e-9:.1f}",
                f"{share + 1e-9:.0f}",
            }
    return values


def sums_of_levels(arm):
    """Complete with partial response, and with improvement: what `hlh pool` counts as events."""
    if arm.response is None or arm.response.complete is None or arm.response.partial is None:
        return []
    two = arm.response.complete + arm.response.partial
    return [(two, arm.evaluable), (two + (arm.response.improvement or 0), arm.evaluable)]


def follows_from_the_studies_named(asked):
    """Return every number that pooling the counts named in a pooled statement gives, pooled here once more."""
    found = set()
    sections = [one for one in ask(asked, "clinician").answer.sections if one.title == "Pooled result"]
    for text in (one.text for section in sections for one in section.statements):
        listed = re.search(r"(?: patients|interval [\d.]+ to [\d.]+ %) \((.*?)\)(?:; model|\.$)", text)
        counts = (
            [tuple(map(int, pair)) for pair in re.findall(r"(\d+) of (\d+)", listed[1])] if listed else []
        )
        if counts:
            found |= numbers_of_a_pool(tuple(counts))
    return found


@cache
def numbers_of_a_pool(counts):
    series = Series(tuple(map(str, range(len(counts)))), *zip(*counts, strict=True))
    fit = glmm(series)
    ends = [fit.interval.low, fit.interval.high]
    ends += [fit.prediction.low, fit.prediction.high] if fit.prediction else []
    shown = {f"{100 * value:.{places}f}" for value in (fit.estimate, *ends) for places in (0, 1)}
    sums = {str(len(counts)), str(sum(x for x, _ in counts)), str(sum(n for _, n in counts))}
    return shown | sums | ({f"{fit.spread.value:.2g}"} if fit.spread.value is not None else set())


def unaccounted(answer, asked):
    allowed = ON_PAGES | computed_from_counts() | COUNTS_OF_SHELVES | follows_from_the_studies_named(asked)
    return [
        (number, one.text)
        for section in answer.sections
        for one in section.statements
        for number in NUMBER.findall(one.text)
        if number not in allowed
    ]


question = st.builds(
    lambda form, x, y: form.format(x=x, y=y),
    st.sampled_from(ASKED),
    st.sampled_from(NAMES),
    st.sampled_from(NAMES),
).filter(str.strip)


@pytest.mark.parametrize("name", sorted({*NAMES, "salvage treatment"}))
@pytest.mark.parametrize("audience", ["clinician", "patient"])
def test_every_number_of_a_pooled_answer_follows_from_the_counts_that_it_names(name, audience):
    asked = f"pooled response to {name} in refractory HLH"

    assert unaccounted(ask(asked, audience).answer, asked) == []


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(question, st.sampled_from(["clinician", "researcher", "patient"]))
def test_every_number_of_an_answer_stands_on_a_page_or_follows_from_one(asked, audience):
    assert unaccounted(ask(asked, audience).answer, asked) == []


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(question)
def test_every_number_is_listed_with_its_source_and_place(asked):
    for section in ask(asked).answer.sections:
        for one in section.statements:
            listed = {number.text for number in one.numbers}
            assert set(NUMBER.findall(re.sub(r"10[*^]\d+(/[A-Z])?", "", one.text))) - listed <= {"10"}
            assert all(number.source and number.locator for number in one.numbers)


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(question)
def test_every_citation_is_a_source_and_every_source_cited_is_listed(asked):
    answer = ask(asked).answer
    assert all(one.citations for section in answer.sections for one in section.statements)
    cited = {key for section in answer.sections for one in section.statements for key in one.citations}

    assert cited <= set(SHELVES.sources)
    assert cited == {one.key for one in answer.references}


def test_the_check_can_fail():
    assert "987654321" not in ON_PAGES | computed_from_counts()
