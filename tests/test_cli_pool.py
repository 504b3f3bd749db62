"""`hlh pool`: analysis pages, a reader's table, a choice of arms; refusals, overrides, every output."""

import json
from pathlib import Path

import jsonschema
import pytest

from openhlh import pooling
from tests.shell import hlh

SCHEMA = json.loads((Path(pooling.__file__).parent / "pool.schema.json").read_text())
EIGHT = "label,events,total,year,kind\na,0,3,2001,x\nb,3,5,2002,x\nc,5,9,2003,x\nd,9,20,2004,x\ne,2,9,2005,y\nf,12,34,2006,y\ng,7,8,2007,y\nh,8,15,2008,y\n"
# R 4.2.2, metadat 1.2-0: the first four trials of dat.bcg; metafor 3.8-1 rma.mh(measure="OR"), rma.peto()
BCG = (
    "study,tpos,total_1,cpos,total_2\nA,4,123,11,139\nB,6,306,29,303\nC,3,231,11,220\nD,62,13598,248,12867\n"
)

CORRECTED, NEW_STUDY = [0.2970881, 0.6310892], [0.1162605, 0.8427818]
REFERENCE = {"beta": -0.174628001, "tau2": 0.120017567}


def table(folder, text=EIGHT, name="own.csv"):
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def pooled(monkeypatch, *arguments):
    done = hlh(monkeypatch, "pool", *arguments, "--json")
    found = json.loads(done.out)
    jsonschema.validate(found, SCHEMA)
    assert "NaN" not in done.out
    assert "Infinity" not in done.out
    return found


def test_without_a_name_the_analyses_are_listed(monkeypatch):
    done = hlh(monkeypatch, "pool")

    assert done.code == 0
    assert "salvage_response_dep_family" in done.out


def test_an_analysis_answers_first_and_then_shows_its_studies_and_what_was_left_out(monkeypatch):
    done = hlh(monkeypatch, "pool", "salvage_response_dep_family")

    assert done.code == 0
    assert done.out.index("pooled proportion: 74.7 %") < done.out.index("48/63") < done.out.index("left out")
    # the 63 of Wang 2015 hold the 34 without lymphoma: 26/34 may not stand beside 48/63
    assert "127 of 170 patients" in done.out
    assert "it is part of Wang 2015" in done.out


def test_a_table_of_counts_gives_the_maximum_that_a_dense_integration_finds(monkeypatch, tmp_path):
    found = pooled(monkeypatch, "--csv", table(tmp_path))

    # scipy: log-sum-exp over 24,001 points of z, Nelder-Mead to 1e-11; R 4.2.2, metafor 3.8-1 with 100 nodes
    # stops at -0.174634 and 0.120011
    assert found["model"]["name"] == "glmm"
    assert found["estimate"]["scale"] == pytest.approx(REFERENCE["beta"], abs=1e-6)
    assert found["tau2"]["value"] == pytest.approx(REFERENCE["tau2"], abs=1e-6)
    assert found["k"] == len(found["leave_one_out"]) == len(found["influence"]) == 8
    assert sum(one["weight"] for one in found["studies"]) == pytest.approx(100)
    assert found["prediction"]["low"] < found["interval"]["low"]
    # the R script of `--r`, run with R 4.2.2: the profiles by its own quadrature and uniroot
    assert (found["interval"]["name"], found["prediction"]["name"]) == ("profile-corrected", "profile-tau")
    assert [found["interval"][end] for end in ("low", "high")] == pytest.approx(CORRECTED, abs=1e-6)
    assert [found["prediction"][end] for end in ("low", "high")] == pytest.approx(NEW_STUDY, abs=1e-6)


@pytest.mark.parametrize(
    ("rows", "estimate", "interval"),
    [
        # 17/17: 0.025**(1/17) = 0.8049; 0/30: 1 - 0.025**(1/30) = 0.1157
        ("s,3,3\nt,5,5\nu,9,9\n", 1.0, (0.80494, 1.0)),
        ("s,0,10\nt,0,20\n", 0.0, (0.0, 0.11570)),
        # scipy.stats.binomtest(4, 9).proportion_ci(): 0.13700, 0.78799
        ("s,4,9\n", 4 / 9, (0.13700, 0.78799)),
        ("s,0,1\nt,1,1\nu,1,1\n", 2 / 3, (0.09430, 0.99160)),
        # each study is one observation: the exact interval of 1 of 2
        ("s,0,10\nt,10,10\n", 0.5, (0.01258, 0.98742)),
    ],
)
def test_at_a_boundary_the_exact_interval_answers_and_says_so(
    monkeypatch, tmp_path, rows, estimate, interval
):
    found = pooled(monkeypatch, "--csv", table(tmp_path, "label,events,total\n" + rows))

    assert found["estimate"]["natural"] == pytest.approx(estimate)
    assert (found["interval"]["low"], found["interval"]["high"]) == pytest.approx(interval, abs=1e-5)
    assert found["interval"]["name"].startswith("exact")
    assert found["tau2"]["value"] is None
    assert found["notes"]


