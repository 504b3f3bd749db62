"""References for other programs, read back by the same kind of program."""

import json

import bibtexparser
import pytest
import rispy

from openhlh.journeys.ask import ask
from openhlh.literature.records import as_bibtex, as_csl_json, as_ris


@pytest.fixture(scope="module")
def references():
    return ask("What are the treatment options for refractory HLH?").answer.contract()["references"]


def test_bibtex_is_read_back_whole(references):
    library = bibtexparser.parse_string(as_bibtex(references))

    assert not library.failed_blocks
    assert {entry.key for entry in library.entries} == {one["key"] for one in references}
    wang = next(entry for entry in library.entries if entry.key == "wang_2015")
    assert wang["year"] == "2015"


def test_ris_is_read_back_whole(references):
    entries = rispy.loads(as_ris(references))

    assert {entry["id"] for entry in entries} == {one["key"] for one in references}
    assert next(e for e in entries if e["id"] == "locatelli_2020")["doi"] == "10.1056/NEJMoa1911326"


def test_csl_json_carries_names_years_and_identifiers(references):
    items = {item["id"]: item for item in json.loads(as_csl_json(references))}

    assert items["zhou_2023"]["author"] == [{"family": "Zhou", "given": "D"}]
    assert items["zhou_2023"]["issued"] == {"date-parts": [[2023]]}
    assert items["locatelli_2020"]["PMID"] == "32374962"
