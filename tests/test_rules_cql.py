"""The third witness: rules exported to CQL, run by other people's translator and engine, beside the plain engine."""

import json
import subprocess
from collections import Counter, defaultdict
from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import groupby
from pathlib import Path

import pytest
from pydantic import ValidationError

from openhlh.content.shelves import HERE, read
from openhlh.content.vocabulary_of_facts import as_analytes
from openhlh.definitions.book import Book
from openhlh.errors import WrongInput
from openhlh.patients.values import facts_of
from openhlh.rules import tree
from openhlh.rules.cql import Graded, as_cql
from openhlh.rules.cql_facts import decimal
from openhlh.rules.facts import Facts, Measurement, Moment, Person, Seen
from openhlh.rules.plain import Plain
from openhlh.rules.verdicts import Verdict
from tests.rule_vectors import ANALYTES, vectors

ROOT = Path(__file__).parent.parent
OPEN = ((None, None), (None, None))
ON = date(2024, 6, 30)
BASELINE = date(2024, 6, 2)


def parameters(facts, moment):
    """Return the parameters of an exported library as JSON values."""

    def day(value):
        return value and value.isoformat()

    def number(value):
        return None if value is None else float(value)

    numbers = ("value", "low", "high", "cutoff")
    return {
        "Moment": {"on": day(moment.on), "baseline": day(moment.baseline)},
        "Measurements": [
            {key: getattr(one, key) for key in ("analyte", "comparator", "unit", "flag", "status")}
            | {key: number(getattr(one, key)) for key in numbers}
            | {"dated": day(one.on)}
            for one in facts.measurements
        ],
        "Findings": [
            {"finding": one.finding, "dated": day(one.on), "present": one.present} for one in facts.findings
        ],
        "Exposures": [
            {"exposure": one.exposure, "started": day(one.start), "ended": day(one.end), "given": one.given}
            for one in facts.exposures
        ],
        "Person": {
            "bornEarliest": day(facts.person.born_earliest),
            "bornLatest": day(facts.person.born_latest),
        },
    }


def witness(libraries, folder):
    """Run libraries (CQL text, patients) in node; return the defines of each library for each patient."""
    given, answered = folder / "libraries.json", folder / "answers.json"
    given.write_text(json.dumps([{"cql": text, "patients": patients} for text, patients in libraries]))
    node = ["node", "--max-semi-space-size=128", ROOT / "tests/cql/run.mjs"]
    subprocess.run([*node, given, answered], check=True, timeout=300)
    answers = json.loads(answered.read_text())
    for (text, patients), answer in zip(libraries, answers, strict=True):
        assert not answer["errors"], (text.splitlines()[0], answer["errors"])
        assert len(answer["results"]) == len(patients)
    return [answer["results"] for answer in answers]


def verdicts_of(node, patients, folder, windows=OPEN):
    """Return what the witness says of one rule about several patients (facts, moment)."""
    text = as_cql(tree.RULE.validate_python(node), "one_rule", "1", ANALYTES, windows)
    (results,) = witness([(text, [parameters(facts, moment) for facts, moment in patients])], folder)
    return [result["Verdict"] for result in results]


def ferritin(value, unit="ug/L", comparator="", **more):
    number = None if value is None else Decimal(value)
    row = Measurement("ferritin", number, unit, ON, comparator=comparator, **more)
    return Facts(Person("p"), (row,)), Moment(ON)


def said(result, name):
    """Return what the library says of one line, as a verdict."""
    if result.get(f"{name} applies") is False or result.get(f"{name} in band") is False:
        return Verdict.NOT_APPLICABLE
    return {True: Verdict.MET, False: Verdict.NOT_MET, None: Verdict.UNKNOWN}[result[name]]


def lines(judged, moment, then=False):
    """Yield every judged line with whether it was judged at the baseline; none where there is no baseline."""
    yield judged, then
    for number, inside in enumerate(judged.inside):
        back = isinstance(judged.rule, tree.AtBaseline) or (
            isinstance(judged.rule, tree.Normalised) and number == 0
        )
        if not back or moment.baseline:
            yield from lines(inside, moment, then or back)


BOUNDS = {
    tree.AtLeast: ("met", "possible"),
    tree.Score: ("lowest", "highest"),
    tree.ScoreItem: ("lowest", "highest"),
}


def disagreements(judged, moment, result):
    """Return the lines of which the witness says something else: verdicts, bounds, and the whole."""
    if result["Verdict"] != judged.verdict:
        yield "Verdict", judged.verdict, result["Verdict"]
    for line, then in lines(judged, moment):
        name = line.rule.id + (" at baseline" if then else "")
        ends = zip(BOUNDS.get(type(line.rule), ()), (line.lower, line.upper), strict=False)
        yield from (
            (f"{name} {end}", expected, result[f"{name} {end}"])
            for end, expected in ends
            if result[f"{name} {end}"] != expected
        )
        if not isinstance(line.rule, tree.ScoreItem) and said(result, name) != line.verdict:
            yield name, line.ruling, said(result, name)


