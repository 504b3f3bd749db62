"""The methods paragraph: what was pooled and how, references that belong to it, safe in Markdown."""

import re

import pytest

from openhlh.renderings.pooled_methods import methods_paragraph
from openhlh.renderings.pooled_references import OF_INTERVAL, OF_MODEL, OF_TAU2, OF_VARIANCE, REFERENCES


def limits(name, low, high, method="in words"):
    return {"name": name, "method": method, "level": 0.95, "low": low, "high": high}


def study(label, events, total, **more):
    known = {"proportion": events / total, "doubts": [], "definition": "response_a", "line": "refractory"}
    return {"label": label, "events": events, "total": total, **known, **more}


def result(**more):
    """A result as `hlh pool --json` gives it; the numbers are placeholders."""
    return {
        "analysis": {"id": "a", "title": "Title", "question": "What share?", "outcome": "complete response"},
        "extra": {"few_studies": 0.75, "tau_share": 0.6},
        "k": 3,
        "events": 57,
        "total": 83,
        "studies": [
            study("Alpha", 48, 63, design="single_arm_trial", seen="abstract", age="adult", etiology=["ebv"]),
            study("Beta", 3, 3, design="case_series", seen="second_hand",
                  doubts=[{"severity": "high", "text": "counts do not add up"}]),
            study("Gamma", 6, 17, design="retrospective", seen="full_text", definition="response_b"),
        ],
        "left_out": [
            {"label": "Delta", "rule": "overlap", "why": "part of Alpha"},
            {"label": "Eps", "rule": "second_hand", "why": "seen in a review"},
            {"label": "Zeta", "rule": "overlap", "why": "part of Alpha"},
        ],
        "overrides": [],
        "model": {"name": "glmm", "words": "random-intercept logistic regression (default)", "measure": "PLO", "options": {}},
        "estimate": {"natural": 0.6875, "natural_name": "proportion", "scale": 0.788, "se": 0.5},
        "interval": limits("profile", 0.31, 0.912),
        "other_intervals": [limits("wald", 0.4, 0.85)],
        "prediction": limits("hts", 0.05, 0.99),
        "predictions": [limits("hts", 0.05, 0.99)],
        "tau2": {"estimator": "ML", "value": 0.714, "interval_name": "profile", "low": 0.0, "high": None},
        "i2": [{"name": "typical", "i2": 46.2}],
        "q": [{"name": "lr-tau", "statistic": 3.2, "df": 1, "p": 0.04}],
        "posterior": None,
        "notes": [],
        "versions": {"openhlh": "0.5", "numpy": "2.4.6", "content": "abc"},
        **more,
    }  # fmt: skip


def cited(text):
    return set(re.findall(r"^- (.+?): ", text, re.MULTILINE))


def test_the_paragraph_says_what_was_pooled_and_what_was_left_out():
    text = methods_paragraph(result())

    assert "The outcome was complete response: 3 studies, 57 with the event of 83 patients." in text
    assert "3 arms or studies left out before any statistics: 2 for overlap, 1 for second hand." in text
    assert "1 study carries doubts" in text


def test_the_numbers_stand_with_the_names_of_their_methods():
    text = methods_paragraph(result())

    assert "The pooled proportion is 68.8 %, 95 % interval 31.0 % to 91.2 % (profile: in words)" in text
    assert (
        "(tau squared, ML) is 0.714 (profile interval 0 without upper bound); I squared (typical) 46 %"
        in text
    )
    assert "Prediction interval for a new study: 5.0 % to 99.0 % (hts: in words) (Higgins 2009)" in text
    assert "OpenHLH 0.5, NumPy 2.4.6, content version abc" in text


def test_the_references_are_those_of_what_was_used():
    assert cited(methods_paragraph(result())) == {
        "Hamza 2008",
        "Stijnen 2010",
        "Higgins 2002",
        "Higgins 2009",
    }


@pytest.mark.parametrize(
    ("model", "measure", "keys"),
    [
        ("beta-binomial", "PLO", {"Kuss 2015"}),
        ("mantel-haenszel", "RR", {"Mantel 1959", "Greenland 1985"}),
        ("peto", "OR", {"Yusuf 1985"}),
        ("glmm-conditional", "OR", {"Stijnen 2010"}),
        ("iv", "PFT", {"Freeman 1950", "Miller 1978", "Schwarzer 2019", "Viechtbauer 2005"}),
    ],
)
def test_each_model_cites_its_own(model, measure, keys):
    told = result(
        model={"name": model, "words": "w", "measure": measure, "options": {}}, i2=[], prediction=None
    )

    assert cited(methods_paragraph(told)) == keys


def test_every_key_that_can_be_cited_has_a_reference():
    keys = {
        key
        for table in (OF_MODEL, OF_TAU2, OF_INTERVAL, OF_VARIANCE)
        for row in table.values()
        for key in row
    }

    assert keys <= set(REFERENCES)
    for key, text in REFERENCES.items():
        name, year = key.split()
        assert text.startswith(name)
        assert year in text


def test_a_continuity_correction_is_named_and_its_absence_too():
    iv = {
        "name": "iv",
        "words": "inverse variance",
        "measure": "PLO",
        "options": {"continuity": "only0", "tau2": "DL"},
    }

    assert "half a patient was added to the cells to studies with an empty cell" in methods_paragraph(
        result(model=iv)
    )
    assert "no continuity correction was made" in methods_paragraph(result())


def test_at_a_boundary_the_exact_interval_is_told_with_its_reason():
    told = result(
        interval=limits("exact", 0.63, 1.0), tau2={"estimator": "ML", "value": None}, prediction=None, i2=[],
        notes=["every patient in every study had the event"],
    )  # fmt: skip
    text = methods_paragraph(told)

    assert "no finite maximum here (every patient in every study had the event)" in text
    assert "There is no prediction interval" in text
    assert cited(text) == {"Clopper 1934"}


def test_where_nothing_was_pooled_no_model_is_told():
    text = methods_paragraph(result(k=0, studies=[], interval=None, prediction=None))

    assert "No study could be pooled for complete response" in text
    assert "Model:" not in text
    assert "References" not in text


def test_ratios_are_not_told_in_percent_and_open_ends_are_named():
    told = result(
        estimate={"natural": 2.5, "natural_name": "odds ratio"}, interval=limits("wald", 1.1, None), prediction=None
    )  # fmt: skip

    assert "The pooled odds ratio is 2.5, 95 % interval 1.1 to open" in methods_paragraph(told)


def test_signs_of_markdown_in_words_of_others_do_nothing():
    told = result(
        analysis={"question": "*x* <b> [a](b)\n# head", "outcome": "| `c` |"}, overrides=["_set_ <script>"]
    )
    text = methods_paragraph(told)

    assert r"\*x\* \<b\> \[a\](b) \# head" in text
    assert r"\<script\>" in text
    assert "\n#" not in text
    assert not re.search(r"(?<!\\)<", text)


def test_missing_keys_are_no_error():
    assert "3 studies" in methods_paragraph({"k": 3})
