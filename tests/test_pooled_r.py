"""The R script: the data inline, words that cannot break it, and (where R is installed) the same numbers.

The numbers of RECORDED were reported by `hlh pool` and found again by these scripts with R 4.2.2 and
metafor 3.8-1 within 1e-6; the test that runs R holds them against each other once more.
"""

import re
import subprocess

import pytest

from openhlh.renderings.pooled_r import boundary_of, r_code, r_string
from tests.test_pooled_methods import limits, result, study

NASTY = "a \"b\" \\ c\n# é 王 \U0001f600 \x00 'd'"


def model(name, measure="PLO", **options):
    return {"name": name, "words": "w", "measure": measure, "options": options}


def arms(*tables):
    names = ("events_1", "total_1", "events_2", "total_2")
    return [
        {"label": f"S{at}", **dict(zip(names, one, strict=True)), "doubts": []}
        for at, one in enumerate(tables)
    ]


def strings(script):
    return re.findall(r'"((?:[^"\\]|\\.)*)"', script)


def test_the_data_stand_in_the_script():
    script = r_code(result())

    assert 'study = c(\n  "Alpha", "Beta", "Gamma"\n)' in script
    assert "xi = c(\n  48, 3, 6\n)" in script
    assert "ni = c(\n  63, 3, 17\n)" in script
    assert '"estimate" = 0.6875' in script
    assert '"interval profile low" = 0.31' in script
    assert 'rma.glmm(measure = "PLO"' in script
    assert "nAGQ = 100" in script


def test_words_of_others_cannot_leave_their_string_or_comment():
    told = result(
        analysis={"title": "title\nstop('no')"}, notes=[NASTY], studies=[study(NASTY, 1, 4), study("B", 2, 4)],
        left_out=[{"label": NASTY, "why": "x\r\nquit()"}],
    )  # fmt: skip
    script = r_code(told)

    assert script.isascii()
    assert not any(line.startswith(("stop", "quit", "#!")) for line in script.splitlines())
    assert "\x00" not in script
    assert r'"a \"b\" \\ c\u000a# \u00e9 \u738b \U0001f600 ? ' in script


def test_a_string_of_r_is_ascii_and_escaped():
    assert r_string('"\\') == r'"\"\\"'
    assert r_string("\u00e9\u738b\U0001f600") == r'"\u00e9\u738b\U0001f600"'
    assert r_string("\x00\ud800") == '"??"'


@pytest.mark.parametrize(
    ("counts", "reason"),
    [
        ([(3, 7)], "One study"),
        ([(3, 3), (5, 5)], "Every patient had the event"),
        ([(0, 3), (0, 5)], "No patient had the event"),
        ([(1, 1), (0, 1)], "One patient per study"),
        ([(3, 3), (0, 5)], "In every study all or none"),
    ],
)
def test_at_a_boundary_the_script_says_so_and_asks_for_the_exact_interval(counts, reason):
    studies = [study(f"S{x}", x, n) for x, n in counts]
    script = r_code(result(studies=studies, k=len(counts)))

    assert boundary_of({"studies": studies}).startswith(reason)
    assert f"## {reason}" in script
    assert "binom.test" in script
    assert "library(metafor)" not in script
    assert "rma.glmm(" not in script


@pytest.mark.parametrize(
    ("told", "call"),
    [
        (model("iv", tau2="DL", continuity="all"), 'to = "all"'),
        (model("iv", tau2="DL"), 'tau2_method <- "DL"'),
        (model("iv", "PFT"), 'add = 0, to = "none"'),
        (model("beta-binomial"), "lbeta("),
        (model("common"), "binom.test("),
    ],
)
def test_each_model_of_counts_has_its_own_code(told, call):
    assert call in r_code(result(model=told))


@pytest.mark.parametrize(
    ("told", "call"),
    [
        (model("mantel-haenszel", "RR"), "rma.mh(measure = measure"),
        (model("peto", "OR"), "rma.peto("),
        (model("glmm-conditional", "OR"), 'model = "CM.EL"'),
        (model("glmm-unconditional", "OR"), 'model = "UM.FS"'),
        (model("iv", "OR"), "escalc(measure = measure, ai = ai"),
    ],
)
def test_each_model_of_two_arms_has_its_own_code(told, call):
    script = r_code(result(model=told, studies=arms((3, 5, 2, 9), (4, 9, 8, 10))))

    assert call in script
    assert "n1i = c(\n  5, 9\n)" in script


def test_a_posterior_is_found_again_where_its_prior_is_told():
    prior = "tau ~ half-cauchy(0.5), mean ~ normal(0, 1.5), on the scale of the model"
    script = r_code(result(model=model("bayes"), posterior={"prior": prior, "tau_median": 0.7}))

    assert 'prior_spread <- "half-cauchy"' in script
    assert "prior_scale <- 0.5" in script
    assert "prior_sd <- 1.5" in script
    assert "prior_spread" not in r_code(result(posterior={"prior": "something else"}))