@pytest.mark.parametrize("model", ["glmm", "common", "beta-binomial", "bayes", "iv", "bayes-normal"])
@pytest.mark.parametrize(
    "rows",
    [
        "s,3,3\nt,5,5\n",
        "s,0,3\nt,0,50\n",
        "s,4,9\n",
        "s,0,1\n",
        "s,1,1\nt,0,1\n",
        "s,4,8\nt,4,8\nu,4,8\n",
        "s,500000,1000000\nt,400000,1000000\n",
        "s,0,1000000\nt,1000000,1000000\n",
        "s,0,12\nt,12,12\n",
        "s,1,63\nt,62,63\nu,5,10\n",
    ],
)
def test_no_model_refuses_or_talks_nonsense_on_edge_data(monkeypatch, tmp_path, model, rows):
    found = pooled(monkeypatch, "--csv", table(tmp_path, "label,events,total\n" + rows), "--model", model)

    low, high = found["interval"]["low"], found["interval"]["high"]
    assert 0 <= low <= found["estimate"]["natural"] <= high <= 1
    assert low < high
    tau2 = found["tau2"]["value"]
    assert tau2 is None or tau2 >= 0


def test_two_arms_are_pooled_by_the_names_that_r_users_know(monkeypatch, tmp_path):
    path = table(tmp_path, BCG.replace("tpos", "events_1").replace("cpos", "events_2"))
    mantel = pooled(monkeypatch, "--csv", path, "--model", "mantel-haenszel", "--measure", "OR")
    exact = pooled(monkeypatch, "--csv", path)

    # by hand: sum(a d / N) / sum(b c / N) over the four tables
    tables = [(4, 119, 11, 128), (6, 300, 29, 274), (3, 228, 11, 209), (62, 13536, 248, 12619)]
    above = sum(a * d / (a + b + c + d) for a, b, c, d in tables)
    below = sum(b * c / (a + b + c + d) for a, b, c, d in tables)
    assert mantel["estimate"]["natural"] == pytest.approx(above / below)
    assert exact["model"]["name"] == "glmm-conditional"
    assert exact["estimate"]["natural"] == pytest.approx(mantel["estimate"]["natural"], rel=0.01)
    assert [one["events_2"] for one in exact["studies"]] == [11, 29, 11, 248]


def test_effects_with_standard_errors_and_survival_fractions_are_read(monkeypatch, tmp_path):
    effects = pooled(
        monkeypatch,
        "--csv",
        table(tmp_path, "study,yi,sei\nA,0.2,0.1\nB,0.5,0.2\n"),
        "--tau2",
        "EE",
        "--interval",
        "wald",
    )
    survival = pooled(
        monkeypatch,
        "--csv",
        table(tmp_path, "study,survival,at_risk\nA,0.75,6\nB,0.5,10\n", "survival.csv"),
    )

    # weights 100 and 25: (0.2 * 100 + 0.5 * 25) / 125 = 0.26, se = 125**-0.5
    assert effects["estimate"]["natural"] == pytest.approx(0.26)
    assert effects["estimate"]["se"] == pytest.approx(125**-0.5)
    assert 0.5 < survival["estimate"]["natural"] < 0.75


def test_what_must_not_be_pooled_is_refused_until_it_is_set_aside_by_name(monkeypatch):
    strict = pooled(monkeypatch, "salvage_response")
    wider = pooled(monkeypatch, "salvage_response", "--allow", "second_hand")

    refused = {one["study"]: one["rule"] for one in strict["left_out"]}
    assert refused["wang_2015:without_lymphoma"] == "overlap"
    assert refused["zhou_2023:all"] == "other_line"
    assert refused["behrens_2006:case"] == "second_hand"
    assert strict["overrides"] == []
    assert wider["k"] > strict["k"]
    assert any(one.startswith("second_hand") for one in wider["overrides"])
    assert any("second_hand" in one for one in wider["doubts"])