def exported(group, at):
    """Return the library of the rule that a group of vectors shares."""
    rule, _, moment = group[0]
    return as_cql(rule, f"vector_{at}", "1", ANALYTES, (moment.window, moment.baseline_window))


def test_the_witness_agrees_on_every_line_of_every_vector(tmp_path):
    cases = [list(group) for _, group in groupby(vectors(2024, 1200), key=lambda one: id(one[0]))]
    libraries = [
        (exported(group, at), [parameters(facts, moment) for _, facts, moment in group])
        for at, group in enumerate(cases)
    ]
    for group, results in zip(cases, witness(libraries, tmp_path), strict=True):
        for (rule, facts, moment), result in zip(group, results, strict=True):
            found = list(disagreements(Plain(ANALYTES, facts, moment).judge(rule), moment, result))
            assert not found, f"{found}\n{json.dumps(tree.as_tree(rule))}\n{facts}\n{moment}"


def test_the_vectors_reach_every_kind_and_every_verdict_of_it():
    seen = Counter(
        (type(line.rule).__name__, line.verdict)
        for rule, facts, moment in vectors(2024, 1200)
        for line, _ in lines(Plain(ANALYTES, facts, moment).judge(rule), moment)
    )
    for kind, model in tree.KINDS.items():
        found = {verdict for name, verdict in seen if name == model.__name__}
        assert kind == "definition" or {Verdict.MET, Verdict.NOT_MET, Verdict.UNKNOWN} <= found, kind
    for name in ("All", "Any_", "Not", "AtLeast", "AppliesIf", "Change", "Normalised", "AtBaseline"):
        assert seen[name, Verdict.NOT_APPLICABLE], name


def test_the_same_seed_gives_the_same_vectors():
    first, second = (list(vectors(7, 40)) for _ in range(2))
    assert first == second
    assert first != list(vectors(8, 40))


@pytest.fixture(scope="module")
def book():
    shelves = read(HERE)
    return Book(shelves.definitions, as_analytes(shelves.fact_names.analytes)), shelves.fact_names


def library_of(bound, analytes):
    """Return the CQL of a shipped definition."""
    logic = bound.page.logic
    windows = tuple((window.start, window.end) for window in (logic.window, logic.baseline_window))
    levels = tuple((level.id, rule) for level, rule in bound.levels)
    return as_cql(
        bound.rule or Graded(levels, logic.else_level or "none"), bound.page.id, "1", analytes, windows
    )


def test_every_worked_case_of_every_shipped_page_holds_in_cql(book, tmp_path):
    pages, names = book
    patients, cases = defaultdict(list), defaultdict(list)
    for key, page in pages.pages.items():
        for case in page.cases:
            text = library_of(pages.bound(key, case.set), pages.analytes)
            before = None if case.baseline is None else (case.baseline, BASELINE)
            facts = facts_of(case.facts, names, on=ON, baseline=before)
            patients[text].append(parameters(facts, Moment(ON, before and BASELINE)))
            cases[text].append((key, case))
    assert cases
    for of_page, results in zip(cases.values(), witness(list(patients.items()), tmp_path), strict=True):
        for (key, case), result in zip(of_page, results, strict=True):
            expected, told = (
                (case.level, result["Level"]) if case.level else (case.verdict, result["Verdict"])
            )
            assert told == expected, f"{key}: {case.name}"


def test_a_limit_holds_in_each_unit_one_step_below_at_and_above_it(tmp_path):
    # 500 ug/L is 500/0.445 = 1123.595505617977... pmol/L, which no decimal of eight places can be
    values = ["499.9", "500", "500.1"]
    patients = [ferritin(value) for value in values]
    patients += [
        ferritin(value, "pmol/L") for value in ("1123.5955", "1123.59550561", "1123.59550562", "1123.6")
    ]
    patients += [ferritin("1123.59550561", "pmol/L", ">"), ferritin("1123.59550562", "pmol/L", "<")]
    told = verdicts_of({"measure": "ferritin", "at_least": "500 ug/L"}, patients, tmp_path)
    assert told[:3] == ["not_met", "met", "met"]
    assert told[3:7] == ["not_met", "not_met", "met", "met"]
    assert told[7:] == ["unknown", "unknown"]


def test_what_is_missing_is_unknown_and_never_not_met(tmp_path):
    patients = [
        (Facts(Person("p")), Moment(ON)),
        ferritin(None, None, status="pending"),
        ferritin(None, None, status="not_done"),
        ferritin("400", status="implausible"),
        ferritin("400", None, status="unit_unknown"),
        ferritin("400", "mmol/L"),
        ferritin("400", comparator=">"),
        ferritin("400", comparator="<"),
    ]
    told = verdicts_of({"measure": "ferritin", "at_least": "500 ug/L"}, patients, tmp_path)
    assert told == ["unknown"] * 7 + ["not_met"]