def test_without_studies_the_script_says_that_nothing_was_pooled():
    assert "Nothing was pooled" in r_code(result(studies=[], k=0, interval=None))


def test_brackets_and_quotes_of_every_script_close():
    for name in ("glmm", "beta-binomial", "bayes", "common", "iv"):
        script = "\n".join(
            line for line in r_code(result(model=model(name))).splitlines() if not line.startswith("##")
        )
        bare = re.sub(r'"(?:[^"\\]|\\.)*"|`[^`]*`', "", script)

        assert '"' not in bare
        assert [bare.count(one) for one in "([{"] == [bare.count(one) for one in ")]}"]


RECORDED = {
    "glmm": result(
        studies=[study("A", 3, 4), study("B", 2, 9)], k=2, extra={"few_studies": 0.6, "tau_share": 0.5},
        estimate={"natural": 0.4169026756940562, "scale": -0.3355013065402196, "se": 0.8371394268416867},
        interval=limits("profile-corrected", 0.0023163758903987906, 0.9976623930772065,
                        "profile likelihood, critical value chi-squared times 1 + 0.6 / (k - 1)"),
        other_intervals=[limits("profile", 0.03771131641930689, 0.9578382100883747),
                         limits("wald", 0.12171761511306387, 0.7867192068268206),
                         limits("exact", 0.13857933889016066, 0.6842223970859367)],
        predictions=[limits("profile-tau", 1.416631857238894e-10, 0.9999999997228788),
                     limits("normal", 0.07548572262951178, 0.8622758366270562)],
        tau2={"value": 0.5248087102095846, "interval_name": "profile", "low": 0.0, "high": 29.83494447676409},
        i2=[{"name": "typical", "i2": 34.68883208333363}], log_likelihood=-3.5803816932765824,
        q=[{"name": "lr-saturated", "statistic": 3.2898467627933297}, {"name": "lr-tau", "statistic": 0.2228495170764191}],
    ),
    "inverse variance": result(
        model=model("iv", tau2="DL", continuity="only0"), k=5,
        studies=[study("A", 48, 63), study("B", 3, 3), study("C", 6, 17), study("D", 5, 9), study("E", 0, 4)],
        estimate={"natural": 0.5543295207133048, "scale": 0.2181794693874352, "se": 0.5792918241651364},
        interval=limits("hk-adhoc", 0.19937703024362785, 0.8613503899548196),
        other_intervals=[limits("wald", 0.2896605546417587, 0.7914011826832061),
                         limits("t", 0.20397906403153745, 0.8579012869716315)],
        predictions=[limits("hts", 0.03231907102736987, 0.9788679077413679)],
        tau2={"value": 0.9682853336932323, "interval_name": "q-profile", "low": 0.05770219920477079, "high": 19.437154666445075},
        i2=[{"name": "metafor", "i2": 71.21928543463846}], q=[{"name": "Q", "statistic": 13.898195581335987}],
    ),
    "mantel-haenszel": result(
        model=model("mantel-haenszel", "OR"), k=4, studies=arms((3, 4, 1, 9), (5, 9, 2, 9), (2, 8, 3, 9), (9, 10, 4, 9)),
        estimate={"natural": 3.8336042439377596, "scale": 1.3438054165355127, "se": 0.5413812714722234},
        interval=limits("wald", 1.3267304701443772, 11.077247285606024), other_intervals=[], predictions=[],
        prediction=None, tau2={"value": 0.0}, i2=[{"name": "q", "i2": 36.83929445761201}],
        q=[{"name": "Q", "statistic": 4.749788613407208}, {"name": "Tarone", "statistic": 5.108835546129048}],
    ),
    "all events": result(
        studies=[study("A", 3, 3), study("B", 5, 5)], k=2, estimate={"natural": 1.0},
        interval=limits("exact", 0.6305834, 1.0), other_intervals=[limits("profile-one-sided", 0.7865561, 1.0)],
        prediction=None, predictions=[], tau2={}, q=[], i2=[],
    ),
}  # fmt: skip


def found(told, tmp_path):
    """Run the script; return what R found beside what was reported."""
    path = tmp_path / "pooled.R"
    path.write_text(r_code(told), encoding="ascii")
    run = subprocess.run(["Rscript", path], capture_output=True, text=True, check=False, timeout=300)
    assert run.returncode == 0, run.stderr
    rows = (line.rsplit(maxsplit=3) for line in run.stdout.splitlines() if re.search(r"e[-+]\d+$", line))
    return {name: float(gap) for name, _, _, gap in rows}


@pytest.mark.parametrize("name", sorted(RECORDED))
def test_r_finds_the_same_numbers(name, tmp_path):
    told = RECORDED[name]
    gaps = found(told, tmp_path)

    reported = r_code(told).split("reported <- c(")[1].split("\n)")[0]
    assert set(gaps) == set(re.findall(r'"([^"]+)" =', reported))
    assert {quantity: gap for quantity, gap in gaps.items() if abs(gap) > 1e-6} == {}