def test_where_nothing_may_be_pooled_the_table_is_the_answer_and_the_code_is_three(monkeypatch):
    done = hlh(monkeypatch, "pool", "salvage_response_tocilizumab")
    found = pooled(monkeypatch, "salvage_response_tocilizumab")

    assert done.code == 3
    assert "Nothing may be pooled" in done.out
    assert "0/8" in done.out
    assert found["estimate"]["natural"] is None
    # 1 - 0.025 ** (1 / 8), the exact upper limit of 0 of 8
    assert found["left_out"][0]["high"] == pytest.approx(0.36942, abs=1e-5)


def test_arms_are_chosen_from_the_shelves_by_filters(monkeypatch):
    found = pooled(monkeypatch, "--where", "drug=ruxolitinib", "--where", "line=salvage")

    assert found["studies"]
    assert all("ruxolitinib" in one["treatment"].lower() for one in found["studies"])


def test_groups_and_the_order_of_years_come_from_columns(monkeypatch, tmp_path):
    found = pooled(monkeypatch, "--csv", table(tmp_path), "--subgroup", "kind", "--cumulative", "year")

    assert [(one["name"], one["fit"]["k"]) for one in found["subgroups"]["groups"]] == [("x", 4), ("y", 4)]
    assert [one["k"] for one in found["cumulative"]] == list(range(1, 9))
    assert found["cumulative"][-1]["estimate"] == pytest.approx(found["estimate"]["natural"])


def test_a_meta_regression_on_too_few_studies_is_refused_with_the_number_needed(monkeypatch, tmp_path):
    done = hlh(monkeypatch, "pool", "--csv", table(tmp_path), "--covariate", "year")

    assert done.code == 3
    assert "10 are needed" in done.err
    assert not done.out


def test_a_meta_regression_on_enough_studies_shows_its_coefficients(monkeypatch, tmp_path):
    rows = "".join(f"s{at},{at},{at + 8},{2000 + at}\n" for at in range(1, 13))
    found = pooled(
        monkeypatch, "--csv", table(tmp_path, "label,events,total,year\n" + rows), "--covariate", "year"
    )

    assert [one["name"] for one in found["regression"]["coefficients"]][1] == "year"
    assert found["regression"]["coefficients"][1]["estimate"] > 0


@pytest.mark.parametrize(("cell", "words"), [("high", "no number"), ("", "no number")])
def test_a_covariate_that_is_no_number_names_its_study_and_column(monkeypatch, tmp_path, cell, words):
    rows = "".join(f"s{at},{at},{at + 8},{cell if at == 3 else at}\n" for at in range(1, 13))
    done = hlh(
        monkeypatch,
        "pool",
        "--csv",
        table(tmp_path, "label,events,total,dose\n" + rows),
        "--covariate",
        "dose",
    )

    assert done.code == 2
    assert "column dose, s3" in done.err
    assert words in done.err


def test_inverse_variance_shows_the_influence_that_metafor_shows(monkeypatch, tmp_path):
    found = pooled(monkeypatch, "--csv", table(tmp_path), "--model", "iv")

    assert {"rstudent", "dffits", "cook_d", "hat", "tau2_del"} <= set(found["influence"][0])


