"""The shelves that ship: complete, consistent, in our own words, and true to the study table."""

import csv
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from openhlh.content.described import read_described
from openhlh.content.schemas import as_text, schemas
from openhlh.content.shelves import HERE, read
from openhlh.errors import MissingPart, WrongPage
from openhlh.journeys.check_content import check_content

LINES = {
    "first": {"first"},
    "salvage": {"refractory", "relapsed", "relapsed_or_refractory"},
    "mixed": {"mixed", "not_stated"},
}
COUNTS = {
    "cr_n": "complete",
    "pr_n": "partial",
    "improvement_n": "improvement",
    "nr_n": "none",
    "orr_n": "responders",
}
# What our page says otherwise than the table, each with its reason.
OTHERWISE = {
    ("X-HENTER02", "n_evaluable"),  # no response was evaluated in this row
    ("X-RTX-CHELL", "improvement_n"),
}


@pytest.fixture(scope="module")
def table(shared):
    with (shared / "data" / "published-studies.csv").open(newline="") as file:
        return {row["study_id"]: row for row in csv.DictReader(file)}


@pytest.fixture(scope="module")
def rows(shelves):
    return {arm.row: (study, arm) for study, arm in shelves.arms() if arm.row}


def test_nothing_on_the_shelves_fails_its_check():
    assert check_content()["findings"] == []


def test_every_row_of_the_study_table_is_an_arm(table, rows):
    assert len(table) == 102
    assert set(table) - set(rows) == set()


def test_every_row_keeps_its_line_of_therapy(table, rows):
    wrong = {
        name: (row["line"], rows[name][1].line)
        for name, row in table.items()
        if rows[name][1].line
        not in LINES[row["line"]] | ({"not_stated"} if row["line"] == "mixed" else set())
    }

    assert wrong == {}


def test_every_count_of_the_table_stands_on_its_page(table, rows):
    wrong = []
    for name, row in table.items():
        arm = rows[name][1]
        pairs = [("n_enrolled", arm.enrolled), ("n_evaluable", arm.evaluable)]
        pairs += [(column, getattr(arm.response, level)) for column, level in COUNTS.items() if arm.response]
        wrong += [
            (name, column, row[column], ours)
            for column, ours in pairs
            if row[column] and ours is not None and int(row[column]) != ours
        ]

    assert wrong == []


def test_deaths_of_the_table_stand_on_their_pages(table, rows):
    wrong = [
        (name, row["deaths_n"], rows[name][1].deaths)
        for name, row in table.items()
        if row["deaths_n"]
        and (rows[name][1].deaths is None or rows[name][1].deaths.n != int(row["deaths_n"]))
    ]

    assert wrong == []


def test_identifiers_are_those_of_the_table(table, rows, shelves):
    wrong = []
    for name, row in table.items():
        source = shelves.sources[rows[name][0].source]
        wrong += [(name, row["doi"], source.doi)] if row["doi"] and row["doi"] != source.doi else []
        wrong += [(name, row["pmid"], source.pmid)] if row["pmid"] and row["pmid"] != source.pmid else []

    assert wrong == []


def test_a_first_line_study_is_nowhere_called_refractory(shelves):
    first = [arm for _, arm in shelves.arms() if arm.line == "first"]

    assert first
    assert [
        arm.label
        for arm in first
        if re.search(r"\b(?<!nor )(?<!neither relapsed nor )(refractory|relapsed)\b(?! nor)", arm.label)
    ] == []


def test_the_ru_d_trial_carries_its_eight_patients(shelves):
    arm = shelves.studies["zhou_2023"].arms[0]

    assert [(p.best_response, p.survival_days, p.alive) for p in arm.patients] == [
        ("partial", 175, False),
        ("complete", 450, True),
        ("improvement", 141, False),
        ("complete", 332, False),
        ("complete", 425, True),
        ("partial", 20, False),
        ("complete", 415, True),
        ("none", 2, False),
    ]


def test_one_drug_has_one_identity(shelves):
    names = [name.lower() for drug in shelves.drugs.values() for name in drug.names]

    assert len(names) == len(set(names))
    assert {"NI-0501", "Gamifant"} <= set(shelves.drugs["emapalumab"].names)


def test_nothing_is_approved_that_nobody_approved(shelves):
    approved = [page for page in shelves.pages() if page.review.status == "approved"]

    assert [page.id for page in approved if not (page.review.by and page.review.on)] == []