def test_a_count_is_given_as_soon_as_both_of_its_ends_agree(tmp_path):
    rule = {"id": "count", "at_least": 2, "of": [{"finding": name} for name in ("fever", "rash", "cough")]}
    told = {"fever": (True, True, "met"), "rash": (True, None, "unknown"), "cough": (False, False, "not_met")}
    patients = [
        (Facts(Person("p"), findings=(Seen("fever", one, ON), Seen("rash", other, ON))), Moment(ON))
        for one, other, _ in told.values()
    ]
    assert verdicts_of(rule, patients, tmp_path) == [expected for _, _, expected in told.values()]


def test_a_line_that_does_not_apply_is_left_out_and_not_met_by_no_one(tmp_path):
    young = {"applies_if": {"finding": "fever"}, "then": {"finding": "rash"}}
    facts = Facts(Person("p"), findings=(Seen("fever", False, ON), Seen("cough", True, ON)))
    for rule, expected in (
        (young, "not_applicable"),
        ({"all": [young, {"finding": "cough"}]}, "met"),
        ({"any": [young]}, "not_applicable"),
        ({"at_least": 2, "of": [young, {"finding": "cough"}]}, "not_met"),
    ):
        assert verdicts_of(rule, [(facts, Moment(ON))], tmp_path) == [expected]


def test_levels_stay_open_until_one_is_certain(tmp_path):
    levels = tuple((name, tree.RULE.validate_python({"finding": name.lower()})) for name in ("CR", "PR"))
    text = as_cql(Graded(levels, "NR"), "response", "1", ANALYTES, OPEN)
    answers = [(True, None), (None, True), (False, True), (False, False), (False, None)]
    patients = [
        parameters(Facts(Person("p"), findings=(Seen("cr", first, ON), Seen("pr", second, ON))), Moment(ON))
        for first, second in answers
    ]
    (results,) = witness([(text, patients)], tmp_path)
    assert [result["Level"] for result in results] == ["CR", None, "PR", "NR", None]
    assert [result["Possible levels"] for result in results] == [
        ["CR"],
        ["CR", "PR"],
        ["PR"],
        ["NR"],
        ["PR", "NR"],
    ]
    assert [result["Verdict"] for result in results] == ["met", "unknown", "met", "not_met", "unknown"]


def test_a_derived_value_is_refused_where_one_day_is_picked():
    recipe = {"product": ["leukocytes", "neutrophil_percent"], "times": "0.01"}
    rule = {"measure": "neutrophils", "below": "500 /uL", "pick": "first", "or_derived": recipe}
    with pytest.raises(ValidationError, match="or_derived needs pick worst"):
        tree.RULE.validate_python(rule)


def test_the_library_reads_like_its_page(book):
    pages, _ = book
    text = library_of(pages.bound("hlh_2004"), pages.analytes)
    assert text.startswith("library hlh_2004 version '1'\n")
    assert (
        "// Ferritin high (published copies of the criteria table)\n// at_least 500 ug/L; measure ferritin\n"
        in text
    )
    assert "when M.unit in { 'ug/L', 'ng/mL' } then" in text
    for line in (
        "fever",
        "splenomegaly",
        "cytopenia",
        "hemophagocytosis",
        "nk_activity",
        "ferritin",
        "scd25",
    ):
        assert f'define "{line}":' in text


@pytest.mark.parametrize(
    ("node", "named"),
    [
        ({"all": [{"definition": "hlh_2004"}]}, "`definition`"),
        ({"measure": "ferritin", "at_least": {"parameter": "limit"}}, "the parameter `limit`"),
        ({"measure": "unheard_of", "at_least": "5 g/L"}, "unheard_of"),
        ({"change": "ast", "at_least_times": "2", "baseline": {"at_most": "3 ULN"}}, "change of ast"),
    ],
)
def test_what_cannot_be_exported_is_an_error_that_names_it(node, named):
    with pytest.raises(WrongInput, match=named):
        as_cql(tree.RULE.validate_python(node), "rule", "1", ANALYTES, OPEN)


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        (Fraction(0), "0.0"),
        (Fraction(1, 10**8), "0.00000001"),
        (Fraction(-1013, 10), "-101.3"),
        (Fraction(10**9), "1000000000.0"),
    ],
)
def test_decimals_are_written_out(number, shown):
    assert decimal(number) == shown


def test_without_npm_the_installer_says_what_is_missing(tmp_path):
    for tool in ("sh", "dirname"):
        (tmp_path / tool).symlink_to(Path("/usr/bin") / tool)
    done = subprocess.run(
        ["sh", ROOT / "bin/install-cql"],
        env={"PATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "node (20 or later) with npm is missing" in done.stderr


def test_the_lock_file_pins_every_package_and_names_no_host():
    lock = json.loads((ROOT / "tests/cql/package-lock.json").read_text())
    packages = {key: one for key, one in lock["packages"].items() if key}
    assert packages
    assert all(one["integrity"].startswith("sha512-") and "resolved" not in one for one in packages.values())