def test_every_output_file_is_written_and_names_the_model(monkeypatch, tmp_path):
    forest, code = tmp_path / "forest.svg", tmp_path / "pool.R"
    done = hlh(
        monkeypatch,
        "pool",
        "salvage_response_dep_family",
        "--forest",
        forest,
        "--r",
        code,
        "--methods",
        "--certainty",
    )

    assert "Wang 2015" in forest.read_text(encoding="utf-8")
    assert "rma.glmm" in code.read_text(encoding="utf-8")
    assert "Clopper" in done.out or "likelihood" in done.out
    assert "to be judged" in done.out.lower()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["nowhere"], "there is no analysis"),
        (["salvage_response", "--where", "line=first"], "more than one place"),
        (["salvage_response", "--allow", "nothing"], "no rule"),
        (["salvage_response", "--allow", "overlap:"], "no study"),
        ([""], "there is no analysis"),
        (["--model", "iv"], "nothing to pool"),
        (["--forest", "a.svg"], "nothing to pool"),
        (["--studies", ","], "a name is empty"),
        (["--csv", "own.csv", "--r", "own.csv"], "the file of --csv"),
        (["--csv", "own.csv", "--r", "a.svg", "--forest", "a.svg"], "the file of --forest"),
        (["--csv", "own.csv", "--forest", "nowhere/a.svg"], "nothing can be written there"),
        (["--csv", "own.csv", "--json", "--methods"], "without --json"),
        (["--csv", "own.csv", "--tau2", "DL"], "glmm does not use it"),
        (["--csv", "own.csv", "--allow", "overlap"], "studies of the shelves"),
        (["--csv", "own.csv", "--model", "iv", "--threshold", "0.4"], "iv does not use it"),
        (["--csv", "own.csv", "--model", "bayes", "--prior", "half-normal(1e300)"], "no prior"),
        (["--csv", "/dev/zero"], "too large"),
        (["--where", "planet=mars"], "planet"),
        (["--csv", "absent.csv"], "absent.csv"),
        (["--csv", "own.csv", "--model", "magic"], "no model"),
        (["--csv", "own.csv", "--model", "peto"], "does not fit"),
        (["--csv", "own.csv", "--measure", "OR"], "does not take"),
        (["--csv", "own.csv", "--model", "iv", "--tau2", "XX"], "XX"),
        (["--csv", "own.csv", "--interval", "hk"], "no interval of glmm"),
        (
            ["--csv", "own.csv", "--model", "beta-binomial", "--interval", "hk"],
            "no interval of beta-binomial",
        ),
        (["--csv", "own.csv", "--level", "95"], "confidence level"),
        (["--csv", "own.csv", "--prior", "magic(1)"], "no prior"),
        (["--csv", "own.csv", "--subgroup", "moon"], "no column"),
        (["--csv", "own.csv", "--cumulative", "moon"], "no column"),
        (["--csv", "own.csv", "--forest", "forest.docx"], ".svg or .png"),
        (["--csv", "own.csv", "--threshold", "2", "--model", "bayes"], "threshold"),
    ],
)
def test_wrong_input_is_told_in_prose_and_writes_nothing(monkeypatch, tmp_path, arguments, words):
    table(tmp_path)
    monkeypatch.chdir(tmp_path)
    done = hlh(monkeypatch, "pool", *arguments)

    assert done.code == 2
    assert words in done.err
    assert "Traceback" not in done.err
    assert not done.out
    assert [one.name for one in tmp_path.iterdir()] == ["own.csv"]


def test_an_interval_that_is_not_about_the_estimate_says_so(monkeypatch, tmp_path):
    path = table(tmp_path, "label,events,total\nA,90,1000\nB,3,4\nC,4,5\nD,6,7\n")
    done = hlh(monkeypatch, "pool", "--csv", path, "--interval", "exact")

    assert "the interval is not about this number" in done.out


def test_a_backend_of_a_notebook_does_not_stop_the_figure(monkeypatch, tmp_path):
    monkeypatch.setenv("MPLBACKEND", "module://matplotlib_inline.backend_inline")
    target = tmp_path / "forest.png"
    done = hlh(monkeypatch, "pool", "--csv", table(tmp_path), "--forest", target)

    assert done.code == 0
    assert target.read_bytes().startswith(b"\x89PNG")


def test_many_two_arm_studies_are_pooled_without_leaving_each_out_and_it_is_said(monkeypatch, tmp_path):
    rows = "".join(f"s{at},{at % 5},{20 + at},{at % 7},{25 + at}\n" for at in range(30))
    found = pooled(
        monkeypatch,
        "--csv",
        table(tmp_path, "study,events_1,total_1,events_2,total_2\n" + rows),
    )

    assert found["k"] == 30
    assert found["leave_one_out"] == []
    assert any("leaving one out is not done above 25 studies" in note for note in found["notes"])


def test_a_wrong_cell_is_named_with_file_row_and_column(monkeypatch, tmp_path):
    done = hlh(monkeypatch, "pool", "--csv", table(tmp_path, "label,events,total\na,3,5\nb,7,4\n"))

    assert done.code == 2
    assert "own.csv, row 3" in done.err


def test_the_help_names_every_model_and_every_interval_that_the_json_can_hold(monkeypatch, tmp_path):
    told = hlh(monkeypatch, "pool", "--help").out
    path = table(tmp_path)

    for model in ("glmm", "common", "beta-binomial", "bayes", "bayes-normal", "iv"):
        found = pooled(monkeypatch, "--csv", path, "--model", model)
        limits = [found["interval"], *found["other_intervals"], *found["predictions"]]
        names = {one["name"] for one in limits} | {model, found["model"]["measure"]}
        assert {name for name in names if f"  {name} " not in told} == set()


def test_the_other_models_stand_beside_the_answer(monkeypatch, tmp_path):
    few = pooled(monkeypatch, "--csv", table(tmp_path))
    every = pooled(monkeypatch, "--csv", table(tmp_path), "--sensitivity")

    assert {one["model"] for one in few["sensitivity"]} == {"common", "bayes", "iv"}
    assert {one["model"] for one in every["sensitivity"]} == {"common", "bayes", "iv", "beta-binomial"}
    assert len(every["sensitivity"]) == 8