def test_unverified_facts_say_so_wherever_they_are_shown(answerer):
    unverified = {
        name for name, page in answerer.shelves.definitions.items() if page.confidence == "unverified"
    }
    unverified |= {
        name for name, page in answerer.shelves.recommendations.items() if page.confidence == "unverified"
    }
    shown = [
        item
        for item in answerer.index.items
        if item.page and item.page.id in unverified and item.kind != "definition"
    ]
    rules = [item for item in answerer.index.items if item.id.removesuffix(".rule") in unverified]

    assert all("[unverified]" in item.text for item in [*shown, *rules])


def test_no_eight_words_in_a_row_are_those_of_a_source_document(shared):
    def runs(text):
        said = re.findall(r"[a-z0-9]+", text.lower())
        return {tuple(said[n : n + 8]) for n in range(len(said) - 7)}

    sources = set().union(*(runs(path.read_text()) for path in (shared / "sources").glob("*.txt")))
    copied = {
        path.name: " ".join(run)
        for path in HERE.rglob("*.yaml")
        if path.name not in {"everyday.yaml", "sources.yaml"}
        for run in runs(path.read_text()) & sources
        if sum(word.isdigit() for word in run) < 3  # runs of figures are facts, not sentences
    }

    assert copied == {}


@pytest.mark.parametrize("name", sorted(schemas()))
def test_schema_files_do_not_drift_from_the_models(name):
    assert (HERE / "schemas" / name).read_text() == as_text(schemas()[name]), "run `make schemas`"


def test_an_editor_finds_the_schema_of_every_kind_of_page():
    settings = json.loads((Path(__file__).parent.parent / ".vscode" / "settings.json").read_text())
    named = {Path(name).name for name in settings["yaml.schemas"]}

    assert set(schemas()) - named <= {"notices.schema.json", "everyday.schema.json"}


def test_a_page_whose_id_is_not_its_file_name_is_refused(copy_of_shelves):
    page = copy_of_shelves / "studies" / "wang_2015.yaml"
    page.rename(page.with_name("wang_2016.yaml"))

    with pytest.raises(WrongPage, match=r"name the file wang_2015\.yaml"):
        read(copy_of_shelves)


def test_answers_read_of_a_definition_what_its_whole_page_says():
    told, whole = read_described(HERE), read(HERE)

    assert list(told.definitions) == list(whole.definitions)
    for key, page in told.definitions.items():
        assert page.model_dump() == whole.definitions[key].model_dump(exclude={"logic", "cases"})
    assert told.version == whole.version


def test_answers_do_not_wait_for_what_definitions_execute():
    loaded = "import sys, openhlh.journeys.ask; print([one for one in sys.modules if 'openhlh.rules' in one])"
    said = subprocess.run([sys.executable, "-c", loaded], capture_output=True, text=True, check=True)

    assert said.stdout.strip() == "[]"


def test_a_folder_without_shelves_is_a_missing_part(tmp_path):
    with pytest.raises(MissingPart):
        read(tmp_path)


@pytest.mark.parametrize(
    ("page", "old", "new", "said"),
    [
        ("studies/wang_2015.yaml", "regimen: dep\n", "regimen: depp\n", "regimen `depp`"),
        (
            "studies/wang_2015.yaml",
            "definition: response_wang_2015",
            "definition: response_wang",
            "definition",
        ),
        ("studies/wang_2015.yaml", "      complete: 17\n", "      complete: 18\n", "add up to 64"),
        ("studies/zhou_2023.yaml", '{complete: "50", ', '{complete: "51", ', "printed 51 %"),
        ("studies/zhou_2023.yaml", "alive: 6, of: 8", "alive: 9, of: 8", "9 of 8"),
        ("studies/zhou_2023.yaml", "survival_days: 450}", "survival_days: 450, cause_of_death: x}", None),
        ("studies/zhou_2023.yaml", "row: S003-RUD-LAHS", "row: S003-RUD", "row `S003-RUD` stands twice"),
        ("studies/zhou_2023.yaml", "  - id: lymphoma\n", "  - id: all\n", "arm `all` stands twice"),
        ("genes.yaml", "source: hlh_genes_table", "source: hlh_gene_tables", "source `hlh_gene_tables`"),
        ("gaps.yaml", "drugs: [daclizumab", "drugs: [daclizumabb", "drug `daclizumabb`"),
        (
            "cautions/live_vaccine.yaml",
            "sources: [gamifant_label]",
            "sources: [gamifant]",
            "source `gamifant`",
        ),
        ("regimens/dep.yaml", "drug: etoposide", "drug: etopside", "drug `etopside`"),
    ],
)
def test_the_check_finds_what_does_not_hold(copy_of_shelves, page, old, new, said):
    path = copy_of_shelves / page
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))

    findings = check_content(copy_of_shelves)["findings"]

    assert (findings == []) if said is None else any(said in one["what"] for one in findings)
